package mistmcp.cli;

import java.nio.file.Path;
import mistmcp.settings.InvalidSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `mist` command. Exit codes: 0 done, 1 failed check or refused, 2 usage, 3 cannot start.
@Command(
        name = "mist",
        description =
                "The Mist MCP Gateway: AI assistants read and change a Juniper Mist network, and nothing changes by"
                        + " accident.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Up.class,
            Serve.class,
            Stdio.class,
            Login.class,
            Token.class,
            Keys.class,
            Doctor.class,
            Tools.class,
            Upstreams.class,
            Plans.class,
            Approve.class,
            Writes.class,
            Clients.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Also: ./mist test runs all tests; ./mist bench overhead measures what the gateway adds to a call,",
            "./mist bench micro its parts alone.",
            "Example: ./mist up",
            "Exit codes: 0 done, 1 failed or refused, 2 usage, 3 cannot start."
        })
public final class Main implements Runnable {
    static final int REFUSED = 1;
    static final int CANNOT_START = 3;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    private Main() {}

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] arguments) {
        var home =
                Path.of(System.getProperty("mist.home", ".")).toAbsolutePath().normalize();
        var commands = new CommandLine(new Main(), new CommandFactory(home))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        System.exit(commands.execute(arguments));
    }

    private static int failed(Exception failure, CommandLine command) {
        var err = command.getErr();
        return switch (failure) {
            case InvalidSettings invalid -> {
                boolean file = invalid.faults().stream().anyMatch(fault -> fault.startsWith("`.env` "));
                err.println("mist: the settings cannot be used (" + (file ? "env_file_unusable" : "settings_unusable")
                        + "):");
                invalid.faults().forEach(fault -> err.println("  " + fault));
                yield CANNOT_START;
            }
            case RunningGateway.Absent absent -> {
                err.println("mist: " + absent.getMessage());
                yield REFUSED;
            }
            case Child.NotStarted notStarted -> {
                err.println("mist: " + notStarted.getMessage());
                yield CANNOT_START;
            }
            default -> {
                err.println("mist: failed unexpectedly: " + failure);
                yield REFUSED;
            }
        };
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// Makes each command with the installation's folder.
    private record CommandFactory(Path home) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Path.class) {
                    return type.cast(constructor.newInstance(home));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
