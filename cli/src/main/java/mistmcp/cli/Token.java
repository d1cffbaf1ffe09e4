package mistmcp.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mist token`: mints a DEV token.
@Command(
        name = "token",
        description = "Mints a DEV token and prints it, and nothing else, on standard output.",
        footer = "Example: TOKEN=$(./mist token --role ReadOnly)",
        mixinStandardHelpOptions = true)
final class Token implements Callable<Integer> {
    private final Path home;

    @Option(names = "--sub", defaultValue = "dev", description = "who (default: ${DEFAULT-VALUE})")
    private String subject;

    @Option(
            names = "--role",
            defaultValue = "ReadOnly",
            description = "ReadOnly or ReadWrite (default: ${DEFAULT-VALUE})")
    private String role;

    @Option(names = "--sites", split = ",", defaultValue = "*", description = "site ids, or * for all (default)")
    private List<String> sites;

    @Option(
            names = "--ttl",
            defaultValue = "900",
            description = "life in seconds, at most 3600 (default: ${DEFAULT-VALUE})")
    private long ttl;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the options
    Token(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = mint(gateway, subject, role, sites, ttl);
            if (!answer.ok()) {
                spec.commandLine().getErr().println("mist: " + answer.problem());
                return Main.REFUSED;
            }
            spec.commandLine()
                    .getOut()
                    .println(answer.body().string("access_token").orElseThrow());
            return 0;
        }
    }

    static RunningGateway.Answer mint(
            RunningGateway gateway, String subject, String role, List<String> sites, long ttl) {
        return gateway.anonymous(
                "POST",
                "/auth/dev/mint",
                Optional.of(JsonObject.of("sub", subject, "roles", List.of(role), "sites", sites, "ttl", ttl)));
    }

    /// A short-lived token for a command's own use.
    static Secret brief(RunningGateway gateway, String subject, String role) {
        var answer = mint(gateway, subject, role, List.of("*"), 60);
        if (!answer.ok()) {
            throw new RunningGateway.Absent(answer.problem());
        }
        return new Secret(answer.body().string("access_token").orElseThrow());
    }
}
