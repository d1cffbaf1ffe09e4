package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mist serve`: runs one process in the foreground.
@Command(
        name = "serve",
        description =
                "Runs one process alone, in the foreground, with its own settings from the environment and .env. It ends"
                        + " when its standard input closes.",
        footer = "Example: ./mist serve mist-sim",
        mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
    private final Path home;

    @Parameters(paramLabel = "PROGRAM", description = "gateway, mist-ro, mist-rw or mist-sim")
    private String program;

    @SuppressWarnings("NullAway.Init") // picocli sets the parameter
    Serve(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return Foreground.run(home, Programs.of(program));
    }
}
