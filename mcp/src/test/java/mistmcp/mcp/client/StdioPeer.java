package mistmcp.mcp.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpStdio;
import mistmcp.mcp.server.Offering;
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
        var server = new AtomicReference<McpStdio<String>>();
        var changes = Tools.tool("changes", (_, _, _) -> {
            var running = server.get();
            running.listChanged("tools");
            running.resourceUpdated("test://note");
            running.resourceUpdated("test://other");
            running.resourceUpdated("test://marker");
            return ToolResult.of(JsonObject.EMPTY);
        });
        server.set(new McpStdio<>(
                new Offering(Tools.echo(), asks, dies, hangs, variables, changes), McpOptions.SESSIONS, "me"));
        server.get().serve(System.in, System.out);
    }
}
