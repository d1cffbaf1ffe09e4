package mistmcp.gateway.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;

/// One of the two modes, with a key of its provider and an authenticator over it.
record Mode(
        String name,
        Signer signer,
        Authenticator authenticator,
        AuthSettings settings,
        SetClock clock,
        FixedKeys keys) {
    static final String OIDC_ISSUER = "https://login.example.com/tenant/v2.0";

    /// Making an RSA key takes longer than all else in a test.
    private static final Map<String, Signer> SIGNERS = new ConcurrentHashMap<>();

    static Mode dev() {
        return of("dev", Map.of());
    }

    static Mode oidc() {
        return oidc(Map.of());
    }

    static Mode oidc(Map<String, String> more) {
        var env = new HashMap<>(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", OIDC_ISSUER,
                "OIDC_JWKS_URL", "https://login.example.com/keys"));
        env.putAll(more);
        return of("oidc", env);
    }

    private static Mode of(String name, Map<String, String> values) {
        var env = Env.of(values);
        var settings = AuthSettings.read(env);
        env.check();
        var signer = SIGNERS.computeIfAbsent(name.equals("dev") ? "mist-dev-1" : "key-1", Signer::rsa);
        var clock = new SetClock();
        var keys = FixedKeys.of(
                signer.jwk(), SIGNERS.computeIfAbsent("other", Signer::rsa).jwk());
        return new Mode(name, signer, new Authenticator(settings, keys, clock), settings, clock, keys);
    }

    String issuer() {
        return settings.tokens().issuers().getFirst();
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    /// Claims that are good in this mode.
    JsonObject claims() {
        return JsonObject.of(
                "iss",
                issuer(),
                "sub",
                "anna",
                "aud",
                "mcp-gateway",
                "iat",
                now() - 10,
                "exp",
                now() + 900,
                "azp",
                "some-client",
                "roles",
                List.of("ReadWrite"));
    }

    Authentication authenticate(String token) {
        return authenticate(List.of("Bearer " + token));
    }

    Authentication authenticate(List<String> headers) {
        try {
            return authenticator.authenticate(headers, () -> "http://localhost/metadata");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    Optional<Authentication.Refused> refusal(String token) {
        return authenticate(token) instanceof Authentication.Refused refused ? Optional.of(refused) : Optional.empty();
    }
}
