package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.acceptance.fixture.FixtureServer;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The Java SDK on either side of the running gateway: as a caller of the legacy era, and as an upstream of
/// it. As a client it has no way to cancel a call, and as a server it tells its tools of none. As a server it
/// asks nothing here: version 2.1.0 cannot write its own elicitation with the JSON library of our version.
class JavaSdkIT {
    private static final List<McpSchema.ProgressNotification> PROGRESS = new CopyOnWriteArrayList<>();

    private static JavaSdkServer peer;
    private static FixtureServer fixture;
    private static RunningStack stack;
    private static String bearer;

    @BeforeAll
    static void start() throws Exception {
        peer = new JavaSdkServer();
        fixture = new FixtureServer(0);
        var folder = Files.createTempDirectory("mist-java-sdk");
        stack = RunningStack.start(Map.of(
                "UPSTREAMS_PATH",
                upstreams(folder),
                "POLICY_PATH",
                write(folder.resolve("policy.json"), OwnPolicy.of("page", "java/*", "fixture/*"))));
        bearer = stack.mint("jana", "ReadOnly");
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
        fixture.close();
        peer.close();
    }

    @Test
    void legacyCallerLegacyUpstream() {
        try (var client = client("java")) {
            assertThat(client.listTools().tools())
                    .extracting(McpSchema.Tool::name)
                    .contains("echo", "count");
            assertThat(said(client, "echo", Map.of("message", "größe 🌐"))).isEqualTo("echo größe 🌐");
            assertThat(client.readResource(McpSchema.ReadResourceRequest.builder("java://note")
                                    .build())
                            .contents())
                    .singleElement()
                    .asString()
                    .contains("the text");
            assertThat(client.getPrompt(McpSchema.GetPromptRequest.builder("greet")
                                    .arguments(Map.of("who", "Bob"))
                                    .build())
                            .messages())
                    .singleElement()
                    .asString()
                    .contains("greet Bob");
            progresses(client, "count");
        }
    }

    @Test
    void legacyCallerModernUpstream() {
        try (var client = client("fixture")) {
            assertThat(said(client, "test_simple_text", Map.of())).contains("simple text");
            assertThat(client.readResource(McpSchema.ReadResourceRequest.builder("test://static-text")
                                    .build())
                            .contents())
                    .hasSize(1);
            assertThat(client.getPrompt(McpSchema.GetPromptRequest.builder("test_simple_prompt")
                                    .build())
                            .messages())
                    .hasSize(1);
            assertThat(said(client, "test_elicitation", Map.of("message", "who?")))
                    .contains("accept", "Ann");
            progresses(client, "test_tool_with_progress");
        }
    }

    @Test
    void modernCallerLegacyUpstream() {
        var echoed = modern("echo", "{\"message\":\"hi\"}");
        assertThat(echoed).contains("echo hi", "\"resultType\":\"complete\"");
    }

    private static void progresses(McpSyncClient client, String tool) {
        PROGRESS.clear();
        client.callTool(McpSchema.CallToolRequest.builder(tool)
                .arguments(Map.of())
                .progressToken("the token")
                .build());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(PROGRESS)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .allMatch(note -> note.progressToken().equals("the token")));
    }

    private static String said(McpSyncClient client, String tool, Map<String, Object> arguments) {
        var result = client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
        assertThat(result.isError()).isNotEqualTo(true);
        return ((McpSchema.TextContent) result.content().getFirst()).text();
    }

    private static McpSyncClient client(String upstream) {
        var transport = HttpClientStreamableHttpTransport.builder(stack.url())
                .endpoint("/mcp/" + upstream)
                .addHttpRequestCustomizer(
                        (request, _, _, _, _) -> request.setHeader("Authorization", "Bearer " + bearer))
                .build();
        var client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(60))
                .initializationTimeout(Duration.ofSeconds(60))
                .capabilities(
                        McpSchema.ClientCapabilities.builder().elicitation().build())
                .elicitation(_ -> McpSchema.ElicitResult.builder(McpSchema.ElicitResult.Action.ACCEPT)
                        .content(Map.of("name", "Ann"))
                        .build())
                .progressConsumer(PROGRESS::add)
                .build();
        client.initialize();
        return client;
    }

    private static String modern(String tool, String arguments) {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments
                + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{\"form\":{}}}}}}";
        var headers = new LinkedHashMap<>(Map.of(
                "Authorization", "Bearer " + bearer,
                "Content-Type", "application/json",
                "Accept", "application/json, text/event-stream",
                "MCP-Protocol-Version", "2026-07-28",
                "Mcp-Method", "tools/call"));
        headers.put("Mcp-Name", tool);
        return RawHttp.send(
                        stack.port(), "POST", "/mcp/java", headers, Optional.of(body.getBytes(StandardCharsets.UTF_8)))
                .text();
    }

    private static String upstreams(Path folder) throws java.io.IOException {
        var common = JsonObject.of(
                "reads", JsonArray.of("*"), "relay", JsonArray.of("elicitation"), "sites", "none", "era", "auto");
        return write(
                folder.resolve("upstreams.json"),
                JsonObject.of(
                        "upstreams",
                        JsonObject.of(
                                "java", common.with("url", peer.url()).with("prefix", "jv"),
                                "fixture",
                                        common.with("url", "http://127.0.0.1:" + fixture.port() + "/mcp")
                                                .with("prefix", "fx"))));
    }

    private static String write(Path file, JsonObject json) throws java.io.IOException {
        return Files.write(file, Json.bytes(json)).toString();
    }
}
