package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole gateway in DEV mode, and how long a stream lasts that was opened with one of its tokens.
@Timeout(60) // a stream that does not end
class ListenWithTokenIT {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    @TempDir
    private Path folder;

    private final SetClock clock = new SetClock();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Gateway gateway;

    @BeforeEach
    void start() throws InterruptedException {
        var env = Env.of(new HashMap<>(Map.of(
                "GATEWAY_PORT", "0",
                "DATA_DIR", folder.toString(),
                "POLICY_PATH", "../policy_rbac.json",
                "PROMPT_PATH", "../rbac_prompt.txt")));
        var settings = GatewaySettings.read(env);
        env.check();
        gateway = Gateway.start(settings, clock);
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
        gateway.close();
        http.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamEndsWithItsToken(boolean modern) throws Exception {
        var brief = listening(modern, token(60));
        var lasting = listening(modern, token(900));

        // A token is taken for a minute after its end, for clocks that differ.
        clock.pass(Duration.ofSeconds(125));

        assertEnded(modern, rest(brief));
        assertThat(lasting.readLine()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamEndsWhenItsKeyIsTakenAway(boolean modern) throws Exception {
        var stream = listening(modern, token(900));

        var files = new DevKeyFiles(folder.resolve("keys/dev-jwks.json"), folder.resolve("keys/dev-private.pem"));
        var rotated = DevKeys.rotate(files, clock.instant());
        var kept = rotated.jwks(clock.instant()).array("keys").orElseThrow().objects().stream()
                .filter(key -> key.string("kid").filter(rotated.id()::equals).isPresent())
                .toList();
        Files.write(files.jwks(), Json.bytes(JsonObject.of("keys", JsonArray.ofAll(kept))));

        assertEnded(modern, rest(stream));
    }

    @Test
    void stoppingEndsTheStreamsAsTheProtocolHasIt() throws Exception {
        var modern = listening(true, token(900));
        var legacy = listening(false, token(900));

        gateway.close();

        assertEnded(true, rest(modern));
        assertEnded(false, rest(legacy));
    }

    private static void assertEnded(boolean modern, List<String> rest) {
        if (modern) {
            assertThat(rest).hasSize(2);
            assertThat(rest.get(0)).contains("notifications/cancelled", "\"requestId\":5");
            assertThat(rest.get(1)).contains("\"id\":5", "\"resultType\":\"complete\"");
        } else {
            assertThat(rest).isEmpty();
        }
    }

    /// What still comes, up to a proper end of the stream: one that is cut throws.
    private static List<String> rest(BufferedReader stream) throws IOException {
        var events = new ArrayList<String>();
        for (var line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("data: ")) {
                events.add(line);
            }
        }
        return events;
    }

    private String token(int seconds) throws Exception {
        var answer = http.send(
                request("/auth/dev/mint")
                        .POST(BodyPublishers.ofString(
                                "{\"sub\":\"anna\",\"roles\":[\"ReadOnly\"],\"ttl\":" + seconds + "}"))
                        .build(),
                BodyHandlers.ofString());
        return Json.parseObject(answer.body()).string("access_token").orElseThrow();
    }

    private BufferedReader listening(boolean modern, String token) throws Exception {
        if (!modern) {
            var hello = http.send(
                    request("/mcp", token)
                            .POST(
                                    BodyPublishers.ofString(
                                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                                                    + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}"))
                            .build(),
                    BodyHandlers.ofString());
            var session = hello.headers().firstValue("Mcp-Session-Id").orElseThrow();
            return stream(
                    request("/mcp", token).header("Mcp-Session-Id", session).GET());
        }
        return stream(request("/mcp", token)
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "subscriptions/listen")
                .POST(BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{"
                                + "\"toolsListChanged\":true}," + META + "}}")));
    }

    /// Returns when the first line is here: the stream is open then.
    private BufferedReader stream(HttpRequest.Builder request) throws Exception {
        var response = http.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        open.add(lines);
        for (var line = lines.readLine(); !line.startsWith("data: ") && !line.startsWith(":"); ) {
            line = lines.readLine();
        }
        return lines;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
    }

    private HttpRequest.Builder request(String path, String token) {
        return request(path).header("Authorization", "Bearer " + token);
    }
}
