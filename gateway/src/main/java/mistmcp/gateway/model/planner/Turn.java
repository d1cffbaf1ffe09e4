package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.model.Ask;
import mistmcp.gateway.model.Desk;
import mistmcp.gateway.model.ModelTool;
import mistmcp.gateway.model.Reply;
import mistmcp.gateway.model.ToolReply;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// The answer to one message in the making: calls tools at the desk and words what came of it.
final class Turn {
    /// How many calls the planner makes for one message.
    static final int MAX_CALLS = 6;

    private static final java.util.Set<String> FILTERS = java.util.Set.of("unused", "empty");

    private final Ask ask;
    private final Desk desk;
    private final Catalogue catalogue;
    private final Slots slots;
    private final Reader reader;
    private final List<Reply.Suggestion> suggestions = new ArrayList<>();

    Turn(Ask ask, Desk desk, Catalogue catalogue, Slots slots, Reader reader) {
        this.ask = ask;
        this.desk = desk;
        this.catalogue = catalogue;
        this.slots = slots;
        this.reader = reader;
    }

    Ask ask() {
        return ask;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Reading read(String text) {
        return reader.read(text);
    }

    /// An answer without a call.
    Reply says(String text) {
        return ends(text, JsonObject.EMPTY);
    }

    /// Calls a tool as far as the message filled its arguments: resolves names first, asks for what is
    /// missing.
    Reply run(ToolDoc doc, Filled filled, Reading reading) throws InterruptedException {
        var arguments = filled.arguments();
        if (doc.tool().write() && doc.tool().denied().isEmpty()) {
            var left = new Sweep(slots).leftOut(doc, filled, reading);
            if (!left.isEmpty()) {
                return notPlanned(doc, left);
            }
        }
        if (doc.tool().denied().isEmpty()) {
            var resolver = new Resolver(this, desk, doc, arguments);
            for (var entry : filled.ambiguous().entrySet()) {
                if (!resolver.kind(entry.getKey(), entry.getValue())) {
                    return resolver.stopped();
                }
            }
            for (var entry : filled.ids().entrySet()) {
                if (!resolver.id(entry.getKey(), entry.getValue())) {
                    return resolver.stopped();
                }
            }
            arguments = resolver.arguments();
        }
        return call(doc, arguments, filled.unused(), doc.tool().write() ? "" : ignored(doc, reading));
    }

    private Reply notPlanned(ToolDoc doc, List<String> left) {
        return says("I planned nothing, as `" + doc.tool().name() + "` has no way to take this into account: "
                + String.join(", ", left.stream().limit(8).map(Shown::name).toList())
                + ". A plan without it could change more than you asked for. Say it without, or with what the tool"
                + " takes: "
                + String.join(
                        ", ",
                        doc.properties().stream()
                                .limit(10)
                                .map(property -> "`" + property.name() + "`")
                                .toList())
                + ".");
    }

    /// What a message says that had no part in a read: a filter that no argument takes, a word that is not
    /// known.
    private String ignored(ToolDoc doc, Reading reading) {
        var all = slots.fill(doc, reading).arguments();
        var filters = new ArrayList<String>();
        var strange = new ArrayList<String>();
        reading.words().forEach(word -> {
            boolean filter = word.term().kind() == Lexicon.Kind.STATE || FILTERS.contains(word.concept());
            if (filter && slots.fill(doc, reading.without(word)).arguments().equals(all)) {
                filters.add(Shown.name(word.raw()));
            } else if (word.term().kind() == Lexicon.Kind.UNKNOWN) {
                strange.add(Shown.name(word.raw()));
            }
        });
        var text = new StringBuilder();
        if (!filters.isEmpty()) {
            text.append("\n\nNot filtered by ")
                    .append(String.join(", ", filters))
                    .append(": the tool has no such filter, so this is everything else you asked for.");
        }
        if (!strange.isEmpty()) {
            text.append("\n\nNot understood, so not used: ")
                    .append(String.join(", ", strange))
                    .append('.');
        }
        return text.toString();
    }

    /// Calls a tool, or asks for what it still needs. A denied tool is called all the same: the gate says no,
    /// and the record shows that it was tried.
    Reply call(ToolDoc doc, JsonObject arguments, List<Piece.Value> unused) throws InterruptedException {
        return call(doc, arguments, unused, "");
    }

    private Reply call(ToolDoc doc, JsonObject arguments, List<Piece.Value> unused, String note)
            throws InterruptedException {
        if (doc.tool().denied().isEmpty()) {
            var missing = doc.required().stream()
                    .filter(property -> !arguments.has(property.name()))
                    .findFirst();
            if (missing.isPresent()) {
                return question(doc, arguments, missing.get(), "");
            }
            if (doc.tool().write() && idle(doc, arguments)) {
                return says("`" + doc.tool().name() + "` can do that, but what should it set? It takes "
                        + String.join(", ", settable(doc)) + ". Nothing was called.");
            }
        }
        var reply = desk.call(doc.tool().name(), arguments);
        var text = told(doc, arguments, reply) + left(unused) + note;
        return ends(text, new Memory(doc.tool().name(), arguments, Optional.empty()).toJson());
    }

    /// Whether a change names its target only and nothing that would change.
    private static boolean idle(ToolDoc doc, JsonObject arguments) {
        boolean more = doc.properties().size() > doc.required().size() + 3;
        return doc.actions().contains("change")
                && more
                && arguments.names().stream()
                        .allMatch(name -> doc.properties().stream()
                                .anyMatch(property ->
                                        property.name().equals(name) && (property.required() || property.is("site"))));
    }

    private static List<String> settable(ToolDoc doc) {
        return doc.properties().stream()
                .filter(property -> !property.required() && !property.is("site"))
                .limit(8)
                .map(property -> "`" + property.name() + "`")
                .toList();
    }

    /// Looks something up; when it is one thing that a tool tells more of, that is told.
    Reply look(ToolDoc finder, Filled filled, List<ToolDoc> tellers) throws InterruptedException {
        var reply = desk.call(finder.tool().name(), filled.arguments());
        var rows = reply instanceof ToolReply.Result(JsonObject content, boolean failed) && !failed
                ? Shown.list(content).orElse(List.of())
                : List.<JsonObject>of();
        if (rows.size() == 1) {
            var row = rows.getFirst();
            for (var teller : tellers) {
                var property = teller.required().isEmpty()
                        ? Optional.<Property>empty()
                        : Optional.of(teller.required().getFirst());
                var id = Resolver.idOf(row);
                if (property.filter(one -> Resolver.fits(row, one) && !one.is("text"))
                                .isPresent()
                        && id.isPresent()) {
                    return call(teller, JsonObject.of(property.get().name(), id.get()), List.of());
                }
            }
        }
        return ends(
                told(finder, filled.arguments(), reply) + left(filled.unused()),
                new Memory(finder.tool().name(), filled.arguments(), Optional.empty()).toJson());
    }

    /// Calls several tools, one after the other.
    Reply all(List<Decision.Clear> clear) throws InterruptedException {
        var parts = new ArrayList<String>();
        for (var one : clear) {
            parts.add(part(one.doc(), one.filled().arguments()));
        }
        return ends(String.join("\n\n", parts), JsonObject.EMPTY);
    }

    /// Does the steps of a recipe.
    Reply recipe(Recipes.Recipe recipe, Reading reading) throws InterruptedException {
        var parts = new ArrayList<String>();
        for (var step : recipe.steps().stream().limit(MAX_CALLS).toList()) {
            var doc = catalogue.named(step.tool()).orElseThrow();
            var own = slots.fill(doc, read(step.words())).arguments();
            var said = slots.fill(doc, reading);
            var arguments = recipe.named() && !parts.isEmpty() && !step.named() ? own : own.withAll(said.arguments());
            if (doc.required().stream().allMatch(property -> arguments.has(property.name()))) {
                parts.add(part(doc, arguments));
            }
        }
        return ends(String.join("\n\n", parts), JsonObject.EMPTY);
    }

    private String part(ToolDoc doc, JsonObject arguments) throws InterruptedException {
        return "**" + title(doc.tool()) + "**\n\n"
                + told(doc, arguments, desk.call(doc.tool().name(), arguments));
    }

    /// One question, for one argument.
    Reply question(ToolDoc doc, JsonObject arguments, Property property, String before) {
        var text = new StringBuilder(before)
                .append("To use `")
                .append(doc.tool().name())
                .append("` I need `")
                .append(property.name())
                .append("`");
        if (!property.description().equals(property.name())) {
            text.append(" (").append(Shown.plain(property.description())).append(")");
        }
        text.append(". Which one?");
        property.options().stream()
                .limit(6)
                .forEach(option -> suggestions.add(new Reply.Suggestion(Shown.plain(option), option)));
        return ends(text.toString(), new Memory(doc.tool().name(), arguments, Optional.of(property.name())).toJson());
    }

    Reply didYouMean(List<ToolDoc> candidates, Reading reading) {
        var text = new StringBuilder("I am not sure which tool you mean, so I called none. Did you mean:\n");
        offer(candidates, reading, text);
        return says(text.toString());
    }

    Reply noTool(Optional<String> missing, List<ToolDoc> nearest, Reading reading) {
        var text = new StringBuilder("There is no tool for that");
        missing.ifPresent(word -> text.append(": none here knows about ").append(Shown.name(word)));
        text.append(". Nothing was called.");
        if (!nearest.isEmpty()) {
            text.append(" The nearest:\n");
            offer(nearest, reading, text);
        } else {
            text.append(" `/tools` lists what there is.");
            suggestions.add(new Reply.Suggestion("List the tools", "/tools"));
        }
        return says(text.toString());
    }

    private void offer(List<ToolDoc> docs, Reading reading, StringBuilder text) {
        for (var doc : docs.stream().limit(3).toList()) {
            text.append("\n- ").append(line(doc.tool()));
            suggestions.add(new Reply.Suggestion(
                    title(doc.tool()),
                    "/call " + doc.tool().name() + " "
                            + Json.text(slots.fill(doc, reading).arguments())));
        }
    }

    /// Who the caller is and what can be asked.
    Reply introduction(String label) {
        var greeting = new Greeting(ask);
        greeting.firstSteps(4)
                .forEach(tool -> suggestions.add(new Reply.Suggestion(title(tool), "/call " + tool.name() + " {}")));
        return says(greeting.text(label));
    }

    /// What came of a call.
    String told(ToolDoc doc, JsonObject arguments, ToolReply reply) {
        return switch (reply) {
            case ToolReply.Result(JsonObject content, boolean failed) ->
                failed ? failed(doc, arguments, content) : Shown.result(content, ask.message());
            case ToolReply.Planned(JsonObject plan) -> PlanText.of(plan);
            case ToolReply.Denied denied ->
                "Denied: " + denied.reason() + " (rule `" + denied.rule() + "`, code `" + denied.code()
                        + "`). What would change it: " + denied.remedy() + ". Nothing was sent.";
            case ToolReply.Failed(String code, String message) ->
                doc.tool()
                        .denied()
                        .map(denied -> "Denied: " + denied.reason() + " (rule `"
                                + doc.tool().rule() + "`, code `"
                                + denied.code() + "`). What would change it: " + denied.remedy()
                                + ". Nothing was sent.")
                        .orElse("`" + doc.tool().name() + "` failed: " + Shown.plain(message) + " (`" + code + "`).");
        };
    }

    private String failed(ToolDoc doc, JsonObject arguments, JsonObject content) {
        var message = Shown.plain(
                content.string("message").or(() -> content.string("text")).orElse("no reason given"));
        var code = content.string("code")
                .map(text -> " (`" + Shown.plain(text) + "`)")
                .orElse("");
        var candidates = content.array("candidates").orElse(JsonArray.EMPTY).objects();
        var property = doc.properties().stream()
                .filter(one -> arguments
                        .get(one.name())
                        .filter(JsonString.class::isInstance)
                        .isPresent())
                .filter(one -> one.entity()
                        .filter(kind -> content.string("code").orElse("").endsWith(kind) || message.contains(kind))
                        .isPresent())
                .findFirst();
        if (candidates.isEmpty()) {
            return "`" + doc.tool().name() + "` says: " + message + code + ".";
        }
        property.ifPresent(
                one -> candidates.stream().limit(6).forEach(candidate -> choice(candidate, doc, one, arguments)));
        return "`" + doc.tool().name() + "` says: " + message + code + ".\n\n"
                + Shown.result(JsonObject.of("candidates", candidates));
    }

    /// Offers one of several objects that a name could mean.
    void choice(JsonObject candidate, ToolDoc doc, Property property, JsonObject arguments) {
        Resolver.idOf(candidate)
                .ifPresent(id -> suggestions.add(new Reply.Suggestion(
                        Shown.plain(Resolver.label(candidate)),
                        "/call " + doc.tool().name() + " " + Json.text(arguments.with(property.name(), id)))));
    }

    static String title(ModelTool tool) {
        return tool.title().isEmpty() ? tool.name() : tool.title();
    }

    static String line(ModelTool tool) {
        var description = Shown.plain(tool.description());
        int end = description.indexOf(". ");
        var first = end > 0 ? description.substring(0, end + 1) : description;
        return "`" + tool.name() + "` " + (first.isEmpty() ? title(tool) : first);
    }

    void suggest(String label, String message) {
        suggestions.add(new Reply.Suggestion(label, message));
    }

    private static String left(List<Piece.Value> unused) {
        if (unused.isEmpty()) {
            return "";
        }
        return "\n\nNot used, as no argument of the tool takes it: "
                + String.join(
                        ", ",
                        unused.stream().map(value -> Shown.name(value.text())).toList()) + ".";
    }

    private Reply ends(String text, JsonObject memory) {
        desk.text(text);
        return new Reply.Answered(text, suggestions.stream().limit(6).toList(), memory);
    }
}
