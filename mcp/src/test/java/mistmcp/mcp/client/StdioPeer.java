package mistmcp.mcp.client;

import java.time.Duration;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.server.Endpoint;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpStdio;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mcp.server.Tools;

/// A child process for tests: a server of ours on standard input and output.
public final class StdioPeer {
    private StdioPeer() {}

    /// Serves; with an argument, says something else first.
    public static void main(String[] args) throws Exception {
        for (var line : args) {
            System.out.println(line);
        }
        var asks = Tools.tool(
                "asks",
                (_, _, exchange) -> ToolResult.of(JsonObject.of(
                        "answer",
                        exchange.ask(
                                        "elicitation/create",
                                        RawJson.of(JsonObject.of("message", "?")),
                                        Duration.ofSeconds(5))
                                .toString())));
        var dies = Tools.tool("dies", (_, _, _) -> {
            Runtime.getRuntime().halt(3);
            return ToolResult.of(JsonObject.EMPTY);
        });
        var hangs = Tools.tool("hangs", (_, _, exchange) -> {
            Thread.sleep(20_000);
            return ToolResult.of(JsonObject.EMPTY);
        });
        var variables = Tools.tool(
                "variables",
                (_, _, _) ->
                        ToolResult.of(JsonObject.of("names", System.getenv().keySet())));
        new McpStdio<>(Endpoint.box(Tools.echo(), asks, dies, hangs, variables), McpOptions.SESSIONS, "me")
                .serve(System.in, System.out);
    }
}
