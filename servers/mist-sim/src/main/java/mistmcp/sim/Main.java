package mistmcp.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import mistmcp.http.HttpServer;
import mistmcp.json.JsonObject;
import mistmcp.log.Logs;
import mistmcp.settings.Env;
import mistmcp.settings.InvalidSettings;
import mistmcp.settings.Secret;
import org.slf4j.LoggerFactory;

/// Starts a simulated Mist from the environment, says on standard output where it is, and ends when standard
/// input closes. Exit code 3 means that it cannot start.
public final class Main {
    private static final int CANNOT_START = 3;

    private Main() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException {
        Logs.toStderr("mist-sim", List.of());
        SimulatedMist mist;
        try {
            var env = Env.ofProcess();
            var settings = SimSettings.read(env);
            env.check();
            Logs.toStderr("mist-sim", secrets(settings));
            mist = SimulatedMist.start(settings);
        } catch (InvalidSettings invalid) {
            invalid.faults()
                    .forEach(fault -> LoggerFactory.getLogger(Main.class)
                            .error("cannot start: setting {} ({})", fault, "settings_unusable"));
            System.exit(CANNOT_START);
            return;
        } catch (UnusableSeed | HttpServer.PortTaken unusable) {
            LoggerFactory.getLogger(Main.class).error("cannot start: {}", unusable.getMessage());
            System.exit(CANNOT_START);
            return;
        }
        System.out.println(JsonObject.of("ready", true, "port", mist.port(), "orgId", mist.orgId()));
        System.out.flush();
        LoggerFactory.getLogger(Main.class).info("simulated Mist is ready port={}", mist.port());
        while (System.in.read() >= 0) {
            // Only the end of the input counts: whoever started this process is gone then.
        }
        mist.close();
        System.exit(0);
    }

    private static List<Secret> secrets(SimSettings settings) {
        var secrets = new ArrayList<>(List.of(settings.readToken(), settings.writeToken()));
        settings.controlToken().ifPresent(secrets::add);
        return secrets;
    }
}
