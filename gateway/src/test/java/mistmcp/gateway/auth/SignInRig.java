package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import mistmcp.gateway.api.AuthEndpoints;
import mistmcp.gateway.api.GatewayFacts;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What a test of signing in stands on: a little provider, the gateway's endpoints over real HTTP, a clock
/// that the test moves, and what the journal was told. One for each test.
final class SignInRig implements BeforeEachCallback, AfterEachCallback {
    private static final GatewayFacts FACTS = new GatewayFacts(() -> true, true, "localhost", "planner/1");

    final SetClock clock = new SetClock();
    final HttpClient wire = HttpClient.newHttpClient();
    final List<SignInEvent> events = Collections.synchronizedList(new ArrayList<>());
    final FakeIdp idp = new FakeIdp(FakeIdp.SIGNER, clock);
    final FakeAuthorization provider = idp.people();

    private final mistmcp.http.HttpClient outbound = new mistmcp.http.HttpClient(Duration.ofSeconds(2), 16);
    private Optional<Path> folder = Optional.empty();
    private Optional<JwksStore> keys = Optional.empty();
    private Optional<HttpServer> server = Optional.empty();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException, InterruptedException {
        folder = Optional.of(Files.createTempDirectory("mist-sign-in"));
        start(Map.of());
    }

    /// Starts the gateway's side anew, with more settings.
    void start(Map<String, String> more) throws InterruptedException {
        start(more, Provider.Patience.USUAL);
    }

    void start(Map<String, String> more, Provider.Patience patience) throws InterruptedException {
        stop();
        var values = new HashMap<>(idp.settings());
        values.put("DATA_DIR", folder.orElseThrow().toString());
        values.putAll(more);
        var env = Env.of(values);
        var settings = (AuthSettings.Oidc) AuthSettings.read(env);
        env.check();
        var store = JwksStore.open(settings, outbound, clock);
        keys = Optional.of(store);
        store.awaitFirst(Duration.ofSeconds(10));
        var browsers = new BrowserSessions(settings.address(), clock);
        var authenticator = new Authenticator(settings, store, clock);
        var callers = new Callers(authenticator, browsers, events::add);
        var oidc = new OidcSignIn(
                settings,
                new Provider(settings, FakeAuthorization.CLIENT, outbound, clock, patience),
                authenticator,
                browsers,
                events::add,
                clock);
        server = Optional.of(HttpServer.start(
                ServerSettings.loopback(0),
                new AuthEndpoints(settings, FACTS, callers, browsers, events::add, Optional.empty(), Optional.of(oidc))
                        .routes()));
    }

    private void stop() {
        server.ifPresent(HttpServer::close);
        keys.ifPresent(JwksStore::close);
    }

    String base() {
        return "http://localhost:" + server.orElseThrow().port();
    }

    /// A browser that has not been here.
    WebBrowser browser() {
        return WebBrowser.at(base(), wire);
    }

    /// The sign-ins that came about.
    List<SignInEvent> opened() {
        return events.stream().filter(SignInEvent.Opened.class::isInstance).toList();
    }

    /// Why sign-ins were refused, as the audit log would have it.
    List<String> reasons() {
        return events.stream()
                .map(event -> switch (event) {
                    case SignInEvent.Refused refused -> refused.reason();
                    case SignInEvent.TurnedAway away -> away.reason();
                    default -> "";
                })
                .filter(reason -> !reason.isEmpty() && !reason.equals("sign_in_required"))
                .toList();
    }

    /// A change of one claim or member.
    static UnaryOperator<JsonObject> with(String name, Object value) {
        return claims -> claims.with(name, value);
    }

    /// Waits for what comes about in the background.
    static void eventually(Callable<Boolean> holds) throws InterruptedException {
        for (int tries = 0; tries < 500; tries++) {
            try {
                if (holds.call()) {
                    return;
                }
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("did not come about in 10 s");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        stop();
        idp.close();
        outbound.close();
        wire.close();
        try (var kept = Files.walk(folder.orElseThrow())) {
            for (var path : kept.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
