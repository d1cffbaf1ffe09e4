package mistmcp.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mist tools`: every tool, and what stands between it and a role.
@Command(
        name = "tools",
        description =
                "Lists every tool and whether a role may call it, by which rule, and what would change it (DEV mode).",
        footer = "Example: ./mist tools --role ReadOnly",
        mixinStandardHelpOptions = true)
final class Tools implements Callable<Integer> {
    private final Path home;

    @Option(
            names = "--role",
            defaultValue = "ReadOnly",
            description = "ReadOnly or ReadWrite (default: ${DEFAULT-VALUE})")
    private String role;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the option
    Tools(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = gateway.bearer("GET", "/tools", Optional.empty(), Token.brief(gateway, "mist-cli", role));
            if (!answer.ok()) {
                spec.commandLine().getErr().println("mist: " + answer.problem());
                return Main.REFUSED;
            }
            var out = spec.commandLine().getOut();
            for (var tool : answer.body().array("tools").orElse(JsonArray.EMPTY).objects()) {
                out.printf(
                        "%-8s %-6s %-28s %s%n",
                        tool.bool("allowed").orElse(false) ? "allowed" : "denied",
                        tool.bool("write").orElse(false) ? "write" : "read",
                        tool.string("name").orElse(""),
                        reason(tool));
            }
            out.flush();
            return 0;
        }
    }

    private static String reason(JsonObject tool) {
        return tool.object("denial")
                .map(denial -> denial.string("reason").orElse("") + "; "
                        + denial.string("remedy").orElse(""))
                .orElseGet(() -> tool.string("rule").orElse(""));
    }
}
