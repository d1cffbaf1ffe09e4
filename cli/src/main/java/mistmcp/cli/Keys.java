package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `mist keys`: makes or rotates the DEV keys.
@Command(
        name = "keys",
        description =
                "Makes the DEV keys when there are none, and tells where they are (private key 0600, public JWKS).",
        footer = "Example: ./mist keys --rotate",
        mixinStandardHelpOptions = true)
final class Keys implements Callable<Integer> {
    private final Path home;

    @Option(names = "--rotate", description = "make a new pair; tokens of the old one hold until they expire")
    private boolean rotate;

    Keys(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = Settings.read(home);
        var command =
                rotate ? Programs.GATEWAY.command(home, "keys", "rotate") : Programs.GATEWAY.command(home, "keys");
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(settings.forGateway());
        return builder.start().waitFor();
    }
}
