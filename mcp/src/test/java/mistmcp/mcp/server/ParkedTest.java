package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Exchange.Question;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParkedTest {
    private static final String CALL = "{\"name\":\"t\",\"arguments\":{\"a\":1}";
    private static final String ANSWERS = ",\"inputResponses\":{\"input\":{\"action\":\"accept\"}}";

    private final Ticking clock = new Ticking();
    private final Parked parked = new Parked(clock.options(10, 3, 8));
    private final Inquiry inquiry =
            new Inquiry(Map.of("input", new Question("elicitation/create", RawJson.EMPTY_OBJECT)));

    @Test
    void goesOnForTheSameCallerAndTheSameRequest() {
        var state = park("ann", inquiry);

        assertThat(retry("tools/call", CALL + ANSWERS, state, "ann")).isInstanceOf(Parked.Resumed.Going.class);
        assertThat(inquiry.isSettled()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools/call  | {\"name\":\"t\",\"arguments\":{\"a\":1}         | bob",
                "prompts/get | {\"name\":\"t\",\"arguments\":{\"a\":1}         | ann",
                "tools/call  | {\"name\":\"u\",\"arguments\":{\"a\":1}         | ann",
                "tools/call  | {\"name\":\"t\",\"arguments\":{\"a\":2}         | ann",
                "tools/call  | {\"name\":\"t\",\"arguments\":{\"a\":1,\"b\":1} | ann",
                "tools/call  | {\"name\":\"t\"                                 | ann",
                "tools/call  | {\"name\":\"t\",\"arguments\":{\"a\":1},\"x\":1 | ann"
            })
    void isWorthNothingToAnotherCallerMethodOrRequest(String method, String params, String caller) {
        var state = park("ann", inquiry);

        assertThat(retry(method, params + ANSWERS, state, caller)).isInstanceOf(Parked.Resumed.Refused.class);
        assertThat(inquiry.isSettled()).isFalse();
    }

    @Test
    void isTakenOnce() {
        var state = park("ann", inquiry);
        retry("tools/call", CALL + ANSWERS, state, "ann");

        assertThat(retry("tools/call", CALL + ANSWERS, state, "ann")).isInstanceOf(Parked.Resumed.Refused.class);
    }

    @Test
    void isWorthNothingWhenItIsTooOldAndWhoWaitsLearnsIt() {
        var state = park("ann", inquiry);
        clock.pass(Duration.ofMinutes(10).plusSeconds(1));

        assertThat(retry("tools/call", CALL + ANSWERS, state, "ann")).isInstanceOf(Parked.Resumed.Refused.class);
        assertThat(inquiry.isSettled()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"x, true", "'', true", "12345, false"})
    void isWorthNothingWhenItWasMadeUp(String state, boolean text) {
        park("ann", inquiry);
        var raw = text ? "\"" + state + "\"" : state;

        var resumed = resume("tools/call", CALL + ",\"requestState\":" + raw + ANSWERS + "}", "ann");

        assertThat(resumed).isInstanceOf(Parked.Resumed.Refused.class);
        assertThat(inquiry.isSettled()).isFalse();
    }

    @Test
    void asksAgainUnderANewStateWhenAnAnswerIsMissing() {
        var state = park("ann", inquiry);

        var again = retry("tools/call", CALL + ",\"inputResponses\":{\"other\":{\"action\":\"accept\"}}", state, "ann");

        assertThat(again)
                .isInstanceOfSatisfying(
                        Parked.Resumed.AskAgain.class,
                        asked -> assertThat(text(asked.message()))
                                .contains("\"resultType\":\"input_required\"", "\"input\":{")
                                .doesNotContain(state));
        assertThat(retry("tools/call", CALL + ANSWERS, state, "ann")).isInstanceOf(Parked.Resumed.Refused.class);
    }

    @Test
    void letsTheOldestOfTheSameCallerGoWhenItHasTooMany() {
        var bob = new Inquiry(Map.of("input", new Question("roots/list", RawJson.EMPTY_OBJECT)));
        park("bob", bob);
        park("ann", inquiry);
        for (int i = 0; i < 10; i++) {
            park("ann", new Inquiry(Map.of("input", new Question("roots/list", RawJson.EMPTY_OBJECT))));
        }

        assertThat(inquiry.isSettled()).isTrue();
        assertThat(bob.isSettled()).isFalse();
    }

    private String park(String caller, Inquiry asked) {
        var call = new LiveCall(request("tools/call", CALL + "}"));
        var message = text(parked.park(call, asked, RawJson.of("1".getBytes(StandardCharsets.US_ASCII)), caller));
        var result = Json.parseObject(message.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST)
                .object("result")
                .orElseThrow();
        return result.string("requestState").orElseThrow();
    }

    private Parked.Resumed retry(String method, String params, String state, String caller) {
        return resume(method, params + ",\"requestState\":\"" + state + "\"}", caller);
    }

    private Parked.Resumed resume(String method, String params, String caller) {
        var text = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + method + "\",\"params\":" + params + "}";
        var message = (Envelope.Request) Envelope.read(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        return parked.resume(message, request(method, params), caller);
    }

    private static McpRequest request(String method, String params) {
        var raw = RawJson.of(params.getBytes(StandardCharsets.UTF_8));
        return new McpRequest(
                Revision.V2026_07_28,
                method,
                JsonSpans.find(raw, "name").flatMap(RawJson::string),
                raw,
                JsonSpans.find(raw, "arguments"),
                new RequestMeta(
                        Optional.empty(), JsonObject.EMPTY, JsonObject.EMPTY, JsonObject.EMPTY, Optional.empty()));
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }
}
