package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static Principal principal(Mode mode, String token) {
        return switch (mode.authenticate(token)) {
            case Authentication.Authenticated(var principal) -> principal;
            case Authentication.Refused refused -> throw new AssertionError(refused);
        };
    }

    @Test
    void givesThePrincipalOfAGoodToken() {
        for (var mode : List.of(Mode.dev(), Mode.oidc())) {
            var claims = mode.claims()
                    .with("email", "anna@example.com")
                    .with("groups", List.of("secops", "staff"))
                    .with("sites", List.of("s1"));

            var principal = principal(mode, mode.signer().token(claims));

            assertThat(principal.key()).isEqualTo(mode.issuer() + "|anna");
            assertThat(principal.role()).isEqualTo(Role.READ_WRITE);
            assertThat(principal.roleSource()).isEqualTo(new Principal.RoleSource("roles", "ReadWrite"));
            assertThat(principal.email()).contains("anna@example.com");
            assertThat(principal.client()).contains("some-client");
            assertThat(principal.groups()).containsEntry("groups", List.of("secops", "staff"));
            assertThat(principal.expiresAt()).isEqualTo(mode.clock().instant().plusSeconds(900));
            assertThat(principal.sites())
                    .isEqualTo(mode.name().equals("dev") ? new SiteScope(List.of("s1")) : SiteScope.ALL);
        }
    }

    @Test
    void acceptsWhatProvidersVary() {
        var mode = Mode.oidc();
        var header = mode.signer().header();
        assertThat(mode.refusal(mode.signer().token(header.without("typ"), mode.claims())))
                .isEmpty();
        assertThat(mode.refusal(mode.signer().token(header.with("typ", "JWT"), mode.claims())))
                .isEmpty();
        assertThat(mode.refusal(mode.signer().token(header.with("typ", "application/at+jwt"), mode.claims())))
                .isEmpty();
        assertThat(mode.refusal(mode.signer().token(header.with("x5t", "thumbprint"), mode.claims())))
                .isEmpty();
        assertThat(mode.refusal(mode.signer()
                        .token(mode.claims().with("aud", List.of("mcp-gateway", "https://t.example/userinfo")))))
                .isEmpty();
        assertThat(mode.refusal(mode.signer().token(mode.claims().with("aud", "http://127.0.0.1:8000/mcp"))))
                .isEmpty();
        assertThat(mode.refusal(mode.signer()
                        .token(mode.claims().with("exp", mode.now() - 59).with("iat", mode.now() - 99))))
                .isEmpty();
        assertThat(mode.refusal(mode.signer()
                        .token(mode.claims().with("iat", new JsonNumber(mode.now() - 5 + ".123")))))
                .isEmpty();
    }

    @Test
    void takesATokenWithoutKeyIdWhenThereIsOneKey() {
        var mode = Mode.oidc();
        mode.keys().become(Optional.of(FixedKeys.set(mode.signer().jwk())));

        assertThat(mode.refusal(mode.signer().token(mode.signer().header().without("kid"), mode.claims())))
                .isEmpty();
    }

    @Test
    void checksEllipticCurvesAndEdwardsCurves() {
        for (var signer : List.of(Signer.ec("k"), Signer.ed25519("k"))) {
            var mode = Mode.oidc();
            mode.keys().become(Optional.of(FixedKeys.set(signer.jwk())));

            assertThat(mode.refusal(signer.token(mode.claims()))).isEmpty();
            assertThat(mode.refusal(signer.token(mode.claims()).replaceFirst("\\.[^.]+\\.", ".e30.")))
                    .isPresent();
        }
    }

    @Test
    void forgetsATokenSeenBeforeWhenItsKeyGoes() {
        var mode = Mode.oidc();
        var token = mode.signer().token(mode.claims());
        assertThat(mode.refusal(token)).isEmpty();

        mode.keys().become(Optional.of(FixedKeys.set(Signer.rsa("key-2").jwk())));

        assertThat(mode.refusal(token).map(Authentication.Refused::auditReason)).contains("key_unknown");
    }

    @Test
    void forgetsATokenSeenBeforeWhenItEnds() {
        var mode = Mode.oidc();
        var token = mode.signer().token(mode.claims().with("exp", mode.now() + 5));
        assertThat(mode.refusal(token)).isEmpty();

        mode.clock().pass(Duration.ofSeconds(65));

        assertThat(mode.refusal(token).map(Authentication.Refused::auditReason)).contains("expired");
    }

    @Test
    void takesOnlyAllowedClients() {
        var mode = Mode.oidc(Map.of("ALLOWED_CLIENTS", "desktop, cli"));

        assertThat(mode.refusal(mode.signer().token(mode.claims().with("azp", "desktop"))))
                .isEmpty();
        assertThat(mode.refusal(mode.signer().token(mode.claims())).map(Authentication.Refused::auditReason))
                .contains("client_not_allowed");
        assertThat(mode.refusal(mode.signer().token(mode.claims().without("azp")))
                        .map(Authentication.Refused::detail))
                .contains("the token was given to a client that is not allowed: it names none");
    }

    @Test
    void namesTheValuesSeenWhenNoneGivesARole() {
        var mode = Mode.oidc();
        var refused = mode.refusal(
                        mode.signer().token(mode.claims().with("roles", List.of("Guest", "x`\nSet-Cookie: y"))))
                .orElseThrow();

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.detail())
                .isEqualTo("none of the token's values gives a role: it has `Guest`, `x??Set-Cookie: y`");
        assertThat(refused.subject()).isPresent();
        assertThat(refused.challenge().orElseThrow())
                .contains("insufficient_scope")
                .doesNotContain("Guest");
    }

    @Test
    void dropsAnEmailThatTheProviderHasNotVerified() {
        var mode = Mode.oidc();
        var claims = mode.claims().with("email", "boss@example.com").with("email_verified", false);

        assertThat(principal(mode, mode.signer().token(claims)).email()).isEmpty();
    }

    @Test
    void givesSitesBySubjectThenRoleThenClaim() {
        var mode = Mode.oidc(Map.of(
                "SITE_SCOPE_JSON",
                JsonObject.of(
                                "subjects", JsonObject.of(Mode.OIDC_ISSUER + "|anna", List.of("s1")),
                                "roles", JsonObject.of("ReadOnly", List.of("*")),
                                "claim", "mist_sites")
                        .toString()));

        assertThat(principal(mode, mode.signer().token(mode.claims())).sites().ids())
                .containsExactly("s1");
        assertThat(principal(
                                mode,
                                mode.signer()
                                        .token(mode.claims().with("sub", "ben").with("roles", List.of("ReadOnly"))))
                        .sites())
                .isEqualTo(SiteScope.ALL);
        assertThat(principal(
                                mode,
                                mode.signer()
                                        .token(mode.claims()
                                                .with("sub", "ben")
                                                .with("mist_sites", List.of("s2", "s3"))))
                        .sites()
                        .ids())
                .containsExactly("s2", "s3");
        assertThat(principal(mode, mode.signer().token(mode.claims().with("sub", "ben")))
                        .sites())
                .isEqualTo(SiteScope.NONE);
    }
}
