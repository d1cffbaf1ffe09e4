package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mistmcp.gateway.model.Desk;
import mistmcp.gateway.model.Reply;
import mistmcp.gateway.model.ToolReply;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// Finds out what a name means, by the catalogue's finding tool. Its calls are calls like any other: judged,
/// recorded, shown.
final class Resolver {
    private static final Set<String> DEVICES = Set.of("device", "switch", "ap", "gateway");

    private final Turn turn;
    private final Desk desk;
    private final ToolDoc doc;
    private JsonObject arguments;
    private Reply stopped = new Reply.Failed("unresolved", "the name was not resolved");

    Resolver(Turn turn, Desk desk, ToolDoc doc, JsonObject arguments) {
        this.turn = turn;
        this.desk = desk;
        this.doc = doc;
        this.arguments = arguments;
    }

    /// The arguments with what was found.
    JsonObject arguments() {
        return arguments;
    }

    /// The answer when a name could not be settled.
    Reply stopped() {
        return stopped;
    }

    /// Settles which of several arguments a name is for; answers whether it could.
    boolean kind(Piece.Value value, List<Property> properties) throws InterruptedException {
        var rows = find(value);
        if (rows.isEmpty()) {
            arguments = arguments.with(properties.getFirst().name(), value.text());
            return true;
        }
        var fitting = properties.stream()
                .filter(property -> rows.get().stream().anyMatch(row -> fits(row, property)))
                .toList();
        if (fitting.size() == 1) {
            return settle(value, fitting.getFirst(), rows.get(), false);
        }
        if (fitting.isEmpty()) {
            stopped = turn.says("I found nothing called " + Shown.name(value.text()) + " among what you can see.");
            return false;
        }
        fitting.forEach(property -> rows.get().stream()
                .filter(row -> fits(row, property))
                .limit(4)
                .forEach(row -> turn.choice(row, doc, property, arguments)));
        stopped = turn.says(Shown.name(value.text()) + " is the name of several things. Which one do you mean?\n\n"
                + Shown.result(JsonObject.of("found", rows.get())));
        return false;
    }

    /// Turns a name into an id; answers whether exactly one fits.
    boolean id(Piece.Value value, Property property) throws InterruptedException {
        var rows = find(value);
        if (rows.isEmpty()) {
            arguments = arguments.with(property.name(), value.text());
            return true;
        }
        return settle(value, property, rows.get(), true);
    }

    private boolean settle(Piece.Value value, Property property, List<JsonObject> rows, boolean wantsId) {
        var fitting = rows.stream().filter(row -> fits(row, property)).toList();
        var exact = fitting.stream()
                .filter(row -> label(row).equalsIgnoreCase(value.text()))
                .toList();
        var chosen = exact.isEmpty() ? fitting : exact;
        if (chosen.size() == 1) {
            var row = chosen.getFirst();
            var text = wantsId || exact.isEmpty() ? idOf(row).orElse(value.text()) : value.text();
            arguments = arguments.with(property.name(), property.array() ? List.of(text) : Json.of(text));
            return true;
        }
        if (chosen.isEmpty()) {
            stopped = turn.says("I found no " + property.entity().orElse("match") + " called "
                    + Shown.name(value.text()) + " among what you can see.");
            return false;
        }
        chosen.stream().limit(6).forEach(row -> turn.choice(row, doc, property, arguments));
        stopped = turn.says("Several fit " + Shown.name(value.text()) + ". Which one do you mean?\n\n"
                + Shown.result(JsonObject.of("found", chosen)));
        return false;
    }

    /// What the finding tool knows of a name; empty when there is no such tool or it failed.
    private Optional<List<JsonObject>> find(Piece.Value value) throws InterruptedException {
        var finder = turn.catalogue().finder();
        if (finder.isEmpty() || finder.get().equals(doc)) {
            return Optional.empty();
        }
        var query = finder.get().query().orElseThrow().name();
        var reply = desk.call(finder.get().tool().name(), JsonObject.of(query, value.text()));
        return reply instanceof ToolReply.Result(JsonObject content, boolean failed) && !failed
                ? Shown.list(content).or(() -> Optional.of(List.of()))
                : Optional.empty();
    }

    static boolean fits(JsonObject row, Property property) {
        var kind = row.string("kind").or(() -> row.string("type")).orElse("");
        return property.is(kind)
                || (property.entity().filter(DEVICES::contains).isPresent() && DEVICES.contains(kind))
                || (property.is("text") && !kind.isEmpty())
                || (property.names().contains("name") && DEVICES.contains(kind))
                || (property.is("client") && kind.endsWith("client"));
    }

    /// The id of an object in a result.
    static Optional<String> idOf(JsonObject row) {
        var kind = row.string("kind").orElse("");
        return Stream.of(kind + "Id", "deviceId", "id", "siteId", "mac")
                .flatMap(name -> row.string(name).stream())
                .findFirst();
    }

    /// The name of an object in a result, else its id.
    static String label(JsonObject row) {
        return Stream.of("name", "hostname", "siteName", "id", "mac")
                .flatMap(name -> row.string(name).stream())
                .findFirst()
                .orElse("?");
    }
}
