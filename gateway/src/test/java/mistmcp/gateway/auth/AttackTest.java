package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttackTest {
    private static final Mode DEV = Mode.dev();
    private static final Mode OIDC = Mode.oidc();
    private static final List<Mode> MODES = List.of(DEV, OIDC);

    static Stream<Attack> attacks() {
        return Attack.all().stream();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void refusesInBothModesWithItsReason(Attack attack) {
        for (var mode : MODES) {
            var token = attack.token().apply(mode);

            var refused = mode.refusal(token);

            assertThat(refused).as(mode.name()).isPresent();
            assertThat(refused.get().auditReason())
                    .as(mode.name())
                    .isEqualTo(attack.fault().reason());
            assertThat(refused.get().status())
                    .as(mode.name())
                    .isEqualTo(attack.fault().status());
            if (!attack.proven()) {
                assertThat(refused.get().code()).as(mode.name()).isEqualTo("token_invalid");
                assertThat(refused.get().detail()).isEqualTo("the token is not valid");
                assertThat(refused.get().subject()).isEmpty();
                assertThat(refused.get().challenge())
                        .contains("Bearer resource_metadata=\"http://localhost/metadata\", error=\"invalid_token\"");
            } else {
                assertThat(refused.get().code()).isNotEqualTo("token_invalid");
            }
            assertThat(refused.get().problem().toString()).doesNotContain(token);
        }
    }

    /// Each reason of the audit log is one that an attack brings about, or one that another test names.
    @Test
    void hasAnAttackForEveryFault() {
        var elsewhere = java.util.EnumSet.of(
                TokenFault.HEADER_MISSING,
                TokenFault.HEADER_MALFORMED,
                TokenFault.TOKEN_IN_QUERY,
                TokenFault.KEYS_UNAVAILABLE,
                TokenFault.DEV_KEY,
                TokenFault.KEY_ALG_MISMATCH,
                TokenFault.CLIENT_NOT_ALLOWED,
                TokenFault.GROUPS_OVERAGE);
        var tried = attacks().map(Attack::fault).collect(java.util.stream.Collectors.toSet());
        tried.addAll(elsewhere);

        assertThat(tried).containsExactlyInAnyOrder(TokenFault.values());
    }

    @Test
    void refusesATokenOfOneCharacterTooManyBeforeItIsReadAtAll() {
        for (var mode : MODES) {
            int filler = 16_000;
            while (mode.signer()
                            .token(mode.claims().with("x", "y".repeat(filler + 1)))
                            .length()
                    <= CompactToken.MAX_CHARS) {
                filler++;
            }
            var longest = mode.signer().token(mode.claims().with("x", "y".repeat(filler)));
            var tooLong = mode.signer().token(mode.claims().with("x", "y".repeat(filler + 1)));

            assertThat(mode.refusal(longest)).as(mode.name()).isEmpty();
            assertThat(mode.refusal(tooLong).map(Authentication.Refused::auditReason))
                    .contains("too_long");
        }
    }

    @Test
    void hasAtLeastSixtyAttacks() {
        assertThat(Attack.all())
                .hasSizeGreaterThan(120)
                .extracting(Attack::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void tellsTheReasonOnlyOnceTheSignatureHasVerified() {
        for (var mode : MODES) {
            var expired = mode.claims().with("exp", mode.now() - 3600).with("iat", mode.now() - 7200);
            var forged = Signer.rsa(mode.signer().keyId()).token(expired);
            var real = mode.signer().token(expired);

            assertThat(mode.refusal(forged).map(Authentication.Refused::code)).isEqualTo(Optional.of("token_invalid"));
            assertThat(mode.refusal(real).map(Authentication.Refused::code)).isEqualTo(Optional.of("token_expired"));
        }
    }

    @Test
    void refusesADevKeyInOidcModeEvenWhenTheSetHasIt() {
        var mode = Mode.oidc();
        var dev = Signer.rsa("mist-dev-1");
        mode.keys().become(Optional.of(FixedKeys.set(mode.signer().jwk(), dev.jwk())));

        assertThat(mode.refusal(dev.token(mode.claims())).map(Authentication.Refused::auditReason))
                .isEqualTo(Optional.of("dev_key"));
    }

    @Test
    void refusesAnAlgorithmThatIsNotTheKeys() {
        var mode = Mode.oidc();
        var header = mode.signer().header().with("alg", "PS256");

        assertThat(mode.refusal(mode.signer().token(header, mode.claims())).map(Authentication.Refused::auditReason))
                .isEqualTo(Optional.of("key_alg_mismatch"));
    }

    @Test
    void refusesAZeroEcdsaSignature() {
        var mode = Mode.oidc();
        var ec = Signer.ec("ec-1");
        mode.keys().become(Optional.of(FixedKeys.set(ec.jwk())));
        var token = ec.token(mode.claims());

        assertThat(mode.refusal(token)).isEmpty();
        assertThat(mode.refusal(token.substring(0, token.lastIndexOf('.') + 1) + Signer.base64(new byte[64]))
                        .map(Authentication.Refused::auditReason))
                .isEqualTo(Optional.of("signature_invalid"));
    }

    static Stream<List<String>> headers() {
        return Stream.of(
                List.of(""),
                List.of("Bearer"),
                List.of("Bearer "),
                List.of("Basic YTpi"),
                List.of("Bearer a b"),
                List.of("Bearer a.b.c\n"),
                List.of("Bearer a.b.c, Bearer d.e.f"),
                List.of("DPoP a.b.c"),
                List.of("Bearer a.b.c", "Bearer d.e.f"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void refusesAHeaderOfAnotherForm(List<String> headers) {
        var refused = (Authentication.Refused) DEV.authenticate(headers);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("authorization_malformed");
    }

    @Test
    void challengesARequestWithoutTokenWithoutAnError() {
        var refused = (Authentication.Refused) DEV.authenticate(List.of());

        assertThat(refused.code()).isEqualTo("token_missing");
        assertThat(refused.challenge()).contains("Bearer resource_metadata=\"http://localhost/metadata\"");
        assertThat(refused.status()).isEqualTo(401);
    }

    @Test
    void answers503WithoutKeys() {
        var mode = Mode.oidc();
        var token = mode.signer().token(mode.claims());
        assertThat(mode.refusal(token)).isEmpty();

        mode.keys().become(Optional.empty());

        var refused = mode.refusal(token).orElseThrow();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("keys_unavailable");
    }
}
