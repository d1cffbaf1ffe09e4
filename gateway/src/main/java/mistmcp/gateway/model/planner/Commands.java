package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.gateway.model.ModelTool;
import mistmcp.gateway.model.Reply;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// The slash commands: the same with every model, and nothing to guess.
final class Commands {
    private static final String HELP = """
            Commands:

            - `/whoami` who you are here
            - `/sites` the sites that you can see
            - `/tools [words]` the tools, and what each is to you now
            - `/why TOOL` the rule that decides about a tool for you
            - `/call TOOL {"argument": "value"}` calls a tool; a change makes a plan only
            - `/plan [ID]` where a plan stands
            - `/discard ID` how to drop a plan
            - `/audit` where your records are
            - `/model` who answers
            - `/planner MESSAGE` asks the built-in planner""";

    private final Turn turn;
    private final String label;

    Commands(Turn turn, String label) {
        this.turn = turn;
        this.label = label;
    }

    Reply run(String message) throws InterruptedException {
        var parts = message.split("\\s+", 2);
        var rest = parts.length > 1 ? parts[1].strip() : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "/help" -> turn.says(HELP);
            case "/whoami" -> whoami();
            case "/sites" -> sites();
            case "/tools" -> tools(rest);
            case "/why" -> why(rest);
            case "/call" -> call(rest);
            case "/plan" -> plan(rest);
            case "/discard" ->
                turn.says("A plan is dropped on its page, by the person signed in there; left alone, it ends by itself"
                        + " ten minutes after it was made. Nothing was called.");
            case "/audit" -> turn.says("Your records are on the page `/audit`; there they can be filtered.");
            case "/model" -> turn.says(label);
            default -> turn.says("There is no command `" + Shown.plain(parts[0]) + "`.\n\n" + HELP);
        };
    }

    private Reply whoami() throws InterruptedException {
        var doc = about("identity");
        if (doc.isPresent()) {
            return turn.call(doc.get(), JsonObject.EMPTY, List.of());
        }
        var who = turn.ask().who();
        return turn.says(Shown.result(JsonObject.of(
                "name", who.name(), "role", who.role(), "sites", who.sites(), "writeEnabled", who.writeEnabled())));
    }

    private Reply sites() throws InterruptedException {
        var doc = about("site");
        return doc.isPresent()
                ? turn.call(doc.get(), JsonObject.EMPTY, List.of())
                : turn.says("There is no tool that lists sites.");
    }

    /// The first open read tool about something that needs no argument; the gateway's own first.
    private Optional<ToolDoc> about(String head) {
        return turn.catalogue().docs().stream()
                .filter(doc -> doc.head().equals(Optional.of(head)))
                .filter(doc -> !doc.tool().write()
                        && doc.tool().denied().isEmpty()
                        && doc.required().isEmpty())
                .min(java.util.Comparator.comparingInt(doc -> doc.tool().name().endsWith("_gateway") ? 0 : 1));
    }

    private Reply tools(String words) {
        var docs = new ArrayList<>(turn.catalogue().docs());
        if (!words.isBlank()) {
            var scores = turn.catalogue()
                    .scores(turn.read(words).words().map(Piece.Word::concept).toList());
            docs.removeIf(doc -> !scores.containsKey(doc));
            docs.sort(java.util.Comparator.comparingDouble(doc -> -scores.getOrDefault(doc, 0.0)));
        }
        var rows = docs.stream()
                .map(doc -> JsonObject.of(
                        "tool", doc.tool().name(),
                        "kind", doc.tool().write() ? "change" : "read",
                        "for you",
                                doc.tool()
                                        .denied()
                                        .map(denied -> "denied: " + denied.code())
                                        .orElse("open"),
                        "rule", doc.tool().rule(),
                        "what", Turn.title(doc.tool())))
                .toList();
        return turn.says(Shown.result(JsonObject.of("tools", rows)));
    }

    private Reply why(String name) {
        return turn.catalogue()
                .named(name)
                .map(doc -> turn.says(reason(doc.tool())))
                .orElseGet(() -> unknown(name));
    }

    private static String reason(ModelTool tool) {
        return tool.denied()
                .map(denied -> "`" + tool.name() + "` is denied to you by the rule `" + tool.rule() + "`: "
                        + denied.reason() + ". What would change it: " + denied.remedy() + ".")
                .orElseGet(() -> "`" + tool.name() + "` is open to you by the rule `" + tool.rule() + "`"
                        + (tool.write() ? "; a call of it makes a plan, which a person approves." : "."));
    }

    private Reply call(String rest) throws InterruptedException {
        var parts = rest.split("\\s+", 2);
        var doc = turn.catalogue().named(parts[0]);
        if (doc.isEmpty()) {
            return unknown(parts[0]);
        }
        try {
            var arguments = parts.length > 1 && !parts[1].isBlank() ? Json.parseObject(parts[1]) : JsonObject.EMPTY;
            return turn.call(doc.get(), arguments, List.of());
        } catch (InvalidJson invalid) {
            return turn.says("The arguments are not a JSON object: " + invalid.getMessage() + ". Nothing was called.");
        }
    }

    private Reply plan(String id) throws InterruptedException {
        var doc = turn.catalogue().docs().stream()
                .filter(one ->
                        one.head().equals(Optional.of("plan")) && !one.tool().write())
                .findFirst();
        if (doc.isEmpty()) {
            return turn.says("Your plans are on the page `/plans`.");
        }
        if (id.isBlank()) {
            return doc.get().required().isEmpty()
                    ? turn.call(doc.get(), JsonObject.EMPTY, List.of())
                    : turn.says("Your plans are on the page `/plans`; `/plan ID` tells of one.");
        }
        var property = doc.get().properties().stream()
                .filter(one -> one.is("plan") || one.required())
                .findFirst();
        return turn.call(
                doc.get(), property.map(one -> JsonObject.of(one.name(), id)).orElse(JsonObject.EMPTY), List.of());
    }

    private Reply unknown(String name) {
        turn.suggest("List the tools", "/tools");
        return turn.says("There is no tool " + Shown.name(name.isEmpty() ? "?" : name) + ". Nothing was called.");
    }
}
