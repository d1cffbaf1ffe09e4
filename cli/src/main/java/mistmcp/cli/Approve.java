package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist approve`: opens the page of a plan; at level `field`, where no human is asked, commits it.
@Command(
        name = "approve",
        description = "Opens the page on which a plan is approved. A plan of level `field` is committed at once.",
        footer = "Example: ./mist approve pl_4f6... --sub alice",
        mixinStandardHelpOptions = true)
final class Approve implements Callable<Integer> {
    private final Path home;

    @Parameters(paramLabel = "PLAN", description = "the id of the plan")
    private String plan;

    @Option(names = "--sub", defaultValue = "dev", description = "whose plan (default: ${DEFAULT-VALUE})")
    private String subject;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the options
    Approve(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        if (!plan.matches("pl_[0-9a-z]{1,40}")) {
            spec.commandLine().getErr().println("mist: that is no id of a plan");
            return picocli.CommandLine.ExitCode.USAGE;
        }
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var token = Token.brief(gateway, subject, "ReadWrite");
            var found = gateway.bearer("GET", "/plans/" + plan, Optional.empty(), token);
            if (!found.ok()) {
                spec.commandLine().getErr().println("mist: " + found.problem());
                return Main.REFUSED;
            }
            if (found.body().string("level").filter("field"::equals).isEmpty()) {
                return openPage(found.body().string("url").orElse(""));
            }
            var done = gateway.bearer(
                    "POST", "/mcp/chat", Optional.of(JsonObject.of("message", "", "confirmation", plan)), token);
            spec.commandLine().getOut().println(done.body().string("text").orElseGet(done::problem));
            boolean applied = done.ok()
                    && done.body().array("toolCalls").orElse(JsonArray.EMPTY).objects().stream()
                            .anyMatch(call -> call.string("outcome")
                                    .filter("done"::equals)
                                    .isPresent());
            return applied ? 0 : Main.REFUSED;
        }
    }

    private int openPage(String url) {
        spec.commandLine().getOut().println("Approve it on its page: " + url);
        spec.commandLine().getOut().flush();
        try {
            new ProcessBuilder("xdg-open", url)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noDesktop) {
            // The address is printed: opening it is a convenience.
            return 0;
        }
        return 0;
    }
}
