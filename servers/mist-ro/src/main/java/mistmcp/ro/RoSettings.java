package mistmcp.ro;

import java.util.Locale;
import java.util.Optional;
import mistmcp.mist.MistSettings;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// How the read server is started.
///
/// @param mist            which cloud, organisation and token
/// @param serviceKey      the key that the gateway's assertions are checked with; none over stdio
/// @param port            the loopback port; 0 takes a free one
/// @param strict          whether a token that can write stops the start (OIDC mode, unless allowed)
public record RoSettings(MistSettings mist, Optional<Secret> serviceKey, int port, boolean strict) {
    private static final int SHORTEST_KEY = 32;

    /// Reads `MIST_API_BASE`, `MIST_ORG_ID`, `MIST_TOKEN_RO`, `SERVICE_KEY_RO`, `MIST_RO_PORT`, `MODE_AUTH`
    /// and `MIST_RO_ALLOW_WRITE_TOKEN`. Faults stay in the Env.
    public static RoSettings read(Env env, boolean stdio) {
        var mist = MistSettings.read(env, "MIST_TOKEN_RO");
        var key = stdio ? Optional.<Secret>empty() : env.secret("SERVICE_KEY_RO");
        if (!stdio
                && key.filter(secret -> secret.bytes().length >= SHORTEST_KEY).isEmpty()) {
            env.fault("SERVICE_KEY_RO", "expected a key of at least 32 characters, shared with the gateway");
        }
        var mode = env.text("MODE_AUTH", "dev").toLowerCase(Locale.ROOT);
        if (!mode.equals("dev") && !mode.equals("oidc")) {
            env.fault("MODE_AUTH", "expected `dev` or `oidc`");
        }
        boolean allowed = env.bool("MIST_RO_ALLOW_WRITE_TOKEN", false);
        return new RoSettings(mist, key, env.integer("MIST_RO_PORT", 0, 0, 65_535), !mode.equals("dev") && !allowed);
    }
}
