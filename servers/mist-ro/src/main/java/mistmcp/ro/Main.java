package mistmcp.ro;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import mistmcp.http.HttpServer;
import mistmcp.json.JsonObject;
import mistmcp.log.Logs;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.McpStdio;
import mistmcp.mist.MistApi;
import mistmcp.mist.SiteScope;
import mistmcp.settings.Env;
import mistmcp.settings.InvalidSettings;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the read server from the environment and ends when standard input closes: over HTTP, where it says
/// on standard output which port it has, or with `--stdio` as a server for one desktop client. Exit code 3
/// means that it cannot start.
public final class Main {
    private static final int CANNOT_START = 3;

    private Main() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logs.toStderr(MistRo.NAME, List.of());
        boolean stdio = List.of(arguments).contains("--stdio");
        try {
            run(stdio);
        } catch (InvalidSettings invalid) {
            invalid.faults().forEach(fault -> log().error("cannot start: setting {} ({})", fault, "settings_unusable"));
            System.exit(CANNOT_START);
        } catch (HttpServer.PortTaken taken) {
            log().error("cannot start: {}", taken.getMessage());
            System.exit(CANNOT_START);
        }
        System.exit(0);
    }

    private static void run(boolean stdio) throws IOException, InterruptedException {
        var env = Env.ofProcess();
        var settings = RoSettings.read(env, stdio);
        env.check();
        var secrets = new ArrayList<Secret>(List.of(settings.mist().token()));
        settings.serviceKey().ifPresent(secrets::add);
        Logs.toStderr(MistRo.NAME, secrets);
        try (var api = new MistApi(settings.mist(), InstantSource.system());
                var server = new MistRo(api)) {
            check(TokenCheck.of(api), settings.strict());
            if (stdio) {
                new McpStdio<>(server.toolbox(), McpOptions.STATELESS, SiteScope.ALL).serve(System.in, System.out);
            } else {
                serveHttp(server, settings);
            }
        }
    }

    private static void serveHttp(MistRo server, RoSettings settings) throws IOException {
        var key = settings.serviceKey().orElseThrow();
        try (var listening = server.listen(settings.port(), key, InstantSource.system())) {
            System.out.println(JsonObject.of(
                    "ready",
                    true,
                    "port",
                    listening.port(),
                    "simulated",
                    settings.mist().simulated()));
            System.out.flush();
            log().info(
                            "mist-ro is ready port={} mist={}",
                            listening.port(),
                            settings.mist().base().getHost());
            while (System.in.read() >= 0) {
                // Only the end of the input counts: whoever started this process is gone then.
            }
        }
    }

    private static void check(TokenCheck check, boolean strict) {
        switch (check) {
            case TokenCheck.Fit _ -> log().info("the Mist token may only read");
            case TokenCheck.CanWrite _ -> {
                if (strict) {
                    throw new InvalidSettings(
                            List.of("`MIST_TOKEN_RO` can write: expected a token with the role `read` only, or"
                                    + " `MIST_RO_ALLOW_WRITE_TOKEN=true`"));
                }
                log().warn("THE READ TOKEN CAN WRITE: give `MIST_TOKEN_RO` a token with the role `read` only");
            }
            case TokenCheck.Wrong wrong ->
                throw new InvalidSettings(List.of("`" + wrong.setting() + "` " + wrong.fault()));
            case TokenCheck.Unknown unknown ->
                log().warn(
                                "the Mist token could not be checked: {}",
                                unknown.fault().message());
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }
}
