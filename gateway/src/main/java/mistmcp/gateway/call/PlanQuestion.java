package mistmcp.gateway.call;

import java.util.ArrayList;
import java.util.List;
import mistmcp.gateway.change.Plan;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;

/// The form in which a person at an MCP client is asked to approve one plan: the difference to read, and the
/// phrase to type.
final class PlanQuestion {
    static final String PHRASE = "phrase";

    private static final int MAX_LINES = 40;
    private static final int MAX_VALUE = 160;

    private PlanQuestion() {}

    /// The params of `elicitation/create`, the same in every revision.
    static RawJson of(Plan plan) {
        var phrase = JsonObject.of(
                "type", "string",
                "title", "Phrase",
                "description", "Type `" + shown(plan.phrase()) + "` to approve this change");
        return RawJson.of(JsonObject.of(
                "message",
                message(plan),
                "requestedSchema",
                JsonObject.of(
                        "type",
                        "object",
                        "properties",
                        JsonObject.of(PHRASE, phrase),
                        "required",
                        JsonArray.of(PHRASE))));
    }

    private static String message(Plan plan) {
        var lines = new ArrayList<String>();
        lines.add("Approve this change? Plan " + plan.id() + ", tool " + plan.tool() + ".");
        var preview = plan.preview();
        section(
                lines,
                "Target",
                preview.array("targets").orElse(JsonArray.EMPTY).objects().stream()
                        .map(PlanQuestion::target)
                        .toList());
        section(
                lines,
                "Change",
                preview.array("diff").orElse(JsonArray.EMPTY).objects().stream()
                        .map(PlanQuestion::difference)
                        .toList());
        preview.object("impact")
                .flatMap(impact -> impact.string("summary"))
                .ifPresent(text -> lines.add("Impact: " + shown(text)));
        section(
                lines,
                "Warning",
                preview.array("warnings").orElse(JsonArray.EMPTY).strings().stream()
                        .map(PlanQuestion::shown)
                        .toList());
        lines.add("Type `" + shown(plan.phrase()) + "` to approve exactly this, until " + plan.expiresAt()
                + ". Nothing has been changed yet. The plan's page: " + plan.url());
        return String.join("\n", lines);
    }

    private static void section(List<String> lines, String name, List<String> entries) {
        entries.stream().limit(MAX_LINES).forEach(entry -> lines.add(name + ": " + entry));
        if (entries.size() > MAX_LINES) {
            lines.add(name + ": " + (entries.size() - MAX_LINES) + " more, on the plan's page");
        }
    }

    private static String target(JsonObject target) {
        var name = target.string("name").or(() -> target.string("id")).orElse("");
        var site = target.string("siteName").map(text -> " at " + text).orElse("");
        return shown(target.string("kind").orElse("") + " " + name + site);
    }

    private static String difference(JsonObject change) {
        return shown(change.string("op").orElse("")
                + " " + change.string("path").orElse("")
                + change.get("from").map(value -> ": " + text(value)).orElse("")
                + change.get("to").map(value -> " -> " + text(value)).orElse(""));
    }

    private static String text(JsonValue value) {
        var text = value instanceof JsonString string ? string.value() : Json.text(value);
        return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "...";
    }

    /// One line: names in the network are written by strangers.
    private static String shown(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", " ");
    }
}
