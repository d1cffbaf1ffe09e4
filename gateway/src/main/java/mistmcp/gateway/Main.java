package mistmcp.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.DevKeys;
import mistmcp.gateway.auth.UnusableKeys;
import mistmcp.gateway.policy.InvalidPolicy;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.http.HttpServer;
import mistmcp.json.JsonObject;
import mistmcp.log.Logs;
import mistmcp.settings.Env;
import mistmcp.settings.InvalidSettings;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the gateway from the environment, says on standard output where it is, and ends when standard input
/// closes. With `keys` or `keys rotate` it only makes the DEV keys; with `check` it only looks at settings
/// and policy, with `provider` at the company's provider, and with `explain` at a token on standard input.
/// Exit code 3 means that it cannot start.
public final class Main {
    private static final int CANNOT_START = 3;

    private Main() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logs.toStderr("gateway", List.of());
        var words = List.of(arguments);
        try {
            if (words.contains("keys")) {
                keys(words.contains("rotate"));
            } else if (words.contains("check")) {
                Diagnosis.settings();
            } else if (words.contains("provider")) {
                Diagnosis.provider();
            } else if (words.contains("explain")) {
                Diagnosis.token();
            } else {
                serve();
            }
        } catch (InvalidSettings invalid) {
            invalid.faults().forEach(fault -> log().error("cannot start: setting {} ({})", fault, "settings_unusable"));
            System.exit(CANNOT_START);
        } catch (InvalidPolicy invalid) {
            invalid.faults().forEach(fault -> log().error("cannot start: policy: {} ({})", fault, "policy_unusable"));
            System.exit(CANNOT_START);
        } catch (UnusableKeys
                | Database.UnusableDatabase
                | HttpServer.PortTaken
                | HttpServer.NoCertificate
                | Upstreams.NameCollision
                | Gateway.CannotStart unusable) {
            log().error("cannot start: {} ({})", unusable.getMessage(), code(unusable));
            System.exit(CANNOT_START);
        }
        System.exit(0);
    }

    /// The stable code of what kept the process from starting.
    private static String code(RuntimeException unusable) {
        return switch (unusable) {
            case UnusableKeys _ -> "keys_unusable";
            case Database.UnusableDatabase _ -> "database_unusable";
            case HttpServer.PortTaken _ -> "port_taken";
            case HttpServer.NoCertificate _ -> "certificate_unusable";
            case Upstreams.NameCollision _ -> "tool_names_collide";
            default -> "start_refused";
        };
    }

    private static void serve() throws IOException, InterruptedException {
        var env = Env.ofProcess();
        var settings = GatewaySettings.read(env);
        env.check();
        Logs.toStderr("gateway", secrets(settings));
        try (var gateway = Gateway.start(settings, InstantSource.system())) {
            System.out.println(JsonObject.of("ready", true, "port", gateway.port(), "url", gateway.url()));
            System.out.flush();
            log().info("gateway is ready port={}", gateway.port());
            while (System.in.read() >= 0) {
                // Only the end of the input counts: whoever started this process is gone then.
            }
        }
    }

    private static void keys(boolean rotate) throws IOException {
        var env = Env.ofProcess();
        var settings = AuthSettings.read(env);
        env.check();
        if (!(settings instanceof AuthSettings.Dev dev)) {
            throw new InvalidSettings(List.of("`MODE_AUTH` is not `dev`: the keys are the provider's"));
        }
        var made = dev.keys().privateKey().toAbsolutePath().getParent();
        if (made != null) {
            Files.createDirectories(made);
        }
        var keys = rotate ? DevKeys.rotate(dev.keys(), Instant.now()) : DevKeys.openOrCreate(dev.keys(), Instant.now());
        System.out.println(JsonObject.of(
                "keyId",
                keys.id(),
                "privateKey",
                dev.keys().privateKey().toString(),
                "jwks",
                dev.keys().jwks().toString()));
    }

    private static List<Secret> secrets(GatewaySettings settings) {
        var secrets = new ArrayList<Secret>();
        for (var upstream : settings.upstreams().upstreams()) {
            upstream.serviceKey().ifPresent(secrets::add);
            upstream.credential().ifPresent(credential -> secrets.add(credential.value()));
            upstream.oauth().flatMap(UpstreamSettings.OAuth::clientSecret).ifPresent(secrets::add);
        }
        if (settings.auth() instanceof AuthSettings.Oidc oidc) {
            oidc.clientSecret().ifPresent(secrets::add);
        }
        secrets.addAll(settings.egress().secrets());
        return secrets;
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }
}
