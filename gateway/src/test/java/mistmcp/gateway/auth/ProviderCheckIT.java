package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What `mist doctor` says of a provider, good and bad, seen over real ports.
class ProviderCheckIT {
    private static final Signer SIGNER = Signer.rsa("key-1");

    private final Map<String, byte[]> documents = new HashMap<>();
    private final HttpClient client = new HttpClient(Duration.ofSeconds(2), 2);
    private final SetClock clock = new SetClock();
    private HttpServer server;
    private String issuer;

    @BeforeEach
    void publishes() {
        server = HttpServer.start(
                ServerSettings.loopback(0),
                List.of(
                                "/realm/.well-known/openid-configuration",
                                "/.well-known/oauth-authorization-server/realm",
                                "/keys")
                        .stream()
                        .map(path -> new Route("GET", path, (_, response) -> answer(path, response)))
                        .toList());
        issuer = "http://127.0.0.1:" + server.port() + "/realm";
        publish("/realm/.well-known/openid-configuration", discovery());
        publish("/keys", Signer.set(SIGNER.jwk()));
    }

    @AfterEach
    void stops() {
        client.close();
        server.close();
    }

    private void answer(String path, HttpResponse response) throws IOException {
        var body = documents.get(path);
        if (body == null) {
            response.send(404);
        } else {
            response.send(200, "application/json", body);
        }
    }

    private void publish(String path, JsonObject document) {
        documents.put(path, Json.bytes(document));
    }

    private JsonObject discovery() {
        return JsonObject.of(
                "issuer",
                issuer,
                "jwks_uri",
                keysUrl(),
                "authorization_endpoint",
                issuer + "/auth",
                "token_endpoint",
                issuer + "/token",
                "code_challenge_methods_supported",
                List.of("plain", "S256"));
    }

    private String keysUrl() {
        return "http://127.0.0.1:" + server.port() + "/keys";
    }

    private List<DoctorFinding> look(String... more) throws InterruptedException {
        return ProviderCheck.of(settings(more), "https://gateway.example.com", client, clock);
    }

