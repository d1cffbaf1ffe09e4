package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// Tokens of a real Keycloak at the running product: who gets in, as what, and for how long.
final class KeycloakIT {
    private static final Company COMPANY = Company.shared();
    private static final Keycloak KEYCLOAK = COMPANY.keycloak();
    private static final RunningStack STACK = COMPANY.stack();

    @Test
    void aRealmRoleGivesItsRole() {
        var who = whoami(KEYCLOAK.accessToken("rita"));

        assertThat(who.string("iss")).contains(KEYCLOAK.issuer());
        assertThat(who.string("email")).contains("rita@corp.example");
        assertThat(who.string("role")).contains("ReadOnly");
        assertThat(who.object("roleSource"))
                .contains(JsonObject.of("claim", "realm_access.roles", "value", "net-reader"));
        assertThat(who.string("authMode")).contains("oidc");
    }

    @Test
    void aRoleOfAClientWhoseNameHasADotGivesItsRole() {
        var who = whoami(KEYCLOAK.accessToken("wanda"));

        assertThat(who.string("role")).contains("ReadWrite");
        assertThat(who.object("roleSource"))
                .contains(JsonObject.of("claim", "/resource_access/mist.gateway/roles", "value", "writer"));
    }

    @Test
    void aProgramSignsInByItsOwnCredentials() {
        var token = KEYCLOAK.robotToken();

        assertThat(whoami(token).string("role")).contains("ReadOnly");
        assertThat(whoami(token).string("sub"))
                .isNotEqualTo(whoami(KEYCLOAK.accessToken("rita")).string("sub"));
        var sites = STACK.call(token, "list_sites", JsonObject.EMPTY);
        assertThat(sites.status()).isEqualTo(200);
        assertThat(sites.text()).contains("Berlin-HQ");
    }

