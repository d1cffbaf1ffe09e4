package mistmcp.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mistmcp.http.HttpClient;
import mistmcp.http.Reach;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.oauth.Authorization.Verdict;
import mistmcp.settings.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthClientIT {
    private static final URI BACK = URI.create("http://127.0.0.1:8000/upstreams/callback");
    private static final String PATH_PLACE = "GET /.well-known/oauth-protected-resource/mcp";
    private static final String HOST_PLACE = "GET /.well-known/oauth-protected-resource";
    private static final String RFC_PLACE = "GET /.well-known/oauth-authorization-server";
    private static final String OIDC_PLACE = "GET /.well-known/openid-configuration";

    private final Realm realm = new Realm();
    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 16, Reach.around("127.0.0.1"));
    private final MemoryVault vault = new MemoryVault();
    private final List<Refusal> lost = new CopyOnWriteArrayList<>();
    private final Ticking clock = new Ticking();

    private static final class Ticking implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        void pass(Duration time) {
            now = now.plus(time);
        }
    }

    @AfterEach
    void close() {
        http.close();
        realm.close();
    }

    private static OAuthOptions options() {
        return OAuthOptions.of("Mist MCP Gateway", BACK, "run it");
    }

    private OAuthClient client(OAuthOptions options) {
        return new OAuthClient(realm.mcp(), options, http, vault, clock, Visitor.NOBODY, lost::add);
    }

    private OAuthClient client() {
        return client(options());
    }

    private static Begun.Ready ready(Begun begun) {
        assertThat(begun).isInstanceOf(Begun.Ready.class);
        return (Begun.Ready) begun;
    }

    private static Map<String, String> query(URI address) {
        var query = new LinkedHashMap<String, String>();
        for (var pair : address.getRawQuery().split("&")) {
            int at = pair.indexOf('=');
            query.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private static Map<String, String> answer(Begun.Ready ready) {
        return Map.of("state", query(ready.address()).getOrDefault("state", ""), "code", "the-code");
    }

    private OAuthClient authorized(OAuthOptions options) {
        var client = client(options);
        assertThat(client.finish(answer(ready(client.begin())))).isInstanceOf(Finished.Done.class);
        realm.forget();
        return client;
    }

    private static String refusal(Begun begun) {
        assertThat(begun).isInstanceOf(Begun.Refused.class);
        return ((Begun.Refused) begun).refusal().code();
    }

    private static String refusal(Finished finished) {
        assertThat(finished).isInstanceOf(Finished.Refused.class);
        return ((Finished.Refused) finished).refusal().code();
    }

    private static Challenge challenge(int status, String... scopes) {
        return new Challenge(status, Optional.empty(), Set.of(scopes));
    }

    private static String token(OAuthClient client) {
        return client.bearer().map(Bearer::header).orElse("none");
    }

    // Asking for what lasts.

    @ParameterizedTest
    @ValueSource(strings = {"not_allowed", "invalid_scope"})
    void asksWithoutOfflineAccessOnceItIsNotGiven(String error) {
        var client = lasting(options());
        realm.on("/token", (asked, response) -> response.json(400, JsonObject.of("error", error)));

        var refused = client.finish(answer(ready(client.begin())));
        realm.gives(JsonObject.EMPTY);
        var second = ready(client.begin());

        assertThat(refusal(refused)).isEqualTo("oauth_token_refused");
        assertThat(((Finished.Refused) refused).refusal().detail()).contains("`offline_access`", "authorize again");
        assertThat(second.scopes()).containsExactly("run");
        assertThat(client.finish(answer(second))).isInstanceOf(Finished.Done.class);
    }

    @Test
    void asksWithoutOfflineAccessOnceAPageDeclinesIt() {
        var client = lasting(options());
        var first = ready(client.begin());
        assertThat(first.scopes()).containsExactlyInAnyOrder("run", "offline_access");

        client.finish(Map.of("state", query(first.address()).getOrDefault("state", ""), "error", "invalid_scope"));

        assertThat(ready(client.begin()).scopes()).containsExactly("run");
        assertThat(realm.tokenRequests()).isEmpty();
    }

    @Test
    void goesOnAskingForOfflineAccessWhereItIsNotTheReasonOrTheOperatorsWish() {
        var client = lasting(options());
        realm.on("/token", (asked, response) -> response.json(400, JsonObject.of("error", "invalid_grant")));
        client.finish(answer(ready(client.begin())));
        assertThat(ready(client.begin()).scopes()).contains("offline_access");

        var wished = lasting(new OAuthOptions(
                "Mist MCP Gateway",
                BACK,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of("run", "offline_access"),
                false,
                "run it"));
        realm.on("/token", (asked, response) -> response.json(400, JsonObject.of("error", "not_allowed")));
        wished.finish(answer(ready(wished.begin())));
        assertThat(ready(wished.begin()).scopes()).contains("offline_access");
    }

    /// A client of a server that lists `offline_access`, for an MCP server that wants `run`.
    private OAuthClient lasting(OAuthOptions options) {
        realm.says(
                        "/.well-known/oauth-protected-resource/mcp",
                        realm.resource(realm.url()).with("scopes_supported", JsonArray.of("run")))
                .says(
                        "/.well-known/oauth-authorization-server",
                        realm.metadata(realm.url()).with("scopes_supported", JsonArray.of("run", "offline_access")));
        return client(options);
    }

    @Test
    void asksForNoTokenAfterTheOtherWhereAFreshOneIsNotTaken() {
        realm.gives(JsonObject.of("expires_in", 3600, "refresh_token", "r"));
        var client = authorized(options());
        var notTaken = new Verdict.Failed(
                "upstream_needs_authorization", "needs authorization: run it (the server does not take its token)");

        for (int i = 0; i < 10; i++) {
            assertThat(client.challenged(challenge(401), client.bearer())).isEqualTo(notTaken);
            clock.pass(Duration.ofSeconds(20));
        }
        assertThat(realm.tokenRequests()).isEmpty();

        clock.pass(Duration.ofMinutes(5));
        assertThat(client.challenged(challenge(401), client.bearer())).isInstanceOf(Verdict.Again.class);
        assertThat(client.challenged(challenge(401), client.bearer())).isEqualTo(notTaken);
        assertThat(realm.tokenRequests()).hasSize(1);

        client.accepted();
        clock.pass(Duration.ofMinutes(1));
        assertThat(client.challenged(challenge(401), client.bearer())).isInstanceOf(Verdict.Again.class);
        assertThat(realm.tokenRequests()).hasSize(2);
        assertThat(lost).isEmpty();
    }

    @Test
    void goesOnSayingWhyItsAuthorizationHasEnded() {
        realm.gives(JsonObject.of("expires_in", 3600, "refresh_token", "r"));
        var client = authorized(options());
        clock.pass(Duration.ofMinutes(5));
        realm.on("/token", (asked, response) -> response.json(400, JsonObject.of("error", "invalid_grant")));

        client.challenged(challenge(401), client.bearer());
        var later = client.challenged(challenge(401), Optional.empty());

        assertThat(later)
                .isEqualTo(new Verdict.Failed(
                        "upstream_needs_authorization",
                        "needs authorization: run it (the authorization server gives no token: invalid_grant)"));
        assertThat(lost).hasSize(1);
    }

    // Finding the way.

    @Test
    void asksThePlaceOfThePathFirstAndThatOfTheHostThen() {
        realm.silent("/.well-known/oauth-protected-resource/mcp")
                .says(
                        "/.well-known/oauth-protected-resource",
                        realm.resource(realm.url()).with("resource", realm.url()));

        var ready = ready(client().begin());

        assertThat(realm.lines()).containsExactly(PATH_PLACE, HOST_PLACE, RFC_PLACE, "POST /register");
        assertThat(query(ready.address())).containsEntry("resource", realm.url());
    }

    @Test
    void asksNowhereElseWhenTheServerNamesThePlace() {
        realm.says("/elsewhere", realm.resource(realm.url()));
        var client = client();
        client.challenged(new Challenge(401, Optional.of(realm.url() + "/elsewhere"), Set.of()), Optional.empty());

        ready(client.begin());

        assertThat(realm.lines()).containsExactly("GET /elsewhere", RFC_PLACE, "POST /register");
    }

    @Test
    void asksForTheDescriptionOfAnIssuerInTheOrderOfTheSpecification() {
        var tenant = realm.url() + "/tenant";
        realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource(tenant))
                .says("/tenant/.well-known/openid-configuration", realm.metadata(tenant));

        ready(client().begin());

        assertThat(realm.lines())
                .containsExactly(
                        PATH_PLACE,
                        "GET /.well-known/oauth-authorization-server/tenant",
                        "GET /.well-known/openid-configuration/tenant",
                        "GET /tenant/.well-known/openid-configuration",
                        "POST /register");
    }

    @Test
    void asksForTheDescriptionOfAnIssuerWithoutPathInTwoPlaces() {
        realm.silent("/.well-known/oauth-authorization-server")
                .says("/.well-known/openid-configuration", realm.metadata(realm.url()));

        ready(client().begin());

        assertThat(realm.lines()).containsExactly(PATH_PLACE, RFC_PLACE, OIDC_PLACE, "POST /register");
    }

    /// Each is refused, and after what is wrong nothing more is asked.
    static Stream<Arguments> wrongs() {
        return Stream.of(
                wrong(
                        "no issuer",
                        "oauth_discovery_failed",
                        1,
                        realm -> realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource())),
                wrong(
                        "another resource",
                        "oauth_discovery_failed",
                        1,
                        realm -> realm.says(
                                "/.well-known/oauth-protected-resource/mcp",
                                realm.resource(realm.url()).with("resource", "https://evil.example.com/mcp"))),
                wrong(
                        "a resource beside",
                        "oauth_discovery_failed",
                        1,
                        realm -> realm.says(
                                "/.well-known/oauth-protected-resource/mcp",
                                realm.resource(realm.url()).with("resource", realm.url() + "/m"))),
                wrong(
                        "a resource below",
                        "oauth_discovery_failed",
                        1,
                        realm -> realm.says(
                                "/.well-known/oauth-protected-resource/mcp",
                                realm.resource(realm.url()).with("resource", realm.mcp() + "/below"))),
                wrong(
                        "no metadata at all",
                        "oauth_discovery_failed",
                        2,
                        realm -> realm.silent("/.well-known/oauth-protected-resource/mcp")),
                wrong(
                        "an issuer in a private network",
                        "oauth_address_refused",
                        1,
                        realm -> realm.says(
                                "/.well-known/oauth-protected-resource/mcp", realm.resource("https://10.0.0.1"))),
                wrong(
                        "an issuer where clouds keep credentials",
                        "oauth_address_refused",
                        1,
                        realm -> realm.says(
                                "/.well-known/oauth-protected-resource/mcp", realm.resource("http://169.254.169.254"))),
                wrong(
                        "a redirect instead of a description",
                        "oauth_discovery_failed",
                        1,
                        realm -> realm.on(
                                "/.well-known/oauth-protected-resource/mcp",
                                (seen, response) -> response.header("Location", realm.url() + "/elsewhere")
                                        .send(302))),
                wrong(
                        "another issuer",
                        "oauth_discovery_failed",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server", realm.metadata(realm.url() + "/"))),
                wrong(
                        "a broken issuer",
                        "oauth_discovery_failed",
                        2,
                        realm -> realm.on(
                                "/.well-known/oauth-authorization-server", (seen, response) -> response.send(500))),
                wrong(
                        "no PKCE",
                        "oauth_pkce_unsupported",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url()).without("code_challenge_methods_supported"))),
                wrong(
                        "plain PKCE only",
                        "oauth_pkce_unsupported",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url())
                                        .with("code_challenge_methods_supported", JsonArray.of("plain")))),
                wrong(
                        "a token endpoint in a private network",
                        "oauth_address_refused",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url()).with("token_endpoint", "https://192.168.0.1/token"))),
                wrong(
                        "a page that is a script",
                        "oauth_address_refused",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url()).with("authorization_endpoint", "javascript:alert(1)"))),
                wrong(
                        "a registration on http elsewhere",
                        "oauth_address_refused",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url())
                                        .with("registration_endpoint", "http://as.example.com/register"))),
                wrong(
                        "no way to register",
                        "oauth_client_unknown",
                        2,
                        realm -> realm.says(
                                "/.well-known/oauth-authorization-server",
                                realm.metadata(realm.url()).without("registration_endpoint"))),
                wrong(
                        "a registration refused",
                        "oauth_client_unknown",
                        3,
                        realm -> realm.on(
                                "/register", (seen, response) -> response.json(400, JsonObject.of("error", "no")))));
    }

    private static Arguments wrong(String name, String code, int requests, java.util.function.Consumer<Realm> change) {
        return Arguments.of(name, code, requests, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongs")
    void refusesWhatIsWrongAndAsksNothingMore(
            String name, String code, int requests, java.util.function.Consumer<Realm> change) {
        change.accept(realm);

        assertThat(refusal(client().begin())).as(name).isEqualTo(code);

        assertThat(realm.lines()).hasSize(requests);
    }

    @Test
    void doesNotFollowAServersPointerIntoAnotherNetwork() {
        var client = client();
        client.challenged(new Challenge(401, Optional.of("http://169.254.169.254/latest"), Set.of()), Optional.empty());

        assertThat(refusal(client.begin())).isEqualTo("oauth_address_refused");

        assertThat(realm.lines()).isEmpty();
    }

    // As whom.

    @Test
    void comesAsTheRegisteredClientBeforeAllOthers() {
        realm.says(
                "/.well-known/oauth-authorization-server",
                realm.metadata(realm.url()).with("client_id_metadata_document_supported", true));
        var registered = ClientIdentity.registered("ours", Optional.of(new Secret("s:s")));
        var client = client(
                options().withDocument(URI.create("https://gw.example/client")).withRegistered(registered));

        var ready = ready(client.begin());
        client.finish(answer(ready));

        assertThat(query(ready.address())).containsEntry("client_id", "ours");
        assertThat(realm.count("POST /register")).isZero();
        assertThat(realm.tokenRequests().getFirst().authorization())
                .isEqualTo("Basic "
                        + Base64.getEncoder().encodeToString("ours:s%3As".getBytes(StandardCharsets.US_ASCII)));
        assertThat(realm.tokenRequests().getFirst().form()).doesNotContainKeys("client_id", "client_secret");
    }

    @Test
    void comesByItsDocumentWhereThatIsTaken() {
        realm.says(
                "/.well-known/oauth-authorization-server",
                realm.metadata(realm.url()).with("client_id_metadata_document_supported", true));
        var client = client(options().withDocument(URI.create("https://gw.example/client")));

        var ready = ready(client.begin());
        client.finish(answer(ready));

        assertThat(query(ready.address())).containsEntry("client_id", "https://gw.example/client");
        assertThat(realm.count("POST /register")).isZero();
        assertThat(realm.tokenRequests().getFirst().form()).containsEntry("client_id", "https://gw.example/client");
    }

    @Test
    void registersOnceAtEachIssuerAndShowsNoneTheClientOfAnother() {
        var client = authorized(options());
        ready(client.begin());
        assertThat(realm.count("POST /register")).isZero();

        var tenant = realm.url() + "/tenant";
        realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource(tenant))
                .says("/.well-known/oauth-authorization-server/tenant", realm.metadata(tenant))
                .on("/register", (seen, response) -> response.json(201, JsonObject.of("client_id", "another")));
        var ready = ready(client.begin());

        assertThat(realm.count("POST /register")).isOne();
        assertThat(query(ready.address())).containsEntry("client_id", "another");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8000/upstreams/callback, native",
        "http://[::1]:8000/upstreams/callback, native",
        "http://localhost:8000/upstreams/callback, native",
        "https://gw.example.com/upstreams/callback, web",
        "https://10.0.0.1/upstreams/callback, web"
    })
    void registersAsWhatItIsAndToRenew(String back, String type) {
        ready(client(OAuthOptions.of("Mist MCP Gateway", URI.create(back), "run it"))
                .begin());

        var body = mistmcp.json.Json.parseObject(bodyOf("POST /register"));
        assertThat(body.string("application_type")).contains(type);
        assertThat(body.array("grant_types").orElseThrow().strings()).contains("refresh_token");
        assertThat(body.array("redirect_uris").orElseThrow().strings()).containsExactly(back);
    }

    private String bodyOf(String line) {
        return realm.all().stream()
                .filter(one -> one.line().equals(line))
                .map(Realm.Seen::body)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsARegisteredClientToNoOtherIssuerThanItsFirst() {
        var registered = ClientIdentity.registered("ours", Optional.of(new Secret("s")));
        var client = authorized(options().withRegistered(registered));
        var tenant = realm.url() + "/tenant";
        realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource(tenant))
                .says("/.well-known/oauth-authorization-server/tenant", realm.metadata(tenant));

        assertThat(refusal(client.begin())).isEqualTo("oauth_issuer_changed");

        assertThat(realm.tokenRequests()).isEmpty();
    }

    @Test
    void registersAnewWhenPeopleComeBackToAnotherAddress() {
        authorized(options());

        var moved = client(OAuthOptions.of("Mist MCP Gateway", URI.create("https://gw.example/callback"), "run it"));
        ready(moved.begin());

        assertThat(realm.count("POST /register")).isOne();
        assertThat(bodyOf("POST /register")).contains("\"application_type\":\"web\"", "https://gw.example/callback");
    }

    // The answer.

    @Test
    void asksWithPkceStateAndResourceAndShowsThemAtTheTokenEndpoint() {
        var client = client();
        var ready = ready(client.begin());
        var asked = query(ready.address());

        client.finish(answer(ready));

        var shown = realm.tokenRequests().getFirst().form();
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("resource", realm.mcp().toString())
                .containsEntry("redirect_uri", BACK.toString())
                .doesNotContainKey("scope");
        assertThat(asked.get("state")).hasSize(43);
        assertThat(Pkce.challenge(new Secret(shown.getOrDefault("code_verifier", ""))))
                .isEqualTo(asked.get("code_challenge"));
        assertThat(shown)
                .containsEntry("resource", realm.mcp().toString())
                .containsEntry("redirect_uri", BACK.toString())
                .containsEntry("code", "the-code");
        assertThat(token(client)).isEqualTo("Bearer token-1");
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                Arguments.of(false, Map.of("iss", "https://evil.example.com"), "oauth_issuer_mismatch"),
                Arguments.of(true, Map.of("iss", "https://evil.example.com"), "oauth_issuer_mismatch"),
                Arguments.of(true, Map.of(), "oauth_issuer_mismatch"),
                Arguments.of(true, Map.of("iss", "HOME/"), "oauth_issuer_mismatch"),
                Arguments.of(false, Map.of("iss", "https://evil.example.com", "error", "x"), "oauth_issuer_mismatch"),
                Arguments.of(false, Map.of("error", "access_denied"), "oauth_declined"),
                Arguments.of(false, Map.of("code", ""), "oauth_answer_malformed"),
                Arguments.of(false, Map.of("state", "another"), "oauth_state_unknown"));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void redeemsNoCodeOfAnAnswerThatIsWrong(boolean namesItself, Map<String, String> change, String code) {
        realm.says(
                "/.well-known/oauth-authorization-server",
                realm.metadata(realm.url()).with("authorization_response_iss_parameter_supported", namesItself));
        var client = client();
        var answer = new LinkedHashMap<>(answer(ready(client.begin())));
        change.forEach((name, value) -> answer.put(name, value.replace("HOME", realm.url())));

        assertThat(refusal(client.finish(answer))).isEqualTo(code);

        assertThat(realm.tokenRequests()).isEmpty();
        assertThat(client.bearer()).isEmpty();
    }

    @Test
    void takesAnAnswerOfTheIssuerThatWasAsked() {
        realm.says(
                "/.well-known/oauth-authorization-server",
                realm.metadata(realm.url()).with("authorization_response_iss_parameter_supported", true));
        var client = client();
        var answer = new LinkedHashMap<>(answer(ready(client.begin())));
        answer.put("iss", realm.url());

        assertThat(client.finish(answer)).isInstanceOf(Finished.Done.class);
    }

    @Test
    void takesAnAnswerOnceAndForTenMinutes() {
        var client = client();
        var first = answer(ready(client.begin()));
        client.finish(first);
        assertThat(refusal(client.finish(first))).isEqualTo("oauth_state_unknown");

        var second = answer(ready(client.begin()));
        clock.pass(Duration.ofMinutes(10));
        assertThat(refusal(client.finish(second))).isEqualTo("oauth_state_unknown");

        assertThat(realm.tokenRequests()).hasSize(1);
    }

    @Test
    void takesOnlyABearerTokenThatCanStandInAHeader() {
        for (var bad : List.of(
                JsonObject.of("access_token", "a\r\nX: y", "token_type", "Bearer"),
                JsonObject.of("access_token", "abc", "token_type", "DPoP"),
                JsonObject.of("token_type", "Bearer"),
                JsonObject.EMPTY)) {
            realm.says("/token", bad);
            var client = client();

            assertThat(refusal(client.finish(answer(ready(client.begin()))))).isEqualTo("oauth_token_refused");

            assertThat(client.bearer()).isEmpty();
        }
    }

    @Test
    void repeatsNothingThatAnotherServerWrote() {
        realm.on(
                "/token",
                (seen, response) ->
                        response.json(400, JsonObject.of("error", "<b>evil</b>", "error_description", "evil evil")));
        var client = client();

        var finished = (Finished.Refused) client.finish(answer(ready(client.begin())));

        assertThat(finished.refusal().detail()).doesNotContain("evil");
    }

    // Renewal.

    private OAuthClient renewing() {
        realm.gives(JsonObject.of("expires_in", 3600, "refresh_token", "refresh-1"));
        return authorized(options());
    }

    @Test
    void renewsBeforeTheEndAndKeepsTheRefreshTokenThatIsNotReplaced() {
        var client = renewing();
        clock.pass(Duration.ofMinutes(58));
        assertThat(token(client)).isEqualTo("Bearer token-1");
        assertThat(realm.tokenRequests()).isEmpty();

        realm.gives(JsonObject.of("expires_in", 3600));
        clock.pass(Duration.ofSeconds(61));
        assertThat(token(client)).isEqualTo("Bearer token-2");
        assertThat(realm.tokenRequests()).hasSize(1);
        assertThat(realm.tokenRequests().getFirst().form())
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("refresh_token", "refresh-1")
                .containsEntry("resource", realm.mcp().toString());

        clock.pass(Duration.ofHours(1));
        assertThat(token(client)).isEqualTo("Bearer token-3");
        assertThat(realm.tokenRequests().getLast().form()).containsEntry("refresh_token", "refresh-1");
    }

    @Test
    void renewsOnceForAllWhoWait() throws InterruptedException {
        var client = renewing();
        clock.pass(Duration.ofHours(2));
        var begun = new CountDownLatch(1);
        realm.on("/token", (seen, response) -> {
            begun.await();
            response.json(200, realm.token().with("expires_in", 3600));
        });
        var tokens = new CopyOnWriteArrayList<String>();
        var threads = IntStream.range(0, 20)
                .mapToObj(i -> Thread.startVirtualThread(() -> tokens.add(token(client))))
                .toList();

        begun.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(realm.tokenRequests()).hasSize(1);
        assertThat(tokens).hasSize(20).containsOnly("Bearer token-2");
    }

    @Test
    void renewsWhenTheServerTakesTheTokenNoMore() {
        var client = renewing();
        clock.pass(Duration.ofMinutes(5));
        var sent = client.bearer();

        assertThat(client.challenged(challenge(401), sent)).isInstanceOf(Verdict.Again.class);

        assertThat(realm.tokenRequests()).hasSize(1);
        assertThat(client.challenged(challenge(401), sent)).isInstanceOf(Verdict.Again.class);
        assertThat(realm.tokenRequests())
                .as("somebody has renewed it meanwhile")
                .hasSize(1);
    }

    @Test
    void givesUpATokenWhoseRenewalIsRefused() {
        var client = renewing();
        realm.on("/token", (seen, response) -> response.json(400, JsonObject.of("error", "invalid_grant")));
        clock.pass(Duration.ofHours(1));

        assertThat(client.bearer()).isEmpty();
        assertThat(client.bearer()).isEmpty();

        assertThat(realm.tokenRequests()).hasSize(1);
        assertThat(lost).extracting(Refusal::code).containsExactly("oauth_token_refused");
        assertThat(client.state()).isInstanceOf(AccessState.NeedsAuthorization.class);
        assertThat(vault.load().tokens()).isEmpty();
    }

    @Test
    void keepsATokenWhoseIssuerIsAwayAndAsksAgainLater() {
        var client = renewing();
        realm.on("/token", (seen, response) -> response.send(503));
        clock.pass(Duration.ofSeconds(3590));

        assertThat(token(client)).isEqualTo("Bearer token-1");
        assertThat(token(client)).isEqualTo("Bearer token-1");
        assertThat(realm.tokenRequests()).hasSize(1);

        clock.pass(Duration.ofSeconds(31));
        realm.gives(JsonObject.of("expires_in", 3600));
        assertThat(token(client)).isEqualTo("Bearer token-2");
        assertThat(lost).isEmpty();
    }

    /// A guard before the server, or the server itself, is not well: what was given is not taken back.
    @ParameterizedTest
    @CsvSource({"403, '{}'", "403, <html>", "400, '{\"error\":\"temporarily_unavailable\"}'", "302, '{}'", "500, '{}'"})
    void givesUpNoTokenForARefusalThatIsNone(int status, String body) {
        var client = renewing();
        realm.on(
                "/token",
                (seen, response) -> response.send(status, "application/json", body.getBytes(StandardCharsets.UTF_8)));
        clock.pass(Duration.ofHours(1));

        assertThat(token(client)).isEqualTo("Bearer token-1");
        var verdict = client.challenged(challenge(401), client.bearer());

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("upstream_unreachable"));
        assertThat(realm.tokenRequests()).as("not for each request").hasSize(1);
        assertThat(lost).isEmpty();
        assertThat(client.state()).isInstanceOf(AccessState.Authorized.class);

        realm.gives(JsonObject.of("expires_in", 3600));
        clock.pass(Duration.ofSeconds(31));
        assertThat(token(client)).isEqualTo("Bearer token-2");
    }

    @Test
    void showsNoTokenOfOneIssuerToAnother() {
        var client = renewing();
        clock.pass(Duration.ofMinutes(5));
        var tenant = realm.url() + "/tenant";
        realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource(tenant));

        assertThat(client.challenged(challenge(401), client.bearer())).isInstanceOf(Verdict.Failed.class);

        assertThat(realm.tokenRequests()).isEmpty();
        assertThat(client.bearer()).isEmpty();
        assertThat(lost).extracting(Refusal::code).containsExactly("oauth_issuer_changed");
    }

    // Rights.

    @Test
    void asksForWhatTheRefusalNamesElseForWhatTheServerLists() {
        realm.says(
                "/.well-known/oauth-protected-resource/mcp",
                realm.resource(realm.url()).with("scopes_supported", JsonArray.of("listed")));
        assertThat(ready(client().begin()).scopes()).containsExactly("listed");

        var client = client();
        client.challenged(challenge(401, "named"), Optional.empty());
        assertThat(ready(client.begin()).scopes()).containsExactly("named");
    }

    @Test
    void asksForMoreWithAllThatItHadAndNeverOfItself() {
        var client = client();
        client.challenged(challenge(401, "read"), Optional.empty());
        client.finish(answer(ready(client.begin())));
        realm.forget();

        var verdict = client.challenged(challenge(403, "write"), client.bearer());

        assertThat(verdict).isInstanceOf(Verdict.Failed.class);
        assertThat(realm.lines()).as("nobody is at hand to be asked").isEmpty();
        assertThat(client.state())
                .isInstanceOfSatisfying(
                        AccessState.Authorized.class,
                        state -> assertThat(state.missing()).containsExactly("write"));
        assertThat(ready(client.begin()).scopes()).containsExactlyInAnyOrder("read", "write");
    }

    @Test
    void asksAtOnceWhereSomebodyIsAtHandAndNotTwiceForTheSame() {
        var visits = new ArrayList<URI>();
        var client = new OAuthClient(
                realm.mcp(),
                options(),
                http,
                vault,
                clock,
                address -> {
                    visits.add(address);
                    return Optional.of(Map.of("state", query(address).getOrDefault("state", ""), "code", "c"));
                },
                lost::add);

        assertThat(client.challenged(challenge(401, "read"), Optional.empty())).isInstanceOf(Verdict.Again.class);
        assertThat(client.challenged(challenge(403, "write"), client.bearer())).isInstanceOf(Verdict.Again.class);
        assertThat(client.challenged(challenge(403, "write"), client.bearer())).isInstanceOf(Verdict.Failed.class);

        assertThat(visits).hasSize(2);
        assertThat(query(visits.getLast()).getOrDefault("scope", "").split(" "))
                .containsExactlyInAnyOrder("read", "write");
    }

    @Test
    void asksNobodyAnythingBeforeTheOperatorDoes() {
        var client = client();

        var verdict = client.challenged(challenge(401, "read"), Optional.empty());

        assertThat(verdict)
                .isEqualTo(new Verdict.Failed(
                        "upstream_needs_authorization", "needs authorization: run it (it has none yet)"));
        assertThat(realm.lines()).isEmpty();
        assertThat(client.state()).isInstanceOf(AccessState.NeedsAuthorization.class);
    }

    // Keeping.

    @Test
    void goesOnAfterARestartWithWhatWasKept() {
        renewing();
        vault.keep(Kept.read(mistmcp.json.Json.parseObject(vault.load().toJson().toString())));

        var again = client();

        assertThat(token(again)).isEqualTo("Bearer token-1");
        clock.pass(Duration.ofHours(1));
        assertThat(token(again)).isEqualTo("Bearer token-2");
        assertThat(realm.lines()).containsExactly(RFC_PLACE, "POST /token");
    }

    @Test
    void printsNoSecret() {
        renewing();

        assertThat(vault.load().toString())
                .doesNotContain("token-1", "refresh-1")
                .contains("•••");
    }

    // Machines.

    private OAuthOptions machine() {
        return new OAuthOptions(
                "Mist MCP Gateway",
                BACK,
                Optional.empty(),
                Optional.of(ClientIdentity.registered("robot", Optional.of(new Secret("word")))),
                Optional.of(realm.url()),
                Set.of("run"),
                true,
                "look at it");
    }

    @Test
    void getsATokenOfItsOwnWhereThereIsNobodyToAsk() {
        realm.gives(JsonObject.of("expires_in", 3600));
        var client = client(machine());

        assertThat(client.challenged(challenge(401), Optional.empty())).isInstanceOf(Verdict.Again.class);

        assertThat(token(client)).isEqualTo("Bearer token-1");
        assertThat(realm.tokenRequests().getFirst().form())
                .containsEntry("grant_type", "client_credentials")
                .containsEntry("scope", "run")
                .containsEntry("resource", realm.mcp().toString());
        clock.pass(Duration.ofHours(1));
        assertThat(token(client)).isEqualTo("Bearer token-2");
    }

    @Test
    void showsAMachinesSecretToTheConfiguredIssuerOnly() {
        var tenant = realm.url() + "/tenant";
        realm.says("/.well-known/oauth-protected-resource/mcp", realm.resource(tenant))
                .says("/.well-known/oauth-authorization-server/tenant", realm.metadata(tenant));
        var client = client(machine());

        assertThat(client.challenged(challenge(401), Optional.empty())).isInstanceOf(Verdict.Failed.class);

        assertThat(realm.tokenRequests()).isEmpty();
    }

    @Test
    void asksForAMachineNotAtEveryRefusal() {
        realm.on("/token", (seen, response) -> response.json(401, JsonObject.of("error", "invalid_client")));
        var client = client(machine());

        var first = client.challenged(challenge(401), Optional.empty());
        var second = client.challenged(challenge(401), Optional.empty());
        assertThat(second).isEqualTo(first).isInstanceOf(Verdict.Failed.class);
        assertThat(realm.tokenRequests()).hasSize(1);

        clock.pass(Duration.ofSeconds(31));
        client.challenged(challenge(401), Optional.empty());
        assertThat(realm.tokenRequests()).hasSize(2);
    }
}
