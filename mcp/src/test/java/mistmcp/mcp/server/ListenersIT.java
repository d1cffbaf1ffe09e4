package mistmcp.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.http.InboundResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers hear on their streams, and what they do not. That nothing came is shown by a marker: a change
/// that is told later, and comes first.
class ListenersIT {
    private static final String MARKER = "test://marker";

    private final Offering offering = new Offering(Tools.echo());
    private final Endpoint endpoint = new Endpoint(offering, McpOptions.SESSIONS);
    private final Caller caller = new Caller(endpoint.uri());
    private final List<InboundResponse> streams = new ArrayList<>();

    @AfterEach
    void close() {
        streams.forEach(InboundResponse::close);
        caller.close();
        endpoint.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFloodOfChangesIsToldAtAPace(boolean modern) throws Exception {
        var lines = listening(modern, "ann", "test://note", MARKER);

        for (int i = 0; i < 10_000; i++) {
            endpoint.mcp().listChanged("tools");
            endpoint.mcp().resourceUpdated("test://note");
        }
        endpoint.mcp().resourceUpdated(MARKER);

        var before = untilMarker(lines);
        assertThat(before)
                .isNotEmpty()
                .hasSizeLessThan(100)
                .allMatch(text -> text.contains("tools/list_changed") || text.contains("test://note"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeOfAListThatIsTheSameForTheCallerIsNotTold(boolean modern) throws Exception {
        offering.mark("ann", "one");
        var lines = listening(modern, "ann", MARKER);

        endpoint.mcp().listChanged("tools");
        endpoint.mcp().resourceUpdated(MARKER);
        assertThat(untilMarker(lines)).isEmpty();

        offering.mark("ann", "two");
        endpoint.mcp().listChanged("tools");
        assertThat(event(lines)).contains("tools/list_changed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoDoesNotPassIsNotToldOfAResource(boolean modern) throws Exception {
        var lines = listening(modern, "ann", "test://note", MARKER);

        endpoint.mcp().resourceUpdated("test://note", "bob's");
        endpoint.mcp().resourceUpdated(MARKER, "ann's");

        assertThat(untilMarker(lines)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResourceThatIsRefusedIsNotAcknowledgedAndNotTold(boolean modern) throws Exception {
        offering.refuse("test://secret");

        var lines = listening(modern, "ann", "test://secret", MARKER);

        assertThat(acknowledged.get()).contains(MARKER).doesNotContain("test://secret");
        endpoint.mcp().resourceUpdated("test://secret");
        endpoint.mcp().resourceUpdated(MARKER);
        assertThat(untilMarker(lines)).isEmpty();
    }

    @Test
    void whatIsRefusedAltogetherIsNotInTheAcknowledgement() throws Exception {
        offering.refuse("test://secret");

        listening(true, "ann", "test://secret");

        assertThat(acknowledged.get()).contains("\"notifications\":{\"toolsListChanged\":true}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamEndsWithTheProofAndTellsNothingAfter(boolean modern) throws Exception {
        var lines = listening(modern, "ann", MARKER);

        endpoint.expire("ann");
        endpoint.mcp().resourceUpdated(MARKER);

        var rest = new ArrayList<String>();
        for (var event = event(lines); !event.isEmpty(); event = event(lines)) {
            rest.add(event);
        }
        if (modern) {
            assertThat(rest).hasSize(2);
            assertThat(rest.get(0)).contains("notifications/cancelled", "\"requestId\":7");
            assertThat(rest.get(1)).contains("\"id\":7", "\"resultType\":\"complete\"");
        } else {
            assertThat(rest).isEmpty();
        }
        assertThat(offering.held()).isEqualTo(modern ? List.of() : List.of(MARKER));
    }

    @Test
    void whatAStreamHeldIsLetGoOfWhenTheCallerGoes() throws Exception {
        listening(true, "ann", MARKER, "test://note");
        assertThat(offering.held()).containsExactlyInAnyOrder(MARKER, "test://note");

        streams.forEach(InboundResponse::close);

        for (int i = 0; i < 600 && !offering.held().isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(offering.held()).isEmpty();
    }

    @Test
    void whatASessionSubscribedToIsLetGoOfWithIt() throws Exception {
        listening(false, "ann", MARKER, "test://note");
        subscribe("resources/unsubscribe", "test://note", "ann");
        assertThat(offering.held()).containsExactly(MARKER);

        caller.plain("DELETE", "Mcp-Session-Id", session.get(), "Caller", "ann");

        assertThat(offering.held()).isEmpty();
    }

    @Test
    void anotherCallersSessionTakesNoSubscription() throws Exception {
        listening(false, "ann", MARKER);

        var reply = subscribe("resources/subscribe", "test://note", "bob");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(offering.held()).containsExactly(MARKER);
    }

    @Test
    void takesSoManyResourcesOfOneSessionAndNoMore() throws Exception {
        listening(false, "ann");
        for (int i = 0; i < Listeners.MAX_URIS; i++) {
            assertThat(subscribe("resources/subscribe", "test://" + i, "ann").text())
                    .contains("\"result\"");
        }

        assertThat(subscribe("resources/subscribe", "test://more", "ann").text())
                .contains("-32602", "too many");
        assertThat(subscribe("resources/subscribe", "test://7", "ann").text()).contains("\"result\"");
        assertThat(offering.held()).hasSize(Listeners.MAX_URIS).doesNotContain("test://more");
    }

    private final AtomicReference<String> acknowledged = new AtomicReference<>("");
    private final AtomicReference<String> session = new AtomicReference<>("");

    /// A stream that is open, with these resources subscribed to.
    private BufferedReader listening(boolean modern, String who, String... uris) throws IOException {
        if (modern) {
            var list = uris.length == 0 ? "" : "\"" + String.join("\",\"", uris) + "\"";
            var body = Caller.message(
                    "subscriptions/listen",
                    "\"notifications\":{\"toolsListChanged\":true,\"resourceSubscriptions\":[" + list + "]}");
            var lines = open(
                    "POST",
                    Optional.of(body),
                    Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen", "Caller", who));
            acknowledged.set(event(lines));
            return lines;
        }
        session.set(caller.initialize("2025-11-25", "Caller", who));
        for (var uri : uris) {
            var reply = subscribe("resources/subscribe", uri, who);
            if (reply.text().contains("\"result\"")) {
                acknowledged.set(acknowledged.get() + uri + " ");
            } else {
                assertThat(reply.text()).contains("\"error\"");
            }
        }
        var lines = open("GET", Optional.empty(), Map.of("Mcp-Session-Id", session.get(), "Caller", who));
        // The first comment says that the stream is listened to.
        assertThat(lines.readLine()).startsWith(":");
        return lines;
    }

    private Caller.Reply subscribe(String method, String uri, String who) throws IOException {
        return caller.post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{\"uri\":\"" + uri + "\"}}",
                "Mcp-Session-Id",
                session.get(),
                "Caller",
                who);
    }

    private BufferedReader open(String method, Optional<String> body, Map<String, String> headers) throws IOException {
        var response = caller.open(method, body, new HashMap<>(headers));
        streams.add(response);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static List<String> untilMarker(BufferedReader lines) throws IOException {
        var before = new ArrayList<String>();
        var event = event(lines);
        while (!event.contains(MARKER)) {
            assertThat(event).isNotEmpty();
            before.add(event);
            event = event(lines);
        }
        return before;
    }

    /// The next event; empty at the end of the stream.
    private static String event(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line;
            }
        }
        return "";
    }
}