    @Test
    void aUserWithoutARoleIsRefusedWithTheValuesSeen() {
        var token = KEYCLOAK.accessToken("nora");
        for (var refused : List.of(
                STACK.get(token, "/whoami"),
                STACK.call(token, "list_sites", JsonObject.EMPTY),
                STACK.get(token, "/tools"))) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("no_role");
            assertThat(refused.body().string("detail").orElse(""))
                    .startsWith("none of the token's values gives a role: it has ")
                    .contains("`staff`", "`default-roles-corp`");
        }
    }

    @Test
    void aTokenWithoutAnAudienceMapperIsRefusedWithTheAudienceSeen() {
        var none = STACK.get(access("no-mapper", "rita"), "/whoami");
        var account = STACK.get(access("no-mapper", "nora"), "/whoami");
        var resolved = STACK.get(access("no-mapper", "wanda"), "/whoami");

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.code()).isEqualTo("token_audience");
        assertThat(none.body().string("detail")).contains("the token has no `aud`");
        assertThat(account.code()).isEqualTo("token_audience");
        assertThat(account.body().string("detail")).contains("the token is for another audience: it has `account`");
        assertThat(resolved.body().string("detail"))
                .contains("the token is for another audience: it has `mist.gateway`");
        assertThat(none.headers("WWW-Authenticate").getFirst())
                .contains("resource_metadata=\"" + STACK.url() + "/.well-known/oauth-protected-resource/mcp\"")
                .contains("error=\"invalid_token\"");
    }

    @Test
    void anIdTokenAndARefreshTokenAreRefused() {
        var tokens = KEYCLOAK.tokens("mist-desk", "wanda");

        var id = STACK.get(tokens.string("id_token").orElseThrow(), "/whoami");
        var refresh = STACK.get(tokens.string("refresh_token").orElseThrow(), "/whoami");

        assertThat(id.status()).isEqualTo(401);
        assertThat(id.code()).isEqualTo("token_kind");
        assertThat(id.body().string("detail")).contains("this is an ID token; send an access token");
        // Keycloak signs refresh tokens by HMAC for itself: the form is refused before anything in it is read.
        assertThat(refresh.status()).isEqualTo(401);
        assertThat(refresh.code()).isEqualTo("token_invalid");
        assertThat(STACK.get(tokens.string("access_token").orElseThrow(), "/whoami")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aChangedTokenIsRefused() {
        var parts = KEYCLOAK.accessToken("rita").split("\\.");
        var claims = Json.parseObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                .with("realm_access", JsonObject.of("roles", List.of("writer")));
        var forged = parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(claims)) + "."
                + parts[2];

        var refused = STACK.get(forged, "/whoami");

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("token_invalid");
    }

    @Test
    void aReaderIsDeniedAWriteAndNothingIsSent() {
        var token = KEYCLOAK.accessToken("rita");
        var before = STACK.writesSent();

        var denied = STACK.call(
                token,
                "set_switch_port",
                JsonObject.of("device", "ber-sw-02", "port", "ge-0/0/9", "usage", "iot", "commit", true));

        assertThat(denied.text()).containsAnyOf("-32602", "role_read_only");
        assertThat(STACK.get(token, "/audit?tool=set_switch_port").text())
                .contains("\"decision\":\"deny\"", "gateway:read-only-never-writes", "realm_access.roles");
        assertThat(STACK.get(token, "/plans")
                        .body()
                        .array("plans")
                        .orElseThrow()
                        .objects())
                .isEmpty();
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void aWritersChangeIsPlannedAndNotSent() {
        var token = KEYCLOAK.accessToken("wanda");
        var before = STACK.writesSent();

        var plan = STACK.planPort(token, "ber-sw-02", "ge-0/0/11", "iot");

        assertThat(plan.string("state")).contains("planned");
        var commit = STACK.post(token, "/plans/" + plan.string("id").orElseThrow() + "/commit", JsonObject.EMPTY);
        assertThat(commit.status()).isEqualTo(403);
        assertThat(commit.code()).isEqualTo("browser_session_required");
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void theDevEndpointsAreNotThere() {
        var mint = JsonObject.of("sub", "mallory", "roles", List.of("ReadWrite"));

        assertThat(STACK.post("/auth/dev/mint", mint).status()).isEqualTo(404);
        assertThat(STACK.post("/auth/dev/session", mint).status()).isEqualTo(404);
        assertThat(STACK.send(
                                "POST",
                                "/auth/dev/link",
                                Map.of("Mist-Operator", STACK.operatorToken()),
                                Optional.of(JsonObject.EMPTY))
                        .status())
                .isEqualTo(404);
        assertThat(STACK.send("GET", "/.well-known/jwks.json", Map.of(), Optional.empty())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theResourceNamesTheProvider() {
        var resource = STACK.send("GET", "/.well-known/oauth-protected-resource/mcp", Map.of(), Optional.empty())
                .body();

        assertThat(resource.string("resource")).contains(STACK.url() + "/mcp");
        assertThat(resource.array("authorization_servers").map(JsonArray::strings))
                .contains(List.of(KEYCLOAK.issuer()));
    }

    @Test
    void aNewKeyIsTakenAtOnceAndARemovedOneIsRefusedWithinItsTime() {
        var old = KEYCLOAK.accessToken("rita");
        assertThat(STACK.get(old, "/whoami").status()).isEqualTo(200);
        var before = KEYCLOAK.signingKeys();

        KEYCLOAK.addSigningKey();
        var fresh = KEYCLOAK.accessToken("rita");

        assertThat(keyId(fresh)).isNotEqualTo(keyId(old));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(STACK.get(fresh, "/whoami").status()).isEqualTo(200));
        assertThat(STACK.get(old, "/whoami").status()).isEqualTo(200);

        before.forEach(KEYCLOAK::removeSigningKey);

        // The gateway asks for the keys every five seconds here; the rest is for a busy machine.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(STACK.get(old, "/whoami").code()).isEqualTo("token_invalid"));
        assertThat(STACK.get(fresh, "/whoami").status()).isEqualTo(200);
    }

    @Test
    void whileTheProviderIsDownValidTokensGoOnAndSoDoesARestartedGateway() {
        var token = KEYCLOAK.accessToken("wanda");
        assertThat(STACK.get(token, "/whoami").status()).isEqualTo(200);

        KEYCLOAK.kill();
        try {
            // Longer than the key set counts as fresh, so that the gateway has tried to renew it in vain.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> STACK.send("GET", "/readyz", Map.of(), Optional.empty())
                                            .status()
                                    == 200
                            && keyFetchFailures() > 1);
            assertThat(STACK.get(token, "/whoami").status()).isEqualTo(200);
            assertThat(STACK.call(token, "list_sites", JsonObject.EMPTY).text()).contains("Berlin-HQ");

            STACK.crashGateway();

            assertThat(STACK.get(token, "/whoami").body().string("role")).contains("ReadWrite");
            assertThat(STACK.planPort(token, "ber-sw-02", "ge-0/0/13", "iot").string("state"))
                    .contains("planned");
        } finally {
            KEYCLOAK.restart();
        }
        assertThat(whoami(KEYCLOAK.accessToken("wanda")).string("role")).contains("ReadWrite");
        assertThat(STACK.get(token, "/whoami").status()).isEqualTo(200);
    }

    private static long keyFetchFailures() {
        return STACK.gatewayLog()
                .lines()
                .filter(line -> line.contains("keys could not be fetched"))
                .count();
    }

    private static JsonObject whoami(String token) {
        var reply = STACK.get(token, "/whoami");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.body();
    }

    private static String access(String client, String user) {
        return KEYCLOAK.tokens(client, user).string("access_token").orElseThrow();
    }

    private static String keyId(String token) {
        var header = new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
        return Json.parseObject(header).string("kid").orElseThrow();
    }
}
