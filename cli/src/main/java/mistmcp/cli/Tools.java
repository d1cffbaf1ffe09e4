package mistmcp.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist tools`: every tool, and what stands between it and a role.
@Command(
        name = "tools",
        description =
                "Lists every tool and whether a role may call it, by which rule, and what would change it (DEV mode).",
        footer = {
            "`mist tools held` shows the tools whose definition has changed, `mist tools pin UPSTREAM/TOOL` accepts one.",
            "Example: ./mist tools --role ReadOnly"
        },
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
                        tool.has("held") ? "held" : tool.bool("allowed").orElse(false) ? "allowed" : "denied",
                        tool.bool("write").orElse(false) ? "write" : "read",
                        tool.string("name").orElse(""),
                        reason(tool));
            }
            out.flush();
            return 0;
        }
    }

    /// Shows what is held back and why.
    @Command(
            name = "held",
            description = "Shows the tools that are held back: what was accepted, and what their servers list now.",
            footer = "Example: ./mist tools held",
            mixinStandardHelpOptions = true)
    int held() {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var held = held(gateway);
            if (held.isEmpty()) {
                spec.commandLine().getOut().println("no tool is held back");
            }
            held.forEach(this::show);
            return 0;
        }
    }

    /// Accepts one.
    @Command(
            name = "pin",
            description = "Accepts the definition that a tool has now, and shows what differs.",
            footer = "Example: ./mist tools pin gh/create_issue",
            mixinStandardHelpOptions = true)
    int pin(
            @Parameters(paramLabel = "UPSTREAM/TOOL", description = "the tool as `mist tools held` names it")
                    String tool) {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var found = held(gateway).stream()
                    .filter(one -> one.string("tool").filter(tool::equals).isPresent())
                    .findFirst();
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("mist: no tool of that name is held back (tool_not_held)");
                return Main.REFUSED;
            }
            show(found.get());
            var answer = gateway.operator(
                    "POST",
                    "/operator/pins",
                    Optional.of(JsonObject.of(
                            "tool", tool, "digest", found.get().string("seen").orElse(""))));
            if (!answer.ok()) {
                spec.commandLine().getErr().println("mist: " + answer.problem());
                return Main.REFUSED;
            }
            spec.commandLine().getOut().println("pinned " + tool);
            return 0;
        }
    }

    private List<JsonObject> held(RunningGateway gateway) {
        var answer = gateway.operator("GET", "/operator/pins", Optional.empty());
        return answer.body().array("held").orElse(JsonArray.EMPTY).objects();
    }

    private void show(JsonObject held) {
        var out = spec.commandLine().getOut();
        out.printf("%s is held back%n", held.string("tool").orElse(""));
        out.printf("  pinned  %s%n", held.string("pinned").orElse("never"));
        out.printf("  now     %s%n", held.string("seen").orElse(""));
        held.array("faults").orElse(JsonArray.EMPTY).strings().forEach(fault -> out.printf("  fault   %s%n", fault));
        for (var change : held.array("changes").orElse(JsonArray.EMPTY).objects()) {
            out.printf(
                    "  %-7s %s%s%s%n",
                    change.string("op").orElse(""),
                    change.string("path").orElse(""),
                    change.get("from").map(value -> ": " + Json.text(value)).orElse(""),
                    change.get("to").map(value -> " -> " + Json.text(value)).orElse(""));
        }
        out.flush();
    }

    private static String reason(JsonObject tool) {
        return tool.object("denial")
                .map(denial -> denial.string("reason").orElse("") + "; "
                        + denial.string("remedy").orElse(""))
                .orElseGet(() -> tool.string("rule").orElse(""));
    }
}
