package mistmcp.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mist login`: a one-time link that signs a browser in, in DEV mode.
@Command(
        name = "login",
        description = "Prints a one-time link that lets a browser sign in (DEV mode; 60 seconds).",
        footer = "Example: ./mist login",
        mixinStandardHelpOptions = true)
final class Login implements Callable<Integer> {
    private final Path home;

    @Option(names = "--pipe", description = "print the link even when the output is not a terminal")
    private boolean pipe;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    Login(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        if (!pipe && !Terminal.present()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "mist: the link is a secret and the output is not a terminal: run it in one, or add --pipe");
            return Main.REFUSED;
        }
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            spec.commandLine().getOut().println(SignInLink.fresh(gateway));
        }
        return 0;
    }
}
