package mistmcp.mcp.client;

import java.util.List;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Revision;

/// What an error to `server/discover` says of a server's era. Stateless.
final class EraSigns {
    private EraSigns() {}

    /// Whether the server answers that it speaks 2026-07-28; some legacy servers answer anything.
    static boolean modern(Envelope.Success discovered) {
        return discovered
                .result()
                .get("supportedVersions")
                .filter(versions -> versions.parse(JsonLimits.TRUSTED) instanceof JsonArray known
                        && known.strings().contains(Revision.V2026_07_28.text()))
                .isPresent();
    }

    /// Whether only a server that speaks 2026-07-28 answers so.
    static boolean modern(Envelope.Fault fault) {
        return switch (fault.code()) {
            case ErrorCode.HEADER_MISMATCH, ErrorCode.MISSING_CLIENT_CAPABILITY -> true;
            case ErrorCode.UNSUPPORTED_PROTOCOL_VERSION ->
                fault.data()
                        .map(data -> data.parse(JsonLimits.TRUSTED))
                        .filter(JsonObject.class::isInstance)
                        .flatMap(data -> ((JsonObject) data).array("supported"))
                        .map(JsonArray::strings)
                        .orElse(List.of())
                        .contains(Revision.V2026_07_28.text());
            default -> false;
        };
    }
}