    private AuthSettings.Oidc settings(String... more) {
        var env = new HashMap<>(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", issuer,
                "OIDC_JWKS_URL", keysUrl(),
                "OIDC_CLIENT_ID", "mist-web",
                "OIDC_CLIENT_SECRET", "s",
                "PUBLIC_URL", "https://gateway.example.com"));
        for (int i = 0; i < more.length; i += 2) {
            env.put(more[i], more[i + 1]);
        }
        var read = Env.of(env);
        var settings = (AuthSettings.Oidc) AuthSettings.read(read);
        read.check();
        return settings;
    }

    private static List<DoctorFinding> wrong(List<DoctorFinding> findings) {
        return findings.stream()
                .filter(finding -> finding.state() != DoctorFinding.State.OK)
                .toList();
    }

    @Test
    void findsNothingWrongWithAGoodProvider() throws InterruptedException {
        var findings = look();

        assertThat(wrong(findings)).isEmpty();
        assertThat(findings)
                .extracting(DoctorFinding::check)
                .contains(
                        "discovery",
                        "issuer",
                        "OIDC_JWKS_URL",
                        "keys",
                        "audience",
                        "roles",
                        "browser sign-in",
                        "redirect");
        assertThat(findings)
                .extracting(DoctorFinding::told)
                .anyMatch(told -> told.contains("`key-1` (RSA 2048, RS256)"));
        assertThat(findings)
                .extracting(DoctorFinding::told)
                .contains("register at the provider, to the letter: https://gateway.example.com/auth/callback");
    }

    @Test
    void takesTheFormOfRfc8414Too() throws InterruptedException {
        documents.remove("/realm/.well-known/openid-configuration");
        publish("/.well-known/oauth-authorization-server/realm", discovery());

        assertThat(wrong(look())).isEmpty();
    }

    @Test
    void tellsAnIssuerThatIsSpeltDifferently() throws InterruptedException {
        publish("/realm/.well-known/openid-configuration", discovery().with("issuer", issuer + "/"));

        assertThat(wrong(look()))
                .containsExactly(new DoctorFinding(
                        "issuer",
                        DoctorFinding.State.FAIL,
                        "the provider calls itself `" + issuer + "/`, but OIDC_ISSUER says `" + issuer + "`",
                        "set OIDC_ISSUER to the provider's own spelling, slash included"));
    }

    @Test
    void tellsAProviderThatIsNotThere() throws InterruptedException {
        var findings = wrong(look("OIDC_ISSUER", "http://127.0.0.1:" + server.port() + "/relam"));

        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().check()).isEqualTo("discovery");
        assertThat(findings.getFirst().told())
                .endsWith("/relam/.well-known/openid-configuration answered with status 404");
    }

    @Test
    void tellsAPageThatIsNoDocument() throws InterruptedException {
        documents.put(
                "/realm/.well-known/openid-configuration",
                "<html>sign in to the proxy</html>".getBytes(StandardCharsets.UTF_8));

        assertThat(wrong(look()))
                .extracting(DoctorFinding::told)
                .containsExactly(issuer
                        + "/.well-known/openid-configuration answers with something else than a discovery document");
    }

    @Test
    void tellsKeysOfAnotherAddress() throws InterruptedException {
        publish("/realm/.well-known/openid-configuration", discovery().with("jwks_uri", issuer + "/certs"));

        assertThat(wrong(look()))
                .extracting(DoctorFinding::told)
                .containsExactly("is `" + keysUrl() + "`, but the provider names `" + issuer + "/certs`");
    }

    @Test
    void tellsKeysThatCannotBeUsedOrHad() throws InterruptedException {
        publish("/keys", Signer.set(Signer.rsa("weak", 1024).jwk()));
        assertThat(wrong(look()))
                .extracting(DoctorFinding::told)
                .containsExactly(
                        "the key set holds no key that can be used: key `weak` is an RSA key of fewer than 2048"
                                + " bits");

        publish("/keys", Signer.set(SIGNER.jwk(), Signer.rsa("weak", 1024).jwk()));
        assertThat(wrong(look()))
                .extracting(DoctorFinding::state, DoctorFinding::told)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        DoctorFinding.State.WARN, "left out: key `weak` is an RSA key of fewer than 2048 bits"));

        documents.remove("/keys");
        assertThat(wrong(look()))
                .extracting(DoctorFinding::told)
                .containsExactly(keysUrl() + " answered with status 404");
    }

    @Test
    void takesAKeyForEncryptionForNormal() throws InterruptedException {
        publish("/keys", Signer.set(SIGNER.jwk(), Signer.rsa("enc").jwk().with("use", "enc")));

        assertThat(wrong(look())).isEmpty();
    }

    @Test
    void tellsAnAudienceThatEntraNeverSends() {
        // Settings alone: nothing is asked of Entra.
        var entra = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";

        var unset = ProviderCheck.audience(settings("OIDC_ISSUER", entra), "https://gateway.example.com");
        var set = ProviderCheck.audience(
                settings("OIDC_ISSUER", entra, "JWT_AUDIENCE", "99999999-8888-7777-6666-000000000000"),
                "https://gateway.example.com");

        assertThat(unset.state()).isEqualTo(DoctorFinding.State.FAIL);
        assertThat(unset.told()).isEqualTo("JWT_AUDIENCE is `mcp-gateway`, which no Entra token is ever for");
        assertThat(set.told())
                .isEqualTo("a token must be for one of `99999999-8888-7777-6666-000000000000`, or for"
                        + " `https://gateway.example.com/mcp`");
    }

    @Test
    void tellsThatGooglesAccessTokensAreOpaque() {
        // Settings alone: nothing is asked of Google.
        var google = "https://accounts.google.com";

        assertThat(ProviderCheck.opaque(settings("OIDC_ISSUER", google)).map(DoctorFinding::fix))
                .contains("set OIDC_SIGN_IN_TOKEN=id; docs/providers/google.md says what that means");
        assertThat(ProviderCheck.opaque(settings("OIDC_ISSUER", google, "OIDC_SIGN_IN_TOKEN", "id")))
                .isEmpty();
        assertThat(ProviderCheck.opaque(settings())).isEmpty();
    }

    @Test
    void tellsThatNobodyCanSignInWithoutAClient() throws InterruptedException {
        assertThat(wrong(look("OIDC_CLIENT_ID", "", "OIDC_CLIENT_SECRET", "")))
                .extracting(DoctorFinding::check)
                .containsExactly("browser sign-in");
    }

    @Test
    void tellsAProviderWithoutSignInOrPkce() throws InterruptedException {
        publish(
                "/realm/.well-known/openid-configuration",
                discovery()
                        .without("authorization_endpoint")
                        .with("code_challenge_methods_supported", JsonArray.of("plain")));

        assertThat(wrong(look()))
                .extracting(DoctorFinding::told)
                .containsExactly(
                        "the discovery document names no `authorization_endpoint`",
                        "the provider does not name PKCE with S256, which the gateway always uses");
    }

    @Test
    void callsNoAddressInPlainTextElsewhere() throws InterruptedException {
        var findings = wrong(look("OIDC_ISSUER", "http://id.example.com/realm"));

        assertThat(findings).extracting(DoctorFinding::told).anyMatch(told -> told.endsWith("so it is not called"));
    }
}
