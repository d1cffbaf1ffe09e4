package mistmcp.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.chat.ChatSettings;
import mistmcp.gateway.model.ModelSettings;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.http.AddressRange;
import mistmcp.http.Egress;
import mistmcp.http.ServerSettings;
import mistmcp.http.TlsFiles;
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
/// @param outside      how it is reached from other machines
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
        Egress egress,
        ServerSettings.Outside outside) {

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
                Egress.read(env),
                outside(env));
        boolean oauth = settings.upstreams().upstreams().stream()
                .anyMatch(upstream ->
                        upstream.oauth().filter(one -> !one.machine()).isPresent());
        if (oauth && settings.port() == 0 && settings.publicUrl().isEmpty()) {
            env.fault("GATEWAY_PORT", "must not be 0 with an upstream that has `oauth`: people are sent back to it");
        }
        if (settings.auth() instanceof AuthSettings.Dev
                && !settings.outside().proxies().isEmpty()) {
            env.fault("TRUSTED_PROXIES", "must not be set with `MODE_AUTH=dev`, which takes no calls through a proxy");
        }
        return settings;
    }

    /// The address to bind. `localhost` may be any address by the machine's own files, and DEV must be on
    /// loopback.
    public String bindHost() {
        return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
    }

    private static ServerSettings.Outside outside(Env env) {
        var proxies = new ArrayList<AddressRange>();
        for (var entry : env.list("TRUSTED_PROXIES", "")) {
            try {
                var range = AddressRange.of(entry);
                if (range.everything()) {
                    env.fault(
                            "TRUSTED_PROXIES", "must not hold `" + entry + "`: anybody could say where he comes from");
                }
                proxies.add(range);
            } catch (IllegalArgumentException unusable) {
                env.fault("TRUSTED_PROXIES", "expected addresses and ranges such as `10.1.2.3` or `10.0.0.0/8`");
            }
        }
        var path = env.address("PUBLIC_URL")
                .flatMap(url -> Optional.ofNullable(url.getRawPath()))
                .map(text -> text.replaceAll("/+$", ""))
                .orElse("");
        if (!path.matches("(/[A-Za-z0-9._~-]+)*")) {
            env.fault("PUBLIC_URL", "expected a path of letters, digits and `._~-` only");
            path = "";
        }
        return new ServerSettings.Outside(TlsFiles.read(env), proxies, path);
    }
}
