package mistmcp.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpResponse;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.server.Endpoint;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.Offering;
import mistmcp.mcp.server.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a client of ours listens to a server, in both eras and over both transports.
class ListeningIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String NOTE = "test://note";
    private static final String MARKER = "test://marker";
    private static final String OFFERS =
            "{\"tools\":{\"listChanged\":true},\"resources\":{\"listChanged\":true,\"subscribe\":true}}";

    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 16);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Heard heard = new Heard();

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
        http.close();
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void hearsOfListsAndOfTheResourcesThatAreWanted(Era era) throws Exception {
        var endpoint = kept(new Endpoint(new Offering(Tools.echo()), McpOptions.SESSIONS));
        var client = listening(endpoint.uri(), era);
        client.want(Set.of(NOTE, MARKER));
        assertThat(client.refused(Set.of(NOTE, MARKER), LONG)).isEmpty();

        endpoint.mcp().listChanged("tools");
        endpoint.mcp().resourceUpdated("test://other");
        endpoint.mcp().resourceUpdated(NOTE);
        endpoint.mcp().resourceUpdated(MARKER);

        // That it listens is told by another thread than what it hears. That a list has changed may be told
        // twice.
        eventually(() -> heard.all.containsAll(Set.of(MARKER, "listening false")));
        assertThat(heard.all)
                .containsSubsequence("tools", NOTE, MARKER)
                .containsOnlyOnce(NOTE, MARKER, "listening false")
                .containsOnly("listening false", "tools", NOTE, MARKER);
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void hearsOverAPipe(Era era) throws Exception {
        var client = kept(piped(era));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(NOTE, MARKER));
        // While the child is not there nothing is refused either.
        eventually(() -> heard.all.contains("listening false"));
        assertThat(client.refused(Set.of(NOTE, MARKER), LONG)).isEmpty();
        assertThat(client.tellsNoUpdates()).isFalse();

        client.send(tool("changes"), Exchange.SILENT);

        eventually(() -> heard.all.contains(MARKER));
        assertThat(heard.all).contains("tools", NOTE).doesNotContain("test://other");
    }

    @ParameterizedTest
    @EnumSource(Era.class)
    void listensAgainToAChildThatHasDied(Era era) throws Exception {
        var client = kept(piped(era));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(NOTE, MARKER));
        eventually(() -> heard.all.contains("listening false"));
        assertThat(client.refused(Set.of(NOTE, MARKER), LONG)).isEmpty();

        client.send(tool("dies"), Exchange.SILENT);

        eventually(() -> heard.all.contains("listening true"));
        client.send(tool("changes"), Exchange.SILENT);
        eventually(() -> heard.all.contains(MARKER));
        assertThat(heard.all).contains(NOTE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"MODERN", "LEGACY"})
    void whatIsWantedChangesWithoutAGapAndOnOneConnection(Era era) throws Exception {
        var offering = new Offering(Tools.echo());
        var endpoint = kept(new Endpoint(offering, McpOptions.SESSIONS));
        var client = listening(endpoint.uri(), era);
        for (int i = 0; i < 40; i++) {
            client.want(Set.of(NOTE, "test://" + i));
            if (i % 8 == 0) {
                client.refused(Set.of("test://" + i), LONG);
            }
        }
        client.want(Set.of(NOTE, MARKER));
        assertThat(client.refused(Set.of(NOTE, MARKER), LONG)).isEmpty();

        eventually(() -> offering.held().size() == 2);
        assertThat(offering.held()).containsExactlyInAnyOrder(NOTE, MARKER);
        assertThat(heard.all).containsExactly("listening false");
    }

    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"MODERN", "LEGACY"})
    void closingEndsTheStreamAndTheSubscriptions(Era era) throws Exception {
        var offering = new Offering(Tools.echo());
        var endpoint = kept(new Endpoint(offering, McpOptions.SESSIONS));
        var client = new HttpMcpClient(http, endpoint.uri(), options(era));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(NOTE));
        assertThat(client.refused(Set.of(NOTE), LONG)).isEmpty();
        assertThat(offering.held()).containsExactly(NOTE);

        client.close();

        eventually(() -> offering.held().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"MODERN", "LEGACY"})
    void knowsWhichResourcesTheServerDoesNotAgreeTo(Era era) throws Exception {
        var offering = new Offering(Tools.echo());
        offering.refuse("test://secret");
        var endpoint = kept(new Endpoint(offering, McpOptions.SESSIONS));
        var client = listening(endpoint.uri(), era);
        client.want(Set.of(NOTE, "test://secret"));

        assertThat(client.refused(Set.of(NOTE, "test://secret"), LONG)).containsExactly("test://secret");
    }

    @Test
    void aModernStreamThatIsCutIsOpenedAgainWithWhatIsWanted() throws Exception {
        var streams = new AtomicInteger();
        var server = kept(new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "server/discover" -> discovered(response, asked, OFFERS);
                case "subscriptions/listen" -> {
                    var out = response.stream(200, "text/event-stream");
                    acknowledge(out, asked);
                    if (!wish(asked).has("resourceSubscriptions")) {
                        hold(out);
                    } else if (streams.incrementAndGet() == 2) {
                        updated(out, asked, MARKER);
                        hold(out);
                    }
                    out.close();
                }
                default -> ScriptedServer.result(response, asked, "{}");
            }
        }));
        var client = kept(new HttpMcpClient(http, server.uri(), options(Era.MODERN)));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(MARKER));

        eventually(() -> heard.all.contains(MARKER));
        eventually(() -> heard.all.contains("listening true"));
        assertThat(heard.all).containsExactlyInAnyOrder("listening false", "deaf", "listening true", MARKER);
        assertThat(wish(server.seen().getLast()).array("resourceSubscriptions").map(JsonArray::strings))
                .contains(List.of(MARKER));
    }

    /// The only requests that a refusal can be answered to are those of the stream itself.
    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"MODERN", "LEGACY"})
    void aStreamThatIsRefusedWithItsTokenIsOpenedWithTheNextOne(Era era) throws Exception {
        var streams = new AtomicInteger();
        var server = kept(new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "server/discover" -> discovered(response, asked, OFFERS);
                case "initialize" -> {
                    response.header("Mcp-Session-Id", "s1");
                    welcome(response, asked, OFFERS);
                }
                case "GET", "subscriptions/listen" -> {
                    if (!asked.header("Authorization").equals(streams.get() == 0 ? "Bearer t1" : "Bearer t2")) {
                        response.header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
                        response.send(401);
                        return;
                    }
                    var out = response.stream(200, "text/event-stream");
                    acknowledge(out, asked);
                    // The first one ends with its token.
                    if (streams.incrementAndGet() > 1) {
                        updated(out, asked, MARKER);
                        hold(out);
                    }
                    out.close();
                }
                default -> response.send(202);
            }
        }));
        var tokens = new AuthorizedClientIT.Tokens(2);
        var client = kept(new HttpMcpClient(http, server.uri(), options(era), tokens));

        client.listen(ListeningIT::own, heard);

        eventually(() -> heard.all.contains(MARKER));
        assertThat(server.seen())
                .filteredOn(seen -> List.of("GET", "subscriptions/listen").contains(seen.rpc()))
                .extracting(seen -> seen.header("Authorization"))
                .containsExactly("", "Bearer t1", "Bearer t1", "Bearer t2");
        assertThat(tokens.challenges).hasSize(2);
    }

    @Test
    void aLegacyServerThatLostTheSessionIsGreetedAndSubscribedToAgain() throws Exception {
        var sessions = new AtomicInteger();
        var server = kept(new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "initialize" -> {
                    response.header("Mcp-Session-Id", "s" + sessions.incrementAndGet());
                    welcome(response, asked, OFFERS);
                }
                case "GET" -> {
                    if (!asked.header("Mcp-Session-Id").equals("s" + sessions.get())) {
                        response.send(404);
                        return;
                    }
                    var out = response.stream(200, "text/event-stream");
                    write(out, ":\n\n");
                    if (sessions.get() == 1) {
                        // The server has been started anew: nothing of before is known.
                        sessions.incrementAndGet();
                    } else {
                        hold(out);
                    }
                    out.close();
                }
                case "notifications/initialized" -> response.send(202);
                default -> ScriptedServer.result(response, asked, "{}");
            }
        }));
        var client = kept(new HttpMcpClient(http, server.uri(), options(Era.LEGACY)));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(NOTE));

        eventually(() -> heard.all.contains("listening true"));
        assertThat(client.refused(Set.of(NOTE), LONG)).isEmpty();
        var last = server.seen().stream()
                .filter(seen -> seen.rpc().equals("resources/subscribe"))
                .toList()
                .getLast();
        assertThat(last.header("Mcp-Session-Id")).isEqualTo("s3");
        assertThat(last.params().string("uri")).contains(NOTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tools\":{},\"resources\":{\"subscribe\":false}}"})
    void aModernServerThatOffersNoChangesIsNotListenedTo(String capabilities) throws Exception {
        var server = kept(new ScriptedServer((asked, response) -> discovered(response, asked, capabilities)));
        var client = kept(new HttpMcpClient(http, server.uri(), options(Era.MODERN)));
        client.listen(ListeningIT::own, heard);
        eventually(() -> heard.all.contains("deaf"));
        client.want(Set.of(NOTE));

        // Longer than the pause after a failure, so that a server asked each second would have been asked again.
        Thread.sleep(2_500);
        assertThat(server.methods()).containsExactly("server/discover");
        assertThat(client.tellsNoUpdates()).isTrue();
        assertThat(client.refused(Set.of(NOTE), LONG)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 401, 403, 404})
    void aServerThatRefusesTheStreamIsAskedOnce(int status) throws Exception {
        var server = kept(new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "initialize" -> welcome(response, asked, OFFERS);
                case "GET" -> response.send(status);
                case "notifications/initialized" -> response.send(202);
                default -> ScriptedServer.result(response, asked, "{}");
            }
        }));
        var client = kept(new HttpMcpClient(http, server.uri(), options(Era.LEGACY)));
        client.listen(ListeningIT::own, heard);
        client.want(Set.of(NOTE));
        eventually(() -> heard.all.contains("deaf"));

        Thread.sleep(2_500);
        assertThat(server.methods()).containsExactly("initialize", "notifications/initialized", "GET");
        assertThat(client.tellsNoUpdates()).isTrue();
    }

    @Test
    void noNotificationIsTakenBeforeTheAcknowledgementOrUnderAnotherId() throws Exception {
        var server = kept(new ScriptedServer((asked, response) -> {
            if (asked.rpc().equals("server/discover")) {
                discovered(response, asked, OFFERS);
                return;
            }
            var out = response.stream(200, "text/event-stream");
            updated(out, asked, "test://too-early");
            acknowledge(out, asked);
            write(
                    out,
                    "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":"
                            + "\"test://foreign\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":999}}}\n\n");
            updated(out, asked, MARKER);
            hold(out);
        }));
        var client = kept(new HttpMcpClient(http, server.uri(), options(Era.MODERN)));
        client.listen(ListeningIT::own, heard);

        eventually(() -> heard.all.contains(MARKER));
        assertThat(heard.all).doesNotContain("test://too-early", "test://foreign");
    }

    @ParameterizedTest
    @EnumSource(
            value = Era.class,
            names = {"MODERN", "LEGACY"})
    void whatIsToldOnTheStreamOfACallIsNoBusinessOfItsCaller(Era era) throws Exception {
        var server = kept(new ScriptedServer((asked, response) -> {
            switch (asked.rpc()) {
                case "server/discover" -> discovered(response, asked, "{}");
                case "initialize" -> welcome(response, asked, "{}");
                case "notifications/initialized" -> response.send(202);
                default -> {
                    var out = response.stream(200, "text/event-stream");
                    updated(out, asked, MARKER);
                    write(out, "data: {\"jsonrpc\":\"2.0\",\"id\":" + asked.id() + ",\"result\":{}}\n\n");
                    out.close();
                }
            }
        }));
        var client = kept(new HttpMcpClient(http, server.uri(), options(era)));
        client.listen(ListeningIT::own, heard);
        var told = new CopyOnWriteArrayList<String>();

        client.send(tool("echo"), new Noting(told));

        assertThat(told).isEmpty();
        assertThat(heard.all).contains(MARKER);
    }

    private HttpMcpClient listening(java.net.URI uri, Era era) {
        var client = kept(new HttpMcpClient(http, uri, options(era)));
        client.listen(ListeningIT::own, heard);
        return client;
    }

    private static ClientOptions options(Era era) {
        return ClientOptions.of(JsonObject.of("name", "test-client", "version", "1"))
                .withEra(era);
    }

    private static StdioMcpClient piped(Era era) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new StdioMcpClient(
                List.of(java, "-cp", System.getProperty("java.class.path"), StdioPeer.class.getName()),
                Map.of(),
                options(era));
    }

    private static UpstreamRequest own(String method, Optional<String> target, RawJson params, Duration deadline) {
        return new UpstreamRequest(method, target, params, RequestMeta.NONE, "us", Map.of("Caller", "us"), deadline);
    }

    private static UpstreamRequest tool(String name) {
        return new UpstreamRequest(
                "tools/call",
                Optional.of(name),
                RawJson.of(JsonObject.of("name", name)),
                RequestMeta.NONE,
                "ann",
                Map.of("Caller", "ann"),
                LONG);
    }

    private static JsonObject wish(ScriptedServer.Seen seen) {
        return seen.params().object("notifications").orElse(JsonObject.EMPTY);
    }

    private static void discovered(HttpResponse response, ScriptedServer.Seen asked, String capabilities)
            throws IOException {
        ScriptedServer.result(
                response,
                asked,
                "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":" + capabilities
                        + "}");
    }

    private static void welcome(HttpResponse response, ScriptedServer.Seen asked, String capabilities)
            throws IOException {
        ScriptedServer.result(
                response,
                asked,
                "{\"protocolVersion\":\"2025-11-25\",\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"},\"capabilities\":"
                        + capabilities + "}");
    }

    private static void acknowledge(OutputStream out, ScriptedServer.Seen asked) throws IOException {
        write(
                out,
                "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{"
                        + "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + asked.id()
                        + "},\"notifications\":" + mistmcp.json.Json.text(wish(asked)) + "}}\n\n");
    }

    private static void updated(OutputStream out, ScriptedServer.Seen asked, String uri) throws IOException {
        write(
                out,
                "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"" + uri
                        + "\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + asked.id() + "}}}\n\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// Until the other side goes.
    private static void hold(OutputStream out) throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            write(out, ":\n\n");
            Thread.sleep(100);
        }
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    private static void eventually(BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; i < 1200; i++) {
            if (holds.getAsBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it never came to be");
    }

    /// Keeps what a server told, in order.
    private static final class Heard implements ServerChanges {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void listChanged(String kind) {
            all.add(kind);
        }

        @Override
        public void resourceUpdated(String uri) {
            all.add(uri);
        }

        @Override
        public void listening(boolean again) {
            all.add("listening " + again);
        }

        @Override
        public void deaf(String why) {
            all.add("deaf");
        }
    }

    /// A caller that keeps the methods it is told.
    private record Noting(List<String> told) implements Exchange {
        @Override
        public void notify(String method, RawJson params) {
            told.add(method);
        }

        @Override
        public Answer ask(String method, RawJson params, Duration patience) {
            return new Answer.NotSupported();
        }

        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void onCancel(Runnable action) {}
    }
}
