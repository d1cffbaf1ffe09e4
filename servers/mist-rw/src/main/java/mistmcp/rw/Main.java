package mistmcp.rw;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import mistmcp.http.HttpServer;
import mistmcp.json.JsonObject;
import mistmcp.log.Logs;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpStdio;
import mistmcp.mist.SiteScope;
import mistmcp.rw.tool.Caller;
import mistmcp.settings.Env;
import mistmcp.settings.InvalidSettings;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the write server: over Streamable HTTP on loopback for the gateway, or with `--stdio` for one
/// desktop client, where it only plans. Ends when its standard input closes; exit code 3 means that it cannot
/// start.
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int CANNOT_START = 3;

    private Main() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logs.toStderr(RwServer.NAME, List.of());
        boolean stdio = List.of(arguments).contains("--stdio");
        try {
            var env = Env.ofProcess();
            var settings = RwSettings.read(env, stdio);
            env.check();
            Logs.toStderr(RwServer.NAME, secrets(settings));
            if (stdio) {
                overStdio(settings);
            } else {
                overHttp(settings);
            }
        } catch (InvalidSettings invalid) {
            invalid.faults().forEach(fault -> LOG.error("cannot start: setting {} ({})", fault, "settings_unusable"));
            System.exit(CANNOT_START);
        } catch (HttpServer.PortTaken taken) {
            LOG.error("cannot start: {}", taken.getMessage());
            System.exit(CANNOT_START);
        }
        System.exit(0);
    }

    private static void overHttp(RwSettings settings) throws IOException, InterruptedException {
        try (var server = RwServer.start(settings, InstantSource.system())) {
            System.out.println(JsonObject.of("ready", true, "port", server.port()));
            System.out.flush();
            LOG.info("ready port={}", server.port());
            while (System.in.read() >= 0) {
                // Only the end of the input counts: whoever started this process is gone then.
            }
        }
    }

    /// The user of the client is the principal here. Nobody vouches for an approval, so nothing is ever
    /// committed.
    private static void overStdio(RwSettings settings) throws IOException, InterruptedException {
        try (var service = WriteService.start(settings.mist(), InstantSource.system())) {
            var user = new Caller("stdio", SiteScope.ALL, new Caller.Mode.DryRun());
            new McpStdio<>(service.mcp(), McpOptions.STATELESS, user).serve(System.in, System.out);
        }
    }

    private static List<Secret> secrets(RwSettings settings) {
        var secrets = new ArrayList<>(List.of(settings.mist().token()));
        settings.serviceKey().ifPresent(secrets::add);
        return secrets;
    }
}
