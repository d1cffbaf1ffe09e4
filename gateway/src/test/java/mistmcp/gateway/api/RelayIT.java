package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an upstream may ask and tell a caller, in the four cells of the two eras.
final class RelayIT {
    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream()
            .with(FakeUpstream.definition("get_elicitation"), asking("elicitation/create"))
            .with(FakeUpstream.definition("get_sampling"), asking("sampling/createMessage"))
            .with(FakeUpstream.definition("get_roots"), asking("roots/list"))
            .with(FakeUpstream.definition("get_log"), RelayIT::telling);

    private Optional<RunningGate> gate = Optional.empty();

    @AfterEach
    void close() {
        gate.ifPresent(RunningGate::close);
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "MODERN, true, elicitation", "MODERN, false, elicitation", "LEGACY, true, elicitation",
        "LEGACY, false, elicitation", "MODERN, true, sampling", "MODERN, false, sampling",
        "LEGACY, true, sampling", "LEGACY, false, sampling", "MODERN, true, roots",
        "MODERN, false, roots", "LEGACY, true, roots", "LEGACY, false, roots"
    })
    void aQuestionPassesOnlyWhereRelayNamesIt(UpstreamSettings.Era era, boolean modern, String kind)
            throws InterruptedException {
        var without = ask(era, modern, kind);
        assertThat(without.asked).isEmpty();
        assertThat(gate.orElseThrow().records("call.question")).isEmpty();

        var with = ask(era, modern, kind, kind);
        assertThat(with.asked).hasSize(1);
        var records = gate.orElseThrow().records("call.question");
        assertThat(records).hasSize(1);
        assertThat(records.getFirst().string("upstream")).contains("net");
        assertThat(records.getFirst().object("question").orElseThrow().string("action"))
                .contains(kind.equals("elicitation") ? "accept" : "answer");
        assertThat(Json.text(records.getFirst())).doesNotContain("CANARY");
    }

    private WireCaller ask(UpstreamSettings.Era era, boolean modern, String kind, String... relay)
            throws InterruptedException {
        var running = start(era, relay);
        var caller = (modern ? running.modern("alice") : running.legacy("alice"))
                .declaring("elicitation", "sampling", "roots")
                .answering(_ -> Optional.of(JsonObject.of("action", "accept", "canary", "CANARY")));

        var reply = Json.text(caller.tool("get_" + kind, JsonObject.EMPTY));

        if (relay.length == 0) {
            assertThat(reply).doesNotContain("CANARY");
        } else {
            assertThat(reply).contains("CANARY");
        }
        return caller;
    }

    @ParameterizedTest
    @CsvSource({"MODERN, true", "MODERN, false", "LEGACY, true", "LEGACY, false"})
    void logMessagesPassOnlyWhereRelayNamesThem(UpstreamSettings.Era era, boolean modern) throws InterruptedException {
        assertThat(log(era, modern).toldMethods()).doesNotContain("notifications/message");
        assertThat(log(era, modern, "logging").toldMethods()).containsOnlyOnce("notifications/message");
    }

    private WireCaller log(UpstreamSettings.Era era, boolean modern, String... relay) throws InterruptedException {
        var running = start(era, relay);
        var caller = modern ? running.modern("alice") : running.legacy("alice").declaring();
        caller.logging("info").tool("get_log", JsonObject.EMPTY);
        assertThat(upstream.calls()).isNotEmpty();
        return caller;
    }

    @Test
    void aCallerThatDidNotAskForLogsHearsNone() throws InterruptedException {
        var caller = start(UpstreamSettings.Era.MODERN, "logging").modern("alice");

        caller.tool("get_log", JsonObject.EMPTY);

        assertThat(caller.told).isEmpty();
    }

    private RunningGate start(UpstreamSettings.Era era, String... relay) throws InterruptedException {
        gate.ifPresent(RunningGate::close);
        var running = new RunningGate(directory, "page", RunningGate.stranger(upstream, era, relay));
        gate = Optional.of(running);
        return running;
    }

    /// Asks the caller, and answers what came of it.
    private static FakeUpstream.Act asking(String method) {
        return (McpRequest request, Exchange exchange) -> {
            var params = RawJson.of(JsonObject.of(
                    "message",
                    "what",
                    "requestedSchema",
                    JsonObject.of("type", "object"),
                    "messages",
                    java.util.List.of()));
            var answer = exchange.ask(method, params, Duration.ofSeconds(20));
            return FakeUpstream.text(
                    answer instanceof Exchange.Answer.Given given
                            ? given.result().toString()
                            : "none");
        };
    }

    private static McpReply telling(McpRequest request, Exchange exchange) {
        exchange.notify(
                "notifications/message", RawJson.of(JsonObject.of("level", "warning", "data", "from the upstream")));
        return FakeUpstream.text("told");
    }
}
