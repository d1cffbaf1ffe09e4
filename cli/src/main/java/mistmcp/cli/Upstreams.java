package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist upstreams`: the servers behind the gateway, how they stand, and the authorization of one.
@Command(
        name = "upstreams",
        description = "Lists the servers behind the gateway, how many tools each has, and what keeps one from working.",
        footer = {
            "`mist upstreams authorize NAME` gets the gateway an authorization (OAuth) at one that wants it.",
            "Example: ./mist upstreams"
        },
        mixinStandardHelpOptions = true)
final class Upstreams implements Callable<Integer> {
    private final Path home;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    Upstreams(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = gateway.operator("GET", "/operator/upstreams", Optional.empty());
            if (!answer.ok()) {
                return refused(answer);
            }
            var out = spec.commandLine().getOut();
            for (var upstream : listed(answer)) {
                out.printf(
                        "%-32s %-20s %4d tools  %s%n",
                        upstream.string("name").orElse(""),
                        upstream.string("state").orElse("").replace('_', ' '),
                        upstream.integer("tools").orElse(0L),
                        upstream.string("fault").orElseGet(() -> access(upstream)));
            }
            out.flush();
            return 0;
        }
    }

    static java.util.List<JsonObject> listed(RunningGateway.Answer answer) {
        return answer.body().array("upstreams").orElse(JsonArray.EMPTY).objects();
    }

    private static String access(JsonObject upstream) {
        var oauth = upstream.object("oauth").orElse(JsonObject.EMPTY);
        var missing = oauth.array("missing").orElse(JsonArray.EMPTY).strings();
        return oauth.string("issuer")
                .map(issuer -> "authorized by " + issuer
                        + oauth.string("expiresAt").map(end -> " until " + end).orElse("")
                        + (oauth.bool("renews").orElse(false) ? ", renewed by itself" : "")
                        + (missing.isEmpty()
                                ? ""
                                : "; it asks for more rights (" + String.join(" ", missing) + "): authorize it again"))
                .orElse("");
    }

    /// Gets an authorization.
    @Command(
            name = "authorize",
            description = {
                "Prepares the authorization of the gateway at an upstream and opens the page where it is given.",
                "The gateway uses it for all callers; what each of them may do, the policy decides."
            },
            footer = "Example: ./mist upstreams authorize github",
            mixinStandardHelpOptions = true)
    int authorize(
            @Parameters(paramLabel = "NAME", description = "the upstream, as `mist upstreams` names it") String name) {
        try (var gateway = RunningGateway.find(Settings.read(home))) {
            var answer = gateway.operator(
                    "POST", "/operator/upstreams/authorize", Optional.of(JsonObject.of("upstream", name)));
            if (!answer.ok()) {
                return refused(answer);
            }
            var out = spec.commandLine().getOut();
            var body = answer.body();
            var scopes = body.array("scopes").orElse(JsonArray.EMPTY).strings();
            out.println("authorization server  " + body.string("issuer").orElse(""));
            out.println("rights asked for      "
                    + (scopes.isEmpty() ? "what the server sees fit" : String.join(" ", scopes)));
            body.string("replaces")
                    .ifPresent(issuer -> out.println(
                            "replaces              what " + issuer + " has given, which goes on until then"));
            var address = body.string("address");
            if (address.isEmpty()) {
                out.println("authorized; no person is asked");
                out.flush();
                return 0;
            }
            out.println("Give it within ten minutes, in a browser on this machine or one that reaches the gateway; the"
                    + " one that opens this first counts:");
            out.println(address.get());
            out.flush();
            open(address.get());
            return 0;
        }
    }

    private int refused(RunningGateway.Answer answer) {
        spec.commandLine().getErr().println("mist: " + answer.problem());
        return Main.REFUSED;
    }

    /// The address was checked by the gateway: it is one of a web server.
    private static void open(String address) {
        try {
            new ProcessBuilder("xdg-open", address)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noDesktop) {
            // The address is printed: opening it is a convenience.
            return;
        }
    }
}
