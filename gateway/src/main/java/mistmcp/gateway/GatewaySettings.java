package mistmcp.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.chat.ChatSettings;
import mistmcp.gateway.model.ModelSettings;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.http.Egress;
import mistmcp.settings.Env;

/// All that the gateway is told at its start.
///
/// @param host         the address to bind
/// @param port         the port; 0 takes a free one
/// @param publicUrl    how the gateway is reached from outside, without a slash at its end
/// @param dataDir      holds keys, database, audit log and run file; mode 0700
/// @param policyPath   the policy file
/// @param writeEnabled whether commits are allowed
/// @param simulated    whether the Mist behind it is the simulator
/// @param mistHost     the host of the Mist API, for people
/// @param egress       the way to servers that others run
public record GatewaySettings(
        String host,
        int port,
        Optional<String> publicUrl,
        Path dataDir,
        Path policyPath,
        boolean writeEnabled,
        boolean simulated,
        String mistHost,
        AuthSettings auth,
        UpstreamSettings upstreams,
        DatabaseSettings database,
        AuditSettings audit,
        ChatSettings chat,
        ModelSettings model,
        Egress egress) {

    /// Reads everything; faults are kept in `env`.
    public static GatewaySettings read(Env env) {
        var settings = new GatewaySettings(
                env.text("GATEWAY_HOST", "127.0.0.1"),
                env.integer("GATEWAY_PORT", 8000, 0, 65_535),
                env.address("PUBLIC_URL").map(url -> url.toString().replaceAll("/+$", "")),
                env.path("DATA_DIR", ".mist"),
                env.path("POLICY_PATH", "policy_rbac.json"),
                env.bool("WRITE_ENABLED", false),
                env.bool("MIST_SIMULATED", true),
                env.text("MIST_HOST", "simulator"),
                AuthSettings.read(env),
                UpstreamSettings.read(env),
                DatabaseSettings.read(env),
                AuditSettings.read(env),
                ChatSettings.read(env),
                ModelSettings.read(env),
                Egress.read(env));
        for (var name : List.of("TLS_CERT", "TLS_KEY", "TRUSTED_PROXIES")) {
            env.text(name)
                    .ifPresent(_ ->
                            env.fault(name, "has no effect in this version: put a proxy that speaks TLS in front"));
        }
        if (settings.auth() instanceof AuthSettings.Dev && !loopback(settings.host())) {
            env.fault(
                    "GATEWAY_HOST",
                    "must be a loopback address in DEV mode: anybody who reaches it could sign in as anybody");
        }
        return settings;
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
