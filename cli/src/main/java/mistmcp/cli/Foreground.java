package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Runs one program in place of this one: its input, output and errors are ours.
final class Foreground {
    private Foreground() {}

    static int run(Path home, Programs program, String... arguments) throws IOException, InterruptedException {
        var settings = Settings.read(home);
        var builder = new ProcessBuilder(program.command(home, arguments)).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment(settings, program));
        return builder.start().waitFor();
    }

    private static Map<String, String> environment(Settings settings, Programs program) {
        return switch (program) {
            case GATEWAY -> settings.forGateway();
            case MIST_RO -> with(settings, settings.forMistRo(), "SERVICE_KEY_RO", "MIST_RO_PORT");
            case MIST_RW -> with(settings, settings.forMistRw(), "SERVICE_KEY_RW", "MIST_RW_PORT");
            case MIST_SIM -> with(settings, settings.forSimulator(), "SIM_TOKEN_RO", "SIM_TOKEN_RW");
        };
    }

    private static Map<String, String> with(Settings settings, Map<String, String> own, String... names) {
        for (var name : names) {
            settings.text(name).ifPresent(value -> own.put(name, value));
        }
        return own;
    }
}
