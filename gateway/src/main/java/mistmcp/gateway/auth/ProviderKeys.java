package mistmcp.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import mistmcp.http.HttpClient;

/// The keys that tokens are checked with at this moment, looked up once and not kept: for explaining a
/// token in a process of its own.
public final class ProviderKeys {
    private ProviderKeys() {}

    /// DEV: the keys of the files, which are not made. OIDC: those that the provider publishes, or else the
    /// ones that a gateway saved here before.
    public static Optional<KeySet> now(AuthSettings settings, HttpClient client) throws InterruptedException {
        return switch (settings) {
            case AuthSettings.Dev dev ->
                dev.keys().readJwks().flatMap(text -> parsed(text.getBytes(StandardCharsets.UTF_8), settings, true));
            case AuthSettings.Oidc oidc -> {
                var published = new ProviderDocuments(client).get(oidc.jwksUrl());
                Optional<KeySet> keys = published instanceof ProviderDocuments.Look.Seen seen
                        ? parsed(seen.body(), settings, false)
                        : Optional.empty();
                yield keys.or(() -> new SavedKeys(oidc.savedKeys(), oidc.jwksUrl())
                        .read(oidc.tokens().algorithms())
                        .map(SavedKeys.Kept::keys));
            }
        };
    }

    private static Optional<KeySet> parsed(byte[] jwks, AuthSettings settings, boolean dev) {
        try {
            return Optional.of(KeySet.parse(jwks, settings.tokens().algorithms(), dev));
        } catch (InvalidKeySet unusable) {
            return Optional.empty();
        }
    }
}
