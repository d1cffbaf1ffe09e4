package mistmcp.acceptance;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// An upstream of the legacy era by the Java SDK, over its servlet.
final class JavaSdkServer {
    private static final Map<String, Object> ANYTHING = Map.of("type", "object", "properties", Map.of());

    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);
    private final McpSyncServer mcp;

    JavaSdkServer() throws Exception {
        var transport = HttpServletStreamableServerTransportProvider.builder()
                .mcpEndpoint("/mcp")
                .build();
        mcp = McpServer.sync(transport)
                .serverInfo("java-peer", "1")
                .capabilities(McpSchema.ServerCapabilities.builder()
                        .tools(true)
                        .resources(false, false)
                        .prompts(false)
                        .build())
                .toolCall(
                        tool("echo"),
                        (_, request) -> text("echo " + request.arguments().get("message")))
                .toolCall(tool("count"), JavaSdkServer::count)
                .resources(new McpServerFeatures.SyncResourceSpecification(
                        McpSchema.Resource.builder("java://note", "note").build(),
                        (_, request) -> McpSchema.ReadResourceResult.builder(
                                        List.of(McpSchema.TextResourceContents.builder(request.uri(), "the text")
                                                .build()))
                                .build()))
                .prompts(new McpServerFeatures.SyncPromptSpecification(
                        McpSchema.Prompt.builder("greet")
                                .arguments(List.of(McpSchema.PromptArgument.builder("who")
                                        .required(true)
                                        .build()))
                                .build(),
                        (_, request) -> McpSchema.GetPromptResult.builder(List.of(McpSchema.PromptMessage.builder(
                                                McpSchema.Role.USER,
                                                McpSchema.TextContent.builder("greet "
                                                                + request.arguments()
                                                                        .get("who"))
                                                        .build())
                                        .build()))
                                .build()))
                .build();
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        var context = new ServletContextHandler("/");
        var holder = new ServletHolder(transport);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/mcp");
        jetty.setHandler(context);
        jetty.start();
    }

    String url() {
        return "http://127.0.0.1:" + connector.getLocalPort() + "/mcp";
    }

    private static McpSchema.CallToolResult count(McpSyncServerExchange exchange, McpSchema.CallToolRequest request) {
        var token = request.meta() == null ? null : request.meta().get("progressToken");
        for (int i = 1; token != null && i <= 3; i++) {
            exchange.progressNotification(
                    McpSchema.ProgressNotification.builder(token, i).build());
        }
        return text("counted");
    }

    private static McpSchema.CallToolResult text(String text) {
        return McpSchema.CallToolResult.builder()
                .addTextContent(text)
                .isError(false)
                .build();
    }

    private static McpSchema.Tool tool(String name) {
        return McpSchema.Tool.builder(name, ANYTHING)
                .description("Of a test: " + name + ".")
                .build();
    }

    public void close() throws Exception {
        mcp.close();
        jetty.stop();
    }
}
