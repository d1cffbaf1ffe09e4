package mistmcp.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist writes`: the switch for commits, until the next start.
@Command(
        name = "writes",
        description = "Turns commits off at once, or on again where WRITE_ENABLED allows them; without a word, tells.",
        footer = "Example: ./mist writes off",
        mixinStandardHelpOptions = true)
final class Writes implements Callable<Integer> {
    private final Path home;

    @Parameters(paramLabel = "on|off", arity = "0..1", defaultValue = "", description = "on or off")
    private String word;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the parameter
    Writes(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        if (!word.matches("on|off|")) {
            spec.commandLine().getErr().println("mist: expected on or off");
            return picocli.CommandLine.ExitCode.USAGE;
        }
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = word.isEmpty()
                    ? gateway.operator("GET", "/operator/writes", Optional.empty())
                    : gateway.operator("POST", "/operator/writes", Optional.of(JsonObject.of("on", word.equals("on"))));
            if (!answer.ok()) {
                spec.commandLine().getErr().println("mist: " + answer.problem());
                return Main.REFUSED;
            }
            boolean on = answer.body().bool("writeEnabled").orElse(false);
            spec.commandLine().getOut().println("commits are " + (on ? "on" : "off"));
            return 0;
        }
    }
}
