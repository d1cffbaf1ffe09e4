package mistmcp.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.McpService;

/// The upstream of the measurements: one tool for each size, whose result repeats the number that it was
/// given, so that an answer to another call is noticed. It does next to nothing, for it shares the machine.
final class EchoService implements McpService<Optional<Principal>> {
    private static final byte[] MIDDLE = ascii("\"}],\"structuredContent\":{\"n\":");
    private static final byte[] END = ascii("},\"isError\":false}");

    @Override
    public JsonObject serverInfo() {
        return JsonObject.of("name", "bench-upstream", "version", "1");
    }

    @Override
    public String instructions(Optional<Principal> caller) {
        return "";
    }

    @Override
    public JsonObject capabilities(Optional<Principal> caller) {
        return JsonObject.of("tools", JsonObject.EMPTY);
    }

    @Override
    public McpReply handle(Optional<Principal> caller, McpRequest request, Exchange exchange) {
        return switch (request.method()) {
            case "tools/list" -> McpReply.Result.of(JsonObject.of("tools", JsonArray.ofAll(definitions())));
            case "tools/call" -> call(request);
            default -> McpReply.Failure.of(ErrorCode.METHOD_NOT_FOUND, "unknown method");
        };
    }

    private static McpReply call(McpRequest request) {
        var size = Arrays.stream(Size.values())
                .filter(known -> request.target().filter(known.tool()::equals).isPresent())
                .findFirst();
        var number = request.arguments().flatMap(arguments -> JsonSpans.find(arguments, "n"));
        if (size.isEmpty() || number.isEmpty()) {
            return McpReply.Failure.unknown("tool");
        }
        return new McpReply.Result(result(size.get(), number.get().toString()), JsonObject.EMPTY, Optional.empty());
    }

    private static RawJson result(Size size, String number) {
        var begin = ascii("{\"content\":[{\"type\":\"text\",\"text\":\"n=" + number + ";");
        var digits = ascii(number);
        var filling = size.filling();
        var all = new byte[begin.length + filling.length + MIDDLE.length + digits.length + END.length];
        int at = 0;
        for (var part : List.of(begin, filling, MIDDLE, digits, END)) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return RawJson.of(all);
    }

    private static List<JsonObject> definitions() {
        var schema = JsonObject.of(
                "type",
                "object",
                "properties",
                JsonObject.of(
                        "n", JsonObject.of("type", "integer"),
                        "site_id", JsonObject.of("type", "string", "x-mist-entity", "site")),
                "required",
                List.of("n"));
        var all = new ArrayList<JsonObject>();
        for (var size : Size.values()) {
            all.add(ToolDefinition.of(
                            size.tool(),
                            "Echo " + size.label(),
                            "Answers the number it is given, and " + size.label() + " of text.",
                            schema,
                            Optional.empty(),
                            JsonObject.of("readOnlyHint", true))
                    .definition());
        }
        return all;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
