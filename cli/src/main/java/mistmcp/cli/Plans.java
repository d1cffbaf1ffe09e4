package mistmcp.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mist plans`: the plans of a DEV user.
@Command(
        name = "plans",
        description = "Lists the plans of a DEV user, newest first.",
        footer = "Example: ./mist plans --sub alice",
        mixinStandardHelpOptions = true)
final class Plans implements Callable<Integer> {
    private final Path home;

    @Option(names = "--sub", defaultValue = "dev", description = "whose (default: ${DEFAULT-VALUE})")
    private String subject;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the option
    Plans(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = gateway.bearer("GET", "/plans", Optional.empty(), Token.brief(gateway, subject, "ReadOnly"));
            if (!answer.ok()) {
                spec.commandLine().getErr().println("mist: " + answer.problem());
                return Main.REFUSED;
            }
            var out = spec.commandLine().getOut();
            var plans = answer.body().array("plans").orElse(JsonArray.EMPTY).objects();
            if (plans.isEmpty()) {
                out.println(subject + " has no plans");
            }
            for (var plan : plans) {
                out.printf(
                        "%-30s %-10s %-18s %s%n",
                        plan.string("id").orElse(""),
                        plan.string("state").orElse(""),
                        plan.string("tool").orElse(""),
                        plan.string("phrase").orElse(""));
            }
            out.flush();
            return 0;
        }
    }
}
