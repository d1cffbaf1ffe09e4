package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Writes a plan for people: what would change, and how it is approved.
final class PlanText {
    private static final int MAX_LINES = 20;
    private static final int MAX_TARGETS = 5;

    private PlanText() {}

    static String of(JsonObject plan) {
        if (plan.bool("alreadySo").orElse(false)) {
            return "Nothing to change: it is already so. No plan was made, and nothing has been sent.";
        }
        var lines = new ArrayList<String>();
        var changes = plan.array("diff").orElse(JsonArray.EMPTY).objects();
        for (int at = 0; at < changes.size(); at++) {
            lines.add(change(plan, changes.get(at), "/diff/" + at));
        }
        var shown = lines.size() > MAX_LINES ? lines.subList(0, MAX_LINES) : lines;
        var text = new StringBuilder("This is a dry run: **nothing has been changed.** ");
        var all = plan.array("targets").orElse(JsonArray.EMPTY).objects();
        var targets = all.stream().limit(MAX_TARGETS).map(PlanText::target).toList();
        var deeds = plan.array("requests").orElse(JsonArray.EMPTY).objects().stream()
                .limit(5)
                .flatMap(request -> request.string("summary").stream())
                .map(Shown::plain)
                .toList();
        if (!deeds.isEmpty()) {
            text.append("It would: ").append(String.join("; ", deeds)).append(". ");
        }
        var more = total(plan, "/targets", all.size()) - targets.size();
        text.append(targets.isEmpty() ? "The plan" : "The plan for " + String.join(", ", targets))
                .append(more > 0 ? " and " + more + " more:" : ":");
        text.append("\n\n```\n");
        text.append(shown.isEmpty() ? "no difference" : String.join("\n", shown));
        text.append("\n```\n");
        if (lines.size() > shown.size()) {
            text.append(shown.size()).append(" of ").append(lines.size()).append(" differences.\n");
        }
        for (var warning : plan.array("warnings").orElse(JsonArray.EMPTY)) {
            text.append("\n- Warning: ").append(Shown.name(words(warning)));
        }
        text.append("\nApprove it at ").append(plan.string("url").orElse("its page"));
        plan.string("phrase").ifPresent(phrase -> text.append(" by typing ").append(Shown.name(phrase)));
        plan.string("expiresAt").ifPresent(end -> text.append(", until ").append(seconds(end)));
        return text.append(" (level `")
                .append(plan.string("level").orElse("page"))
                .append("`, plan `")
                .append(plan.string("id").orElse("?"))
                .append("`).")
                .toString();
    }

    /// How many entries a list of a plan has, which may have been cut for a reader with little room.
    private static long total(JsonObject plan, String at, int shown) {
        return plan.array("cut").orElse(JsonArray.EMPTY).objects().stream()
                .filter(cut -> cut.string("at").filter(at::equals).isPresent())
                .flatMap(cut -> cut.integer("total").stream())
                .findFirst()
                .orElse((long) shown);
    }

    private static String target(JsonObject target) {
        var name = target.string("name").or(() -> target.string("id")).orElse("?");
        var site = target.string("siteName").filter(at -> !at.equals(name));
        return Shown.name(name) + site.map(at -> " at " + Shown.name(at)).orElse("");
    }

    private static String seconds(String instant) {
        return instant.replaceFirst("\\.[0-9]+Z$", "Z");
    }

    private static String change(JsonObject plan, JsonObject change, String at) {
        var path = path(change.string("path").orElse(""));
        var from = change.get("from")
                .map(value -> words(plan, value, at + "/from"))
                .orElse("");
        var to = change.get("to").map(value -> words(plan, value, at + "/to")).orElse("");
        return switch (change.string("op").orElse("")) {
            case "add" -> "+ " + path + ": " + to;
            case "remove" -> "- " + path + ": " + from;
            default -> "~ " + path + ": " + from + " -> " + to;
        };
    }

    /// A JSON Pointer as people read it: `port_config > ge-0/0/1 > usage`.
    private static String path(String pointer) {
        var steps = pointer.substring(pointer.startsWith("/") ? 1 : 0).split("/", -1);
        return Shown.plain(String.join(
                " > ",
                java.util.Arrays.stream(steps)
                        .map(step -> step.replace("~1", "/").replace("~0", "~"))
                        .toList()));
    }

    private static String words(JsonObject plan, JsonValue value, String at) {
        return value instanceof JsonArray array && array.size() > 3
                ? total(plan, at, array.size()) + " entries"
                : words(value);
    }

    private static String words(JsonValue value) {
        var text = switch (value) {
            case JsonString string -> string.value();
            case JsonArray array when array.isEmpty() -> "none";
            case JsonObject object
            when object.string("message").isPresent() ->
                object.string("message").orElseThrow();
            default -> Json.text(value);
        };
        return Shown.plain(text.length() > 160 ? text.substring(0, 159) + "…" : text);
    }
}
