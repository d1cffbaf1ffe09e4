package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.http.HttpProblem;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DevSignInTest {
    private static final String FORM = "{\"sub\":\"anna\",\"roles\":[\"ReadWrite\"],\"ttl\":3600";
    private static final AuthSettings.Dev SETTINGS = (AuthSettings.Dev) AuthSettings.read(Env.of(Map.of()));

    @TempDir
    private Path folder;

    private final SetClock clock = new SetClock();
    private final List<SignInEvent> events = new ArrayList<>();
    private final OperatorAccess operator = new OperatorAccess();
    private final BrowserSessions browsers = new BrowserSessions(SETTINGS.address(), clock);
    private DevKeyring ring;
    private DevSignIn signIn;
    private String operatorToken = "";

    @BeforeEach
    void open() throws IOException {
        ring = DevKeyring.open(new DevKeyFiles(folder.resolve("jwks.json"), folder.resolve("private.pem")), clock);
        signIn = new DevSignIn(new DevMint(SETTINGS, ring, true, clock), operator, browsers, events::add, clock);
        var run = folder.resolve("run/gateway.json");
        operator.publish(run, JsonObject.of("pid", 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
                .isEqualTo("rw-------");
        operatorToken =
                Json.parseObject(Files.readString(run)).string("operatorToken").orElseThrow();
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(HttpProblem.class, call)
                .toJson("r")
                .string("code")
                .orElseThrow();
    }

    private String link() {
        return signIn.link(FakeRequest.post("").with(OperatorAccess.HEADER, operatorToken));
    }

    private BrowserSession signedIn(FakeResponse response) {
        return switch (signIn.signIn(FakeRequest.fromPage(FORM + ",\"code\":\"" + link() + "\"}"), response)) {
            case DevSignIn.Step.SignedIn(var session) -> session;
            case DevSignIn.Step.Permitted _ -> throw new AssertionError("not signed in");
        };
    }

    @Test
    void mintsATokenThatIsAccepted() throws InterruptedException {
        var minted = signIn.mint(
                FakeRequest.post(
                        "{\"sub\":\"anna\",\"email\":\"anna@example.com\",\"roles\":[\"ReadOnly\",\"ReadWrite\"],\"sites\":[\"s1\"]}"));

        var proven = new Authenticator(SETTINGS, ring, clock)
                .authenticate(List.of("Bearer " + minted.token().reveal()), () -> "m");

        assertThat(proven).isEqualTo(new Authentication.Authenticated(minted.principal()));
        assertThat(minted.principal().role()).isEqualTo(Role.READ_WRITE);
        assertThat(minted.principal().sites()).isEqualTo(new SiteScope(List.of("s1")));
        assertThat(minted.life()).isEqualTo(Duration.ofMinutes(15));
        assertThat(events).hasExactlyElementsOfTypes(SignInEvent.Minted.class);
    }

    @Test
    void givesAllSitesUnlessTheBodySaysOtherwise() {
        assertThat(signIn.mint(FakeRequest.post("{\"sub\":\"a\",\"roles\":[\"ReadOnly\"]}"))
                        .principal()
                        .sites())
                .isEqualTo(SiteScope.ALL);
        assertThat(signIn.mint(FakeRequest.post("{\"sub\":\"a\",\"roles\":[\"ReadOnly\"],\"sites\":[]}"))
                        .principal()
                        .sites())
                .isEqualTo(SiteScope.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "invalid_json | {",
                "invalid_json | []",
                "invalid_json | {'sub':'a','sub':'b','roles':['ReadOnly']}",
                "mint_member  | {'sub':'a','roles':['ReadOnly'],'role':'ReadWrite'}",
                "mint_sub     | {'roles':['ReadOnly']}",
                "mint_sub     | {'sub':'','roles':['ReadOnly']}",
                "mint_sub     | {'sub':7,'roles':['ReadOnly']}",
                "mint_sub     | {'sub':'a\\nb','roles':['ReadOnly']}",
                "mint_email   | {'sub':'a','email':'nobody','roles':['ReadOnly']}",
                "mint_email   | {'sub':'a','email':1,'roles':['ReadOnly']}",
                "mint_roles   | {'sub':'a'}",
                "mint_roles   | {'sub':'a','roles':[]}",
                "mint_roles   | {'sub':'a','roles':'ReadOnly'}",
                "mint_roles   | {'sub':'a','roles':['Admin']}",
                "mint_roles   | {'sub':'a','roles':['ReadOnly','Admin']}",
                "mint_roles   | {'sub':'a','roles':['ReadOnly','ReadOnly']}",
                "mint_roles   | {'sub':'a','roles':['ReadOnly',1]}",
                "mint_roles   | {'sub':'a','roles':['readonly']}",
                "mint_sites   | {'sub':'a','roles':['ReadOnly'],'sites':'*'}",
                "mint_sites   | {'sub':'a','roles':['ReadOnly'],'sites':[1]}",
                "mint_sites   | {'sub':'a','roles':['ReadOnly'],'sites':['']}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':3601}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':0}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':-5}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':1.5}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':'900'}",
                "mint_ttl     | {'sub':'a','roles':['ReadOnly'],'ttl':1e99}"
            })
    void mintsNothingForABodyOfAnotherForm(String expected, String body) {
        var request = FakeRequest.post(body.replace('\'', '"'));

        assertThat(code(() -> signIn.mint(request))).isEqualTo(expected);
        assertThat(events).isEmpty();
    }

    record Elsewhere(String expected, UnaryOperator<FakeRequest> change) {}

    static Stream<Elsewhere> elsewhere() {
        return Stream.of(
                new Elsewhere("loopback_only", request -> request.from("192.0.2.1")),
                new Elsewhere("loopback_only", request -> request.from("2001:db8::1")),
                new Elsewhere(
                        "loopback_only", request -> request.without("Host").with("Host", "gw.example.com")),
                new Elsewhere(
                        "loopback_only", request -> request.without("Host").with("Host", "localhost.evil.example")),
                new Elsewhere("loopback_only", request -> request.with("Host", "localhost")),
                new Elsewhere("loopback_only", request -> request.without("Host")),
                new Elsewhere("forwarded_call", request -> request.with("X-Forwarded-For", "127.0.0.1")),
                new Elsewhere("forwarded_call", request -> request.with("x-forwarded-host", "localhost")),
                new Elsewhere("forwarded_call", request -> request.with("X-Forwarded-Proto", "https")),
                new Elsewhere("forwarded_call", request -> request.with("Forwarded", "for=127.0.0.1")),
                new Elsewhere("forwarded_call", request -> request.with("Via", "1.1 proxy")),
                new Elsewhere("forwarded_call", request -> request.with("X-Real-IP", "")),
                new Elsewhere("content_type_not_supported", request -> request.without("Content-Type")),
                new Elsewhere(
                        "content_type_not_supported",
                        request -> request.without("Content-Type").with("Content-Type", "text/plain")),
                new Elsewhere("origin_not_own", request -> request.with("Origin", "http://localhost:3000")));
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void mintsNothingForCallersFromElsewhere(Elsewhere call) {
        var request = call.change().apply(FakeRequest.post("{\"sub\":\"a\",\"roles\":[\"ReadOnly\"]}"));

        assertThat(code(() -> signIn.mint(request))).isEqualTo(call.expected());
        assertThat(events).isEmpty();
    }

    @Test
    void givesReadWriteOnALiveMistOnlyWhenAllowed() {
        var body = Json.parseObject("{\"sub\":\"a\",\"roles\":[\"ReadWrite\"]}");
        var live = new DevMint(SETTINGS, ring, false, clock);
        assertThat(code(() -> live.mint(body))).isEqualTo("mint_read_only");
        assertThat(code(() -> live.principal(body))).isEqualTo("mint_read_only");
        assertThat(live.mint(body.with("roles", List.of("ReadOnly")))
                        .principal()
                        .role())
                .isEqualTo(Role.READ_ONLY);

        var allowed = (AuthSettings.Dev) AuthSettings.read(Env.of(Map.of("DEV_MINT_READWRITE", "true")));
        assertThat(new DevMint(allowed, ring, false, clock)
                        .mint(body)
                        .principal()
                        .role())
                .isEqualTo(Role.READ_WRITE);
    }

    @Test
    void mintsABoundedNumberOfTokens() {
        var request = FakeRequest.post("{\"sub\":\"a\",\"roles\":[\"ReadOnly\"]}");

        var refusal = catchThrowableOfType(HttpProblem.class, () -> {
            for (int i = 0; i < 2_000; i++) {
                signIn.mint(request);
            }
        });

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.headers()).containsKey("Retry-After");
        assertThat(events).hasSizeGreaterThanOrEqualTo(120).hasSizeLessThan(2_000);
    }

    @Test
    void opensNoBrowserSessionWithoutACode() {
        var response = new FakeResponse();
        var form = FakeRequest.fromPage(FORM + "}");
        var bearer = signIn.mint(FakeRequest.post(FORM + "}")).token().reveal();

        assertThat(code(() -> signIn.signIn(form, response))).isEqualTo("sign_in_code_required");
        assertThat(code(() -> signIn.signIn(form.with("Authorization", "Bearer " + bearer), response)))
                .isEqualTo("authorization_not_taken");
        assertThat(code(() -> signIn.signIn(FakeRequest.fromPage(FORM + ",\"code\":\"guess\"}"), response)))
                .isEqualTo("sign_in_code_wrong");
        assertThat(code(() -> signIn.signIn(FakeRequest.fromPage(FORM + ",\"code\":\"" + bearer + "\"}"), response)))
                .isEqualTo("sign_in_code_wrong");
        assertThat(code(() -> signIn.signIn(FakeRequest.post(FORM + "}"), response)))
                .isEqualTo("origin_required");
        assertThat(response.cookies).isEmpty();
    }

    @Test
    void givesACodeToTheOperatorOnly() {
        var bearer = signIn.mint(FakeRequest.post(FORM + "}")).token().reveal();
        var request = FakeRequest.post("");
        assertThat(code(() -> signIn.link(request))).isEqualTo("operator_required");
        assertThat(code(() -> signIn.link(request.with("Authorization", "Bearer " + bearer))))
                .isEqualTo("operator_required");
        assertThat(code(() -> signIn.link(request.with(OperatorAccess.HEADER, bearer))))
                .isEqualTo("operator_required");
        var right = request.with(OperatorAccess.HEADER, operatorToken);
        assertThat(code(() -> signIn.link(right.with("Origin", "http://localhost:8000"))))
                .isEqualTo("operator_required");
        assertThat(code(() -> signIn.link(right.from("192.0.2.1")))).isEqualTo("loopback_only");
        assertThat(code(() -> signIn.link(right.with("X-Forwarded-For", "127.0.0.1"))))
                .isEqualTo("forwarded_call");
    }

    @Test
    void takesACodeOnceAndForSixtySeconds() {
        var code = link();
        var request = FakeRequest.fromPage("{\"code\":\"" + code + "\"}");
        assertThat(signIn.signIn(request, new FakeResponse())).isInstanceOf(DevSignIn.Step.Permitted.class);
        assertThat(code(() -> signIn.signIn(request, new FakeResponse()))).isEqualTo("sign_in_code_wrong");

        var late = FakeRequest.fromPage("{\"code\":\"" + link() + "\"}");
        clock.pass(Duration.ofSeconds(60));
        assertThat(code(() -> signIn.signIn(late, new FakeResponse()))).isEqualTo("sign_in_code_wrong");
    }

    @Test
    void aSlipInTheFormDoesNotCostTheCode() {
        var code = link();
        assertThat(code(() -> signIn.signIn(
                        FakeRequest.fromPage("{\"sub\":\"\",\"roles\":[\"ReadOnly\"],\"code\":\"" + code + "\"}"),
                        new FakeResponse())))
                .isEqualTo("mint_sub");

        assertThat(signIn.signIn(FakeRequest.fromPage(FORM + ",\"code\":\"" + code + "\"}"), new FakeResponse()))
                .isInstanceOf(DevSignIn.Step.SignedIn.class);
    }

    @Test
    void aBrowserThatShowedACodeMaySignInForTwelveHours() {
        var response = new FakeResponse();
        signIn.signIn(FakeRequest.fromPage("{\"code\":\"" + link() + "\"}"), response);
        var permit = response.cookie("__Host-mist-permit").orElseThrow();
        var form = FakeRequest.fromPage(FORM + "}").with("Cookie", permit);
        assertThat(signIn.permitted(form)).isTrue();
        assertThat(signIn.signIn(form, new FakeResponse())).isInstanceOf(DevSignIn.Step.SignedIn.class);

        clock.pass(Duration.ofHours(12));
        assertThat(signIn.permitted(form)).isFalse();
        assertThat(code(() -> signIn.signIn(form, new FakeResponse()))).isEqualTo("sign_in_code_required");
    }

    @Test
    void setsACookieThatNoScriptAndNoOtherSiteCanUse() {
        var response = new FakeResponse();
        signedIn(response);

        assertThat(response.cookies)
                .hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie)
                        .matches("__Host-mist(-permit)?=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict"));
        assertThat(events).hasAtLeastOneElementOfType(SignInEvent.Opened.class);
    }

    record Change(String expected, UnaryOperator<FakeRequest> change) {}

    static Stream<Change> changes() {
        return Stream.of(
                new Change("origin_required", request -> request.without("Origin")),
                new Change(
                        "origin_not_own", request -> request.without("Origin").with("Origin", "null")),
                new Change(
                        "origin_not_own",
                        request -> request.without("Origin").with("Origin", "https://localhost:8000")),
                new Change(
                        "origin_not_own", request -> request.without("Origin").with("Origin", "http://localhost:3000")),
                new Change(
                        "origin_not_own", request -> request.without("Origin").with("Origin", "http://127.0.0.1:8000")),
                new Change("origin_not_own", request -> request.with("Origin", "http://localhost:8000")),
                new Change("origin_not_own", request -> request.with("Sec-Fetch-Site", "same-site")),
                new Change("sign_in_required", request -> request.without("Cookie")),
                new Change(
                        "sign_in_required", request -> request.without("Cookie").with("Cookie", "__Host-mist=x")),
                new Change(
                        "sign_in_required",
                        request -> request.without("Cookie").with("Cookie", "__Host-mist=" + "A".repeat(43))),
                new Change("csrf_missing", request -> request.without("X-CSRF-Token")),
                new Change(
                        "csrf_wrong", request -> request.without("X-CSRF-Token").with("X-CSRF-Token", "x")),
                new Change("csrf_wrong", request -> request.with("X-CSRF-Token", "x")),
                new Change("browser_session_required", request -> request.with("Authorization", "Bearer a.b.c")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void admitsAChangeOnlyFromItsOwnPageWithItsToken(Change change) {
        var response = new FakeResponse();
        var session = signedIn(response);
        var request = FakeRequest.fromPage("{}")
                .with("Cookie", response.cookie("__Host-mist").orElseThrow())
                .with("X-CSRF-Token", session.csrf().reveal());

        assertThat(browsers.requireForChange(request)).isEqualTo(session);
        assertThat(code(() -> browsers.requireForChange(change.change().apply(request))))
                .isEqualTo(change.expected());
    }

    @Test
    void endsWhenIdleAndAtItsTimeInAnyCase() {
        var response = new FakeResponse();
        signedIn(response);
        var request = FakeRequest.fromPage("")
                .with("Cookie", response.cookie("__Host-mist").orElseThrow());

        clock.pass(Duration.ofMinutes(29));
        assertThat(browsers.current(request)).isPresent();
        clock.pass(Duration.ofMinutes(29));
        assertThat(browsers.current(request)).isPresent();
        clock.pass(Duration.ofMinutes(2));
        assertThat(browsers.current(request)).isEmpty();

        var idle = new FakeResponse();
        signedIn(idle);
        var later = FakeRequest.fromPage("")
                .with("Cookie", idle.cookie("__Host-mist").orElseThrow());
        clock.pass(Duration.ofMinutes(30));
        assertThat(browsers.current(later)).isEmpty();
    }

    @Test
    void signingOutEndsIt() {
        var response = new FakeResponse();
        signedIn(response);
        var request = FakeRequest.fromPage("")
                .with("Cookie", response.cookie("__Host-mist").orElseThrow());
        var out = new FakeResponse();

        browsers.close(request, out);

        assertThat(browsers.current(request)).isEmpty();
        assertThat(out.cookies)
                .singleElement()
                .asString()
                .contains("__Host-mist=;")
                .contains("Max-Age=0");
    }

    @Test
    void signingInAgainEndsTheOneBefore() {
        var first = new FakeResponse();
        signedIn(first);
        var cookie = first.cookie("__Host-mist").orElseThrow();
        var again = new FakeResponse();
        signIn.signIn(
                FakeRequest.fromPage(FORM + ",\"code\":\"" + link() + "\"}").with("Cookie", cookie), again);

        assertThat(browsers.current(FakeRequest.fromPage("").with("Cookie", cookie)))
                .isEmpty();
        assertThat(again.cookie("__Host-mist")).isPresent().isNotEqualTo(first.cookie("__Host-mist"));
    }

    @Test
    void callersAreKnownByBearerOrByBrowser() {
        var callers = new Callers(new Authenticator(SETTINGS, ring, clock), browsers, events::add);
        var response = new FakeResponse();
        var session = signedIn(response);
        var cookie = response.cookie("__Host-mist").orElseThrow();
        var bearer = "Bearer "
                + signIn.mint(FakeRequest.post("{\"sub\":\"ben\",\"roles\":[\"ReadOnly\"]}"))
                        .token()
                        .reveal();
        var plain = FakeRequest.post("{}");

        assertThat(callers.any(plain.with("Authorization", bearer)).subject()).isEqualTo("ben");
        assertThat(callers.any(plain.with("Authorization", bearer).with("Cookie", cookie))
                        .subject())
                .isEqualTo("ben");
        assertThat(callers.any(plain.as("GET").with("Cookie", cookie)).subject())
                .isEqualTo("anna");
        assertThat(code(() -> callers.any(plain.with("Cookie", cookie)))).isEqualTo("origin_required");
        assertThat(callers.any(FakeRequest.fromPage("{}")
                                .with("Cookie", cookie)
                                .with("X-CSRF-Token", session.csrf().reveal()))
                        .subject())
                .isEqualTo("anna");
        assertThat(code(() -> callers.bearer(plain.as("GET").with("Cookie", cookie))))
                .isEqualTo("token_missing");
        assertThat(code(() -> callers.browser(plain.with("Authorization", bearer))))
                .isEqualTo("browser_session_required");
        assertThat(events).hasAtLeastOneElementOfType(SignInEvent.Refused.class);
        assertThatThrownBy(() -> callers.any(plain)).hasMessageNotContaining(bearer);
    }
}
