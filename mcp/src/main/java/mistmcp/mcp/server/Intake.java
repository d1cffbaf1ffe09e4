package mistmcp.mcp.server;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.HeaderText;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.MetaKeys;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;

/// Settles the revision of a request and what travels beside it, and checks its headers against its body
/// (Streamable HTTP 2026-07-28, "Request Metadata"; 2025-11-25, "Protocol Version Header"). Stateless.
final class Intake {
    private Intake() {}

    /// What became of it.
    sealed interface Taken {
        /// A request to answer.
        record Accepted(McpRequest request) implements Taken {}

        /// An error to answer.
        record Rejected(int status, int code, String message, Optional<JsonValue> data) implements Taken {}
    }

    /// The headers that count, each as it was sent.
    interface Headers {
        /// All values of a header.
        List<String> all(String name);

        /// A transport without headers has nothing to compare.
        Headers NONE = _ -> List.of();
    }

    /// Whether a message claims to be of the modern era by its body.
    static boolean claimsModern(RawObject params) {
        return metaOf(params).string(MetaKeys.PROTOCOL_VERSION).isPresent();
    }

    /// Settles a request whose era its headers and body say.
    static Taken take(Envelope.Request message, Headers headers, Optional<Session> session) {
        var meta = metaOf(message.params());
        var claimed = meta.string(MetaKeys.PROTOCOL_VERSION);
        if (claimed.isPresent()) {
            return modern(message, meta, claimed.get(), headers);
        }
        var versions = headers.all("MCP-Protocol-Version");
        if (versions.size() <= 1 && (versions.isEmpty() || message.method().equals("initialize"))) {
            return accepted(message, session.map(Session::revision).orElse(Revision.V2025_06_18), meta, session);
        }
        var refused = version(headers);
        if (refused.isPresent()) {
            return refused.get();
        }
        var revision = Revision.of(versions.getFirst().strip());
        if (revision.get().modern()) {
            return rejected(
                    400,
                    ErrorCode.INVALID_PARAMS,
                    "a request of 2026-07-28 carries `" + MetaKeys.PROTOCOL_VERSION + "` in its `_meta`");
        }
        return accepted(message, session.map(Session::revision).orElse(revision.get()), meta, session);
    }

    /// What is wrong with the version header of a message that has no answer; it may have none.
    static Optional<Taken.Rejected> version(Headers headers) {
        var versions = headers.all("MCP-Protocol-Version");
        if (versions.size() > 1) {
            return Optional.of(
                    rejected(400, ErrorCode.HEADER_MISMATCH, "the MCP-Protocol-Version header is given twice"));
        }
        return versions.isEmpty() || Revision.of(versions.getFirst().strip()).isPresent()
                ? Optional.empty()
                : Optional.of(unsupported(versions.getFirst().strip()));
    }

    /// Settles a modern request on a transport without headers.
    static Taken takeModern(Envelope.Request message) {
        var meta = metaOf(message.params());
        var version = meta.string(MetaKeys.PROTOCOL_VERSION).orElse("");
        return body(message, meta, version);
    }

    private static Taken modern(Envelope.Request message, JsonObject meta, String claimed, Headers headers) {
        var mismatch = same("MCP-Protocol-Version", claimed, headers, false)
                .or(() -> Revision.of(claimed).filter(Revision::modern).isEmpty()
                        ? Optional.empty()
                        : same("Mcp-Method", message.method(), headers, false).or(() -> name(message, headers)));
        return mismatch.<Taken>map(text -> rejected(400, ErrorCode.HEADER_MISMATCH, text))
                .orElseGet(() -> body(message, meta, claimed));
    }

    private static Taken body(Envelope.Request message, JsonObject meta, String claimed) {
        if (Revision.of(claimed).filter(Revision::modern).isEmpty()) {
            return unsupported(claimed);
        }
        if (meta.object(MetaKeys.CLIENT_CAPABILITIES).isEmpty()) {
            return rejected(
                    400,
                    ErrorCode.INVALID_PARAMS,
                    "a request of 2026-07-28 carries `" + MetaKeys.CLIENT_CAPABILITIES + "` in its `_meta`");
        }
        return accepted(message, Revision.V2026_07_28, meta, Optional.empty());
    }

    private static Optional<String> name(Envelope.Request message, Headers headers) {
        return switch (message.method()) {
            case "tools/call", "prompts/get" -> named(message, "name", headers);
            case "resources/read" -> named(message, "uri", headers);
            default -> Optional.empty();
        };
    }

    /// A body without its name is refused later, as wrong parameters.
    private static Optional<String> named(Envelope.Request message, String member, Headers headers) {
        return message.params().string(member).flatMap(name -> same("Mcp-Name", name, headers, true));
    }

    private static Optional<String> same(String header, String expected, Headers headers, boolean encoded) {
        var values = headers.all(header);
        if (values.isEmpty()) {
            return Optional.of("the " + header + " header is missing");
        }
        if (values.size() > 1) {
            return Optional.of("the " + header + " header is given twice");
        }
        var value = values.getFirst().strip();
        var read = encoded ? HeaderText.decode(value) : Optional.of(value);
        return read.filter(expected::equals).isPresent()
                ? Optional.empty()
                : Optional.of("the " + header + " header does not match the body");
    }

    private static Taken accepted(
            Envelope.Request message, Revision revision, JsonObject meta, Optional<Session> session) {
        var params = message.params();
        var target = switch (message.method()) {
            case "resources/read", "resources/subscribe", "resources/unsubscribe" -> params.string("uri");
            default -> params.string("name");
        };
        return new Taken.Accepted(new McpRequest(
                revision,
                message.method(),
                target,
                params.raw(),
                params.get("arguments"),
                beside(revision, meta, session)));
    }

    private static RequestMeta beside(Revision revision, JsonObject meta, Optional<Session> session) {
        if (meta.isEmpty() && session.isEmpty()) {
            return RequestMeta.NONE;
        }
        var trace = JsonObject.EMPTY;
        for (var member : List.of("traceparent", "tracestate", "baggage")) {
            trace = trace.withPresent(member, meta.string(member));
        }
        var token = meta.get(MetaKeys.PROGRESS_TOKEN).map(RawJson::of);
        if (revision.modern()) {
            return new RequestMeta(
                    token,
                    trace,
                    meta.object(MetaKeys.CLIENT_INFO).orElse(JsonObject.EMPTY),
                    meta.object(MetaKeys.CLIENT_CAPABILITIES).orElse(JsonObject.EMPTY),
                    meta.string(MetaKeys.LOG_LEVEL));
        }
        return new RequestMeta(
                token,
                trace,
                session.map(Session::clientInfo).orElse(JsonObject.EMPTY),
                session.map(Session::clientCapabilities).orElse(JsonObject.EMPTY),
                session.map(Session::logLevel));
    }

    private static JsonObject metaOf(RawObject params) {
        return params.object("_meta").orElse(JsonObject.EMPTY);
    }

    private static Taken.Rejected rejected(int status, int code, String message) {
        return new Taken.Rejected(status, code, message, Optional.empty());
    }

    static Taken.Rejected unsupported(String requested) {
        return new Taken.Rejected(
                400,
                ErrorCode.UNSUPPORTED_PROTOCOL_VERSION,
                "this protocol version is not served",
                Optional.of(JsonObject.of("supported", JsonArray.ofAll(Revision.served()), "requested", requested)));
    }
}
