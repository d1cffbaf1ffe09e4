package mistmcp.gateway.api;

import static mistmcp.gateway.api.WireCaller.structured;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commits at an upstream with a fixed credential, or none, that refuses them before it looks at them.
final class RefusedCommitIT {
    private static final JsonObject WIPE = JsonObject.of("text", "all");

    @TempDir
    private Path directory;

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile int status;
    private final FakeUpstream upstream = new FakeUpstream()
            .with(FakeUpstream.definition("wipe"))
            .guarded((request, response) -> {
                var tool = request.header("Mcp-Name");
                if (tool.isEmpty()) {
                    return true;
                }
                refused.add(tool.get());
                response.header("WWW-Authenticate", "Bearer");
                response.send(status);
                return false;
            });
    private RunningGate gate;

    @BeforeEach
    void open() throws InterruptedException {
        gate = new RunningGate(directory, "field", RunningGate.stranger(upstream, UpstreamSettings.Era.MODERN));
    }

    @AfterEach
    void close() {
        gate.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({"401, aborted, false", "403, unknown, unknown", "500, unknown, unknown"})
    void whatIsRefusedUnseenIsKnownNotToHaveHappened(int answered, String state, String sent) throws Exception {
        status = answered;
        var plan = structured(gate.modern("alice").tool("wipe", WIPE));
        var commit =
                WIPE.with("commit", true).with("confirmation", plan.string("id").orElseThrow());

        var told = structured(gate.modern("alice").tool("wipe", commit));
        gate.modern("alice").tool("wipe", commit);

        assertThat(told.string("state")).contains(state);
        assertThat(refused).as("sent once, and never again").containsExactly("wipe");
        assertThat(upstream.calls()).isEmpty();
        assertThat(gate.records("commit.intent")).hasSize(1);
        assertThat(gate.records("commit.outcome"))
                .singleElement()
                .satisfies(record -> assertThat(Json.text(record)).contains(state, "HTTP status " + answered));
        assertThat(Json.text(told)).contains("\"sent\":" + (sent.equals("unknown") ? "\"unknown\"" : sent));
    }
}
