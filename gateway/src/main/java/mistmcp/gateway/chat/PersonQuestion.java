package mistmcp.gateway.chat;

import java.util.List;
import java.util.Optional;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// What an upstream asks a person: `elicitation/create` of MCP, fit to be shown.
///
/// @param message its own words, as text
record PersonQuestion(String message, Asks asks) {
    private static final int MOST_MESSAGE = 4_000;

    /// What is asked for.
    sealed interface Asks {
        /// The fields of a form.
        record Fields(Form form) implements Asks {}

        /// That the person opens an address, where the rest happens between them and whoever is there.
        record Visit(WebLink link) implements Asks {}
    }

    /// Reads the params of the request.
    ///
    /// @throws Unusable when it cannot be shown
    static PersonQuestion read(RawJson raw) throws Unusable {
        var params = object(raw);
        var message = ServerText.lines(params.string("message").orElse(""), MOST_MESSAGE);
        if (message.isEmpty()) {
            throw new Unusable("the question has no message");
        }
        return switch (mode(params)) {
            case "form" ->
                new PersonQuestion(
                        message,
                        new Asks.Fields(Form.read(params.object("requestedSchema")
                                .orElseThrow(() -> new Unusable("the question has no `requestedSchema`")))));
            case "url" ->
                new PersonQuestion(
                        message,
                        new Asks.Visit(WebLink.read(params.string("url").orElse(""))));
            default -> throw new Unusable("the question is neither a form nor an address");
        };
    }

    /// The mode, as the server says it.
    static String mode(RawJson raw) {
        try {
            return ServerText.line(mode(object(raw)), 20);
        } catch (Unusable unreadable) {
            return "form";
        }
    }

    private static String mode(JsonObject params) {
        return params.has("mode") ? params.string("mode").orElse("") : "form";
    }

    private static JsonObject object(RawJson raw) throws Unusable {
        try {
            if (raw.parse(JsonLimits.REQUEST) instanceof JsonObject params) {
                return params;
            }
        } catch (InvalidJson invalid) {
            throw new Unusable("the question cannot be read");
        }
        throw new Unusable("the question is no object");
    }

    String mode() {
        return switch (asks) {
            case Asks.Fields _ -> "form";
            case Asks.Visit _ -> "url";
        };
    }

    /// What the page shows.
    JsonObject toJson() {
        var json = JsonObject.of("mode", mode(), "message", message);
        return switch (asks) {
            case Asks.Fields(Form form) -> json.with("schema", form.toJson());
            case Asks.Visit(WebLink link) ->
                json.with("url", link.url()).with("host", link.host()).with("punycode", link.punycode());
        };
    }

    /// What is wrong with the content of an acceptance; empty when it can be sent.
    List<Form.Fault> faults(Optional<JsonObject> content) {
        return switch (asks) {
            case Asks.Fields(Form form) -> form.faults(content.orElse(JsonObject.EMPTY));
            case Asks.Visit _ ->
                content.isPresent()
                        ? List.of(new Form.Fault("", "an address is opened, and nothing is sent"))
                        : List.of();
        };
    }
}
