package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.DotEnv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the guides in `docs/providers` to their word: the settings can be read, the example token comes to
/// what is said of it, and every message in the table of mistakes is what the gateway answers to that
/// mistake.
class ProviderGuidesTest {
    private static final Path FOLDER = Path.of("..", "docs", "providers");
    private static final Pattern SETTINGS = Pattern.compile("```ini\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLAIMS = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMES_TO = Pattern.compile("one is `(ReadOnly|ReadWrite)` by `([^`]+)` = `([^`]+)`");
    private static final Pattern MESSAGE = Pattern.compile("``([0-9]{3} [a-z_]+: .*?) ?``(?!`)");

    /// A mistake of a guide.
    ///
    /// @param header what it does to the token's header
    /// @param claims what it does to the claims
    /// @param told   what the gateway answers
    record Mistake(
            String guide,
            Map<String, String> settings,
            UnaryOperator<JsonObject> header,
            UnaryOperator<JsonObject> claims,
            String told) {
        @Override
        public String toString() {
            return guide + ": " + told;
        }
    }

    private static final String AUDIENCE = "401 token_audience: the token is for another audience: it has ";
    private static final String ISSUER = "401 token_issuer: the token's issuer is not accepted: ";
    private static final String NO_ROLE = "403 no_role: none of the token's values gives a role: it has ";
    private static final String NOT_VALID = "401 token_invalid: the token is not valid";
    private static final String ID_TOKEN = "401 token_kind: this is an ID token; send an access token";

    static List<Mistake> mistakes() {
        var all = new ArrayList<Mistake>();
        all.add(mistake("keycloak", "401 token_audience: the token has no `aud`", claims -> claims.without("aud")));
        all.add(mistake("keycloak", AUDIENCE + "`account`", claims -> claims.with("aud", "account")));
        all.add(mistake("keycloak", AUDIENCE + "`mist.gateway`", claims -> claims.with("aud", "mist.gateway")));
        all.add(mistake("keycloak", NO_ROLE + "none", claims -> claims.without("resource_access")));
        all.add(mistake(
                "keycloak",
                ISSUER + "`https://id.example.com/auth/realms/corp`",
                claims -> claims.with("iss", "https://id.example.com/auth/realms/corp")));
        all.add(mistake("keycloak", ID_TOKEN, claims -> claims.with("typ", "ID")));
        all.add(form("keycloak", header -> header.with("alg", "HS512")));
        all.add(mistake(
                "keycloak",
                "401 token_kind: the token is bound to a key (`cnf`), which is not supported",
                claims -> claims.with("cnf", JsonObject.of("jkt", "x"))));

        all.add(mistake(
                "entra",
                ISSUER + "`https://sts.windows.net/11111111-2222-3333-4444-555555555555/`",
                claims -> claims.with("iss", "https://sts.windows.net/11111111-2222-3333-4444-555555555555/")));
        all.add(mistake(
                "entra",
                ISSUER + "`https://login.microsoftonline.com/22222222-2222-3333-4444-555555555555/v2.0`",
                claims -> claims.with(
                        "iss", "https://login.microsoftonline.com/22222222-2222-3333-4444-555555555555/v2.0")));
        all.add(new Mistake(
                "entra",
                Map.of("JWT_AUDIENCE", "mcp-gateway"),
                header -> header,
                claims -> claims,
                AUDIENCE + "`99999999-8888-7777-6666-000000000000`"));
        all.add(mistake(
                "entra",
                AUDIENCE + "`00000003-0000-0000-c000-000000000000`",
                claims -> claims.with("aud", "00000003-0000-0000-c000-000000000000")));
        all.add(mistake("entra", NO_ROLE + "none", claims -> claims.without("roles")));
        all.add(new Mistake(
                "entra",
                Map.of("ROLE_CLAIM", "groups"),
                header -> header,
                claims -> claims.with("_claim_names", JsonObject.of("groups", "src1"))
                        .with(
                                "_claim_sources",
                                JsonObject.of("src1", JsonObject.of("endpoint", "https://graph.example"))),
                "403 groups_overage: the provider left the groups out of the token, as there are too many: use app roles,"
                        + " or restrict the groups in the token to those assigned to the application"));

        all.add(mistake(
                "okta",
                ISSUER + "`https://example.okta.com`",
                claims -> claims.with("iss", "https://example.okta.com")));
        all.add(new Mistake(
                "okta",
                Map.of("JWT_AUDIENCE", "mcp-gateway"),
                header -> header,
                claims -> claims,
                AUDIENCE + "`api://default`"));
        all.add(mistake("okta", NO_ROLE + "none", claims -> claims.without("groups")));
        all.add(mistake("okta", NO_ROLE + "`Mist-Guests`", claims -> claims.with("groups", List.of("Mist-Guests"))));
        all.add(new Mistake(
                "okta",
                Map.of("ALLOWED_CLIENTS", "another"),
                header -> header.without("typ"),
                claims -> claims,
                "401 token_client: the token was given to a client that is not allowed: `0oa1exampleclient`"));

        all.add(form("auth0", header -> header.with("alg", "dir").with("enc", "A256GCM")));
        all.add(new Mistake(
                "auth0",
                Map.of("OIDC_ISSUER", "https://example.eu.auth0.com"),
                header -> header,
                claims -> claims,
                ISSUER + "`https://example.eu.auth0.com/`"));
        all.add(mistake(
                "auth0",
                ISSUER + "`https://login.example.com/`",
                claims -> claims.with("iss", "https://login.example.com/")));
        all.add(mistake(
                "auth0",
                AUDIENCE + "`https://example.eu.auth0.com/userinfo`",
                claims -> claims.with("aud", "https://example.eu.auth0.com/userinfo")));
        all.add(mistake("auth0", NO_ROLE + "none", claims -> claims.without("permissions")));
        all.add(mistake(
                "auth0",
                "401 token_lifetime: the token lives longer than is accepted: at most 168 h",
                claims -> claims.with("exp", claims.integer("iat").orElseThrow() + 8 * 86_400)));

        all.add(mistake("ping", "401 token_issuer: the token has no `iss`", claims -> claims.without("iss")));
        all.add(mistake("ping", "401 token_audience: the token has no `aud`", claims -> claims.without("aud")));
        all.add(mistake(
                "ping",
                AUDIENCE + "`https://api.pingone.eu`",
                claims -> claims.with("aud", List.of("https://api.pingone.eu"))));
        all.add(new Mistake(
                "ping",
                Map.of("OIDC_ISSUER", "https://auth.pingone.eu/12345678-1234-1234-1234-123456789abc"),
                header -> header,
                claims -> claims,
                ISSUER + "`https://auth.pingone.eu/12345678-1234-1234-1234-123456789abc/as`"));
        all.add(mistake("ping", NO_ROLE + "none", claims -> claims.without("memberOf")));
        all.add(new Mistake("ping", Map.of(), header -> JsonObject.EMPTY, claims -> claims, NOT_VALID));

        all.add(new Mistake("google", Map.of(), header -> JsonObject.EMPTY, claims -> claims, NOT_VALID));
        all.add(mistake("google", ID_TOKEN, claims -> claims));
        all.add(mistake("google", NO_ROLE + "none", claims -> claims.without("hd")));
        all.add(mistake(
                "google", ISSUER + "`accounts.google.com`", claims -> claims.with("iss", "accounts.google.com")));
        return all;
    }

    private static Mistake mistake(String guide, String told, UnaryOperator<JsonObject> claims) {
        return new Mistake(guide, Map.of(), header -> header, claims, told);
    }

    private static Mistake form(String guide, UnaryOperator<JsonObject> header) {
        return new Mistake(guide, Map.of(), header, claims -> claims, NOT_VALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"entra", "okta", "ping", "auth0", "keycloak", "google"})
    void theExampleTokenComesToWhatTheGuideSays(String guide) throws RefusedToken {
        var mode = mode(guide, Map.of());
        var said = COMES_TO.matcher(text(guide));
        assertThat(said.find()).isTrue();
        var claims = claims(guide, mode);

        // Google's token is an ID token, which counts in the browser only.
        var principal = guide.equals("google")
                ? new ClaimRules(
                                mode.settings().tokens(),
                                mode.settings().roles(),
                                mode.settings().sites())
                        .ofAnyKind(claims, mode.clock().instant())
                : switch (mode.authenticate(mode.signer().token(mode.signer().header(), claims))) {
                    case Authentication.Authenticated(var accepted) -> accepted;
                    case Authentication.Refused refused -> throw new AssertionError(refused);
                };

        assertThat(principal.role().text()).isEqualTo(said.group(1));
        assertThat(principal.roleSource().claim()).isEqualTo(said.group(2));
        assertThat(principal.roleSource().value()).isEqualTo(said.group(3));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void theMessageIsWhatTheGatewayAnswers(Mistake mistake) {
        var mode = mode(mistake.guide(), mistake.settings());
        var claims = mistake.claims().apply(claims(mistake.guide(), mode));
        var header = mistake.header().apply(mode.signer().header());

        var told = header.isEmpty()
                ? answer(mode, "ya29.opaque")
                : answer(mode, mode.signer().token(header, claims));

        if (mistake.guide().equals("google")
                && !mistake.told().startsWith("401 token_invalid")
                && !mistake.told().equals(ID_TOKEN)) {
            told = inTheBrowser(mode, claims);
        }
        assertThat(told).isEqualTo(mistake.told());
        assertThat(messages(mistake.guide())).contains(mistake.told());
    }

    @ParameterizedTest
    @ValueSource(strings = {"entra", "okta", "ping", "auth0", "keycloak", "google"})
    void everyMessageOfTheGuideIsTried(String guide) {
        var tried = mistakes().stream()
                .filter(mistake -> mistake.guide().equals(guide))
                .map(Mistake::told)
                .toList();

        assertThat(new TreeSet<>(messages(guide)))
                .isEqualTo(new TreeSet<>(tried))
                .hasSizeGreaterThan(3);
    }

    private static String answer(Mode mode, String token) {
        return switch (mode.authenticate(token)) {
            case Authentication.Authenticated accepted -> accepted.toString();
            case Authentication.Refused refused -> refused.status() + " " + refused.code() + ": " + refused.detail();
        };
    }

    private static String inTheBrowser(Mode mode, JsonObject claims) {
        try {
            return new ClaimRules(
                            mode.settings().tokens(),
                            mode.settings().roles(),
                            mode.settings().sites())
                    .ofAnyKind(claims, mode.clock().instant())
                    .toString();
        } catch (RefusedToken refused) {
            return refused.fault().status() + " " + refused.fault().code() + ": " + refused.detail();
        }
    }

    private static Mode mode(String guide, Map<String, String> changed) {
        var found = SETTINGS.matcher(text(guide));
        assertThat(found.find()).isTrue();
        var parsed = DotEnv.parse(found.group(1));
        assertThat(parsed.faults()).isEmpty();
        var settings = new HashMap<>(parsed.values());
        settings.remove("OIDC_CLIENT_SECRET_FILE");
        settings.putAll(changed);
        return Mode.oidc(settings);
    }

    private static JsonObject claims(String guide, Mode mode) {
        var found = CLAIMS.matcher(text(guide));
        assertThat(found.find()).isTrue();
        var claims = Json.parseObject(found.group(1));
        return claims.with("iat", mode.now() - 10).with("exp", mode.now() + 900).without("nbf");
    }

    private static List<String> messages(String guide) {
        return Stream.of(text(guide))
                .flatMap(text -> MESSAGE.matcher(text).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static String text(String guide) {
        try {
            return Files.readString(FOLDER.resolve(guide + ".md"));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }
}
