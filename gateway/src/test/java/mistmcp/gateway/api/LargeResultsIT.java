package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.UpstreamReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the audit log says of results that are relayed as they come.
final class LargeResultsIT {
    private static final String BIG = "rows and rows, ".repeat(20_000);
    private static final McpReply RESULT = FakeUpstream.text(BIG);

    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream()
            .with(FakeUpstream.definition("get_rows"), (_, _) -> RESULT)
            .with(FakeUpstream.definition("get_cut"), (_, _) -> cut());

    private Optional<RunningGate> gate = Optional.empty();

    @AfterEach
    void close() {
        gate.ifPresent(RunningGate::close);
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsTheDigestOfWhatTheUpstreamSent(boolean modern) throws InterruptedException {
        var running = start();

        var reply = (modern ? running.modern("alice") : running.legacy("alice"))
                .tool("get_rows", JsonObject.EMPTY)
                .object("result")
                .orElseThrow();

        assertThat(reply.object("structuredContent").orElseThrow().string("said"))
                .contains(BIG);
        long decided = reply.object("_meta")
                .orElseThrow()
                .object("mistmcp/receipt")
                .orElseThrow()
                .get("index")
                .map(index -> Long.parseLong(index.toString()))
                .orElseThrow();
        assertThat(running.audit.read(decided).orElseThrow().string("event")).contains("call.decision");
        var sent = ((McpReply.Result) RESULT).body();
        var outcome = outcome(running);
        assertThat(outcome.string("outcome")).contains("done");
        assertThat(outcome.string("resultDigest")).contains(Sha256.of(sent));
        assertThat(outcome.get("resultBytes")).hasToString("Optional[" + sent.length() + "]");
    }

    @Test
    void saysThatAResultBrokeOff() throws InterruptedException {
        var running = start();
        var caller = running.legacy("alice");

        assertThatThrownBy(() -> caller.tool("get_cut", JsonObject.EMPTY)).isInstanceOf(UncheckedIOException.class);

        var outcome = outcome(running);
        assertThat(outcome.string("outcome")).contains("failed");
        assertThat(outcome.string("code"))
                .hasValueSatisfying(code -> assertThat(code).isIn("upstream_broken", "upstream_garbage"));
        assertThat(outcome.has("resultDigest")).isFalse();
    }

    private static JsonObject outcome(RunningGate running) throws InterruptedException {
        RunningGate.eventually(() -> !running.records("call.outcome").isEmpty());
        return running.records("call.outcome").getFirst();
    }

    private RunningGate start() throws InterruptedException {
        var running = new RunningGate(directory, "page", RunningGate.stranger(upstream, UpstreamSettings.Era.LEGACY));
        gate = Optional.of(running);
        return running;
    }

    /// A result whose server fails in the middle of it: behind so much that the gateway has begun to relay it.
    private static McpReply cut() {
        var head = RawJson.of("{\"content\":[{\"type\":\"text\",\"text\":\"".getBytes(StandardCharsets.UTF_8));
        var more = RawJson.of(BIG.getBytes(StandardCharsets.UTF_8));
        return new McpReply.Streamed(
                new ResultStream(new ResultStream.Incoming() {
                    private int pieces;

                    @Override
                    public boolean next() throws IOException {
                        if (++pieces > 40) {
                            throw new IOException("cut");
                        }
                        return true;
                    }

                    @Override
                    public ResultStream.Piece piece() {
                        return new ResultStream.Piece(pieces == 1 ? head : more, List.of(), false);
                    }

                    @Override
                    public UpstreamReply.Failed failed(IOException why) {
                        return new UpstreamReply.Failed("upstream_broken", "cut", true);
                    }

                    @Override
                    public void close() {}
                }),
                JsonObject.EMPTY,
                Optional.empty());
    }
}
