package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist stdio`: one of our servers for one desktop client, over standard input and output.
@Command(
        name = "stdio",
        description =
                "Serves mist-ro or mist-rw over standard input and output, for one desktop client. mist-rw only plans"
                        + " there.",
        footer = "Example: ./mist stdio mist-ro",
        mixinStandardHelpOptions = true)
final class Stdio implements Callable<Integer> {
    private final Path home;

    @Parameters(paramLabel = "SERVER", description = "mist-ro or mist-rw")
    private String server;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the parameter
    Stdio(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return switch (server) {
            case "mist-ro" -> Foreground.run(home, Programs.MIST_RO, "--stdio");
            case "mist-rw" -> Foreground.run(home, Programs.MIST_RW, "--stdio");
            default -> {
                spec.commandLine().getErr().println("mist: expected mist-ro or mist-rw");
                yield picocli.CommandLine.ExitCode.USAGE;
            }
        };
    }
}
