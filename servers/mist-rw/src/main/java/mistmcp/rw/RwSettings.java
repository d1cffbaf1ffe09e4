package mistmcp.rw;

import java.util.Optional;
import mistmcp.mist.MistSettings;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// How this process is started.
///
/// @param mist       the cloud, the organisation and the token that may write
/// @param serviceKey the key shared with the gateway; empty over stdio, where there is no gateway
/// @param port       the loopback port; 0 takes a free one
record RwSettings(MistSettings mist, Optional<Secret> serviceKey, int port) {
    private static final int SHORTEST_KEY = 32;

    /// Reads `MIST_API_BASE`, `MIST_ORG_ID`, `MIST_TOKEN_RW`, and without stdio `SERVICE_KEY_RW` and
    /// `MIST_RW_PORT`. Faults stay in the Env.
    static RwSettings read(Env env, boolean stdio) {
        var mist = MistSettings.read(env, "MIST_TOKEN_RW");
        if (stdio) {
            return new RwSettings(mist, Optional.empty(), 0);
        }
        var key = env.secret("SERVICE_KEY_RW");
        if (key.isEmpty()) {
            env.fault("SERVICE_KEY_RW", "is missing: expected the key that the gateway has too");
        } else if (key.get().bytes().length < SHORTEST_KEY) {
            env.fault("SERVICE_KEY_RW", "is too short: expected at least 32 characters");
        }
        return new RwSettings(mist, key, env.integer("MIST_RW_PORT", 0, 0, 65_535));
    }
}
