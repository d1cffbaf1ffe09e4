package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StdioMcpClientIT {
    private static final RequestMeta ASKABLE = new RequestMeta(
            Optional.empty(),
            JsonObject.EMPTY,
            JsonObject.EMPTY,
            JsonObject.of("elicitation", JsonObject.EMPTY),
            Optional.empty());

    private final List<StdioMcpClient> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(StdioMcpClient::close);
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void callsAndIsAsked(Era era) throws Exception {
        var client = client(era);

        assertThat(text(client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT)))
                .contains("nothing");
        assertThat(text(client.send(call("asks", Duration.ofSeconds(20)), new Accepting())))
                .contains("accept");
    }

    @Test
    void startsAgainAfterTheChildHasDied() throws Exception {
        var client = client(Era.MODERN);

        assertThat(text(client.send(call("dies", Duration.ofSeconds(20)), Exchange.SILENT)))
                .contains("upstream_broken");
        Thread.sleep(500);
        assertThat(text(client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT)))
                .contains("nothing");
    }

    @Test
    void givesUpAtTheDeadline() throws Exception {
        var client = client(Era.MODERN);
        client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT);

        assertThat(text(client.send(call("hangs", Duration.ofMillis(500)), Exchange.SILENT)))
                .contains("upstream_timeout");
    }

    @Test
    void skipsALineThatIsNoMessage() throws Exception {
        assertThat(text(client(Era.MODERN, "starting up...")
                        .send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT)))
                .contains("nothing");
    }

    @Test
    void handsOnNoVariableOfItsOwn() throws Exception {
        assertThat(text(client(Era.MODERN).send(call("variables", Duration.ofSeconds(20)), Exchange.SILENT)))
                .contains("ONLY")
                .doesNotContain("HOME", "JAVA_HOME", "PWD\"");
    }

    @Test
    void leavesNoChildBehind() throws Exception {
        var client = client(Era.MODERN);
        client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT);
        var child = ProcessHandle.current().descendants().toList();

        client.close();

        assertThat(child).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    /// A legacy server in a few lines of shell; what it does with `server/discover` is given.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit 3",
                ":",
                "echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"error\":{\"code\":-32000,\"message\":\"what\"}}'",
                "echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"error\":{\"code\":-32601,\"message\":\"what\"}}'",
                "echo '{\"jsonrpc\":\"2.0\",\"id\":'$id',\"result\":{}}'"
            })
    void speaksLegacyToAServerThatDoesNotKnowTheProbe(String answer) throws Exception {
        var script = """
                while read -r line; do
                  id=$(echo "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
                  case "$line" in
                    *server/discover*) %s ;;
                    *'"initialize"'*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}' ;;
                    *tools/call*) echo '{"jsonrpc":"2.0","id":'$id',"result":{"content":[],"spoke":"legacy"}}' ;;
                  esac
                done
                """.formatted(answer);
        var client = shell(script, Era.AUTO);

        var reply = text(client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT));
        for (int i = 0; i < 20 && !reply.contains("spoke"); i++) {
            // One that died is not started again at once.
            Thread.sleep(100);
            reply = text(client.send(call("echo", Duration.ofSeconds(20)), Exchange.SILENT));
        }

        assertThat(reply).contains("\"spoke\":\"legacy\"");
        assertThat(client.era()).isEqualTo(Era.LEGACY);
    }

    @Test
    void closesTheInputThenAsksThenForces(@TempDir Path folder) throws Exception {
        var diary = folder.resolve("diary");
        var client = shell(
                "trap 'echo asked >>" + diary + "' TERM; read -r line; echo started >>" + diary + "; cat >/dev/null; "
                        + "echo closed >>" + diary + "; while :; do sleep 0.1; done",
                Era.MODERN);
        client.send(call("echo", Duration.ofMillis(500)), Exchange.SILENT);
        for (int i = 0; i < 400 && !Files.exists(diary); i++) {
            Thread.sleep(50);
        }
        var child = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(diary.toString()))
                .toList();

        client.close();

        assertThat(Files.readAllLines(diary)).containsExactly("started", "closed", "asked");
        assertThat(child).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void letsAChildEndByItselfWhenItsInputCloses(@TempDir Path folder) throws Exception {
        var diary = folder.resolve("diary");
        var client = shell("trap 'echo asked >>" + diary + "' TERM; cat >/dev/null; echo ended >>" + diary, Era.MODERN);
        client.send(call("echo", Duration.ofMillis(500)), Exchange.SILENT);

        client.close();

        assertThat(Files.readAllLines(diary)).containsExactly("ended");
    }

    /// The child that does not answer the handshake is nobody's yet; it must not stay behind all the same.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNoChildBehindThatIsStillGreeted(boolean closed, @TempDir Path folder) throws Exception {
        var diary = folder.resolve("diary");
        var client = shell("while read -r line; do echo asked >>" + diary + "; done", Era.LEGACY);
        var calling = Thread.ofVirtual().start(() -> {
            try {
                client.send(call("echo", Duration.ofMinutes(5)), Exchange.SILENT);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 1200 && !Files.exists(diary); i++) {
            Thread.sleep(50);
        }
        var child = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(diary.toString()))
                .toList();

        if (closed) {
            client.close();
        } else {
            calling.interrupt();
        }

        assertThat(calling.join(Duration.ofMinutes(1))).isTrue();
        assertThat(child).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    private StdioMcpClient shell(String script, Era era) {
        var client = new StdioMcpClient(
                List.of("/bin/sh", "-c", script),
                Map.of("PATH", "/usr/bin:/bin"),
                ClientOptions.of(JsonObject.of("name", "t", "version", "1")).withEra(era));
        open.add(client);
        return client;
    }

    @Test
    void saysThatACommandCannotBeStarted() throws Exception {
        var client = new StdioMcpClient(
                List.of("/does/not/exist"), Map.of(), ClientOptions.of(JsonObject.of("name", "t", "version", "1")));
        open.add(client);

        assertThat(text(client.send(call("echo", Duration.ofSeconds(5)), Exchange.SILENT)))
                .contains("upstream_unreachable", "maybeSent=false");
    }

    private StdioMcpClient client(Era era, String... first) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                StdioPeer.class.getName()));
        command.addAll(List.of(first));
        var client = new StdioMcpClient(
                command,
                Map.of("ONLY", "this"),
                ClientOptions.of(JsonObject.of("name", "t", "version", "1"))
                        .withEra(era)
                        .withRelay(Set.of("elicitation")));
        open.add(client);
        return client;
    }

    private static UpstreamRequest call(String tool, Duration deadline) {
        return new UpstreamRequest(
                "tools/call",
                Optional.of(tool),
                RawJson.of(("{\"name\":\"" + tool + "\"}").getBytes(StandardCharsets.UTF_8)),
                ASKABLE,
                "ann",
                Map.of(),
                deadline);
    }

    private static String text(UpstreamReply reply) {
        return switch (reply.whole()) {
            case UpstreamReply.Answered(McpReply.Result result) -> result.body().toString();
            case UpstreamReply.Answered(McpReply.Failure failure) -> failure.toString();
            case UpstreamReply.Failed failed -> failed.toString();
        };
    }

    private static final class Accepting implements Exchange {
        @Override
        public void notify(String method, RawJson params) {}

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            return new Answer.Given(RawJson.of(JsonObject.of("action", "accept")));
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }
}
