package mistmcp.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import mistmcp.settings.InvalidSettings;
import mistmcp.settings.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mist doctor`: looks at everything that the gateway needs, and says how to mend what is wrong. With
/// `--token` it explains one token instead.
@Command(
        name = "doctor",
        description =
                "Checks settings, keys, ports, policy, data directory, the company's provider and the Mist tokens, each"
                        + " with the fix. Changes nothing.",
        footer = {"Example: ./mist doctor", "Example: ./mist doctor --token   (then paste the token)"},
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    private static final long LEAST_FREE = 512L << 20;
    private static final int LONGEST_TOKEN = 64 << 10;

    private final Path home;

    @Option(
            names = "--token",
            description =
                    "explain a token that is pasted, or comes on standard input: what it is refused or accepted for,"
                            + " claim by claim. It is not shown, not kept and not logged.")
    private boolean token;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    Doctor(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return told(token ? explained() : looked());
    }

    private List<Finding> explained() throws IOException, InterruptedException {
        var settings = Settings.read(home);
        if (!Terminal.present() && Terminal.typedInto()) {
            return List.of(Finding.fail(
                    "token",
                    "what is typed would be shown, as the output goes elsewhere",
                    "leave the output on the terminal, or send the token on standard input"));
        }
        var pasted = Terminal.present() ? Terminal.secret("token (not shown): ") : piped();
        return pasted.isEmpty()
                ? List.of(Finding.fail("token", "none was given", "paste one, or send it on standard input"))
                : new GatewayDiagnosis(home, settings).token(pasted.get());
    }

    private static Optional<Secret> piped() throws IOException {
        var text = new String(System.in.readNBytes(LONGEST_TOKEN), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(new Secret(text));
    }

    private List<Finding> looked() throws IOException, InterruptedException {
        var findings = new ArrayList<Finding>();
        findings.add(Finding.ok("java", System.getProperty("java.vendor") + " " + Runtime.version()));
        try {
            var settings = Settings.read(home);
            findings.add(Finding.ok(
                    "settings",
                    Files.exists(home.resolve(".env"))
                            ? "read from the environment and .env"
                            : "read; there is no .env"));
            look(settings, findings);
        } catch (InvalidSettings invalid) {
            invalid.faults().forEach(fault -> findings.add(Finding.fail("settings", fault, "correct it in .env")));
        }
        return findings;
    }

    private int told(List<Finding> findings) {
        var out = spec.commandLine().getOut();
        for (var finding : findings) {
            out.println(finding.state().label() + "  " + finding.check() + ": " + finding.told());
            if (!finding.fix().isEmpty()) {
                out.println("      fix: " + finding.fix());
            }
        }
        out.flush();
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.FAIL) ? Main.REFUSED : 0;
    }

    private void look(Settings settings, List<Finding> findings) throws IOException, InterruptedException {
        var running = running(settings);
        findings.add(running.map(gateway -> Finding.ok("gateway", "runs at " + gateway))
                .orElseGet(() -> Finding.ok("gateway", "does not run")));
        if (running.isEmpty()) {
            findings.add(port(settings));
        } else {
            findings.addAll(upstreams(settings));
        }
        findings.add(dataDirectory(settings));
        keys(settings).ifPresent(findings::add);
        if (Programs.GATEWAY.built(home)) {
            var gateway = new GatewayDiagnosis(home, settings);
            findings.addAll(gateway.settingsAndPolicy());
            if (!settings.dev()) {
                findings.addAll(gateway.provider());
            }
        }
        findings.addAll(MistCheck.of(settings));
    }

    private static Optional<String> running(Settings settings) {
        try (var gateway = RunningGateway.find(settings)) {
            return gateway.anonymous("GET", "/healthz", Optional.empty()).ok()
                    ? Optional.of(gateway.url())
                    : Optional.empty();
        } catch (RunningGateway.Absent none) {
            return Optional.empty();
        }
    }

    /// The upstreams that do not work, as the running gateway has found them.
    private static List<Finding> upstreams(Settings settings) {
        try (var gateway = RunningGateway.find(settings)) {
            return Upstreams.listed(gateway.operator("GET", "/operator/upstreams", Optional.empty())).stream()
                    .filter(upstream -> upstream.has("fault"))
                    .map(upstream -> {
                        var name = upstream.string("name").orElse("");
                        boolean unauthorized = upstream.string("state")
                                .filter("needs_authorization"::equals)
                                .isPresent();
                        return Finding.warn(
                                "upstream " + name,
                                upstream.string("fault").orElse(""),
                                unauthorized
                                        ? "run: ./mist upstreams authorize " + name
                                        : "look whether that server runs; docs/errors.md");
                    })
                    .toList();
        } catch (RunningGateway.Absent gone) {
            return List.of();
        }
    }

    private static Finding port(Settings settings) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
            return Finding.ok("port", settings.port() + " is free");
        } catch (IOException taken) {
            return Finding.fail(
                    "port",
                    settings.port() + " on " + settings.host() + " is in use by another program",
                    "stop that program, or set GATEWAY_PORT to a free port");
        }
    }

    private static Finding dataDirectory(Settings settings) throws IOException {
        var directory = settings.dataDir();
        if (!Files.exists(directory)) {
            return Finding.ok("data", directory + " will be made");
        }
        if (!Files.isWritable(directory)) {
            return Finding.fail("data", directory + " cannot be written", "give it to the user that runs the gateway");
        }
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        if (!mode.equals("rwx------")) {
            return Finding.warn("data", directory + " can be read by other users", "run: chmod 700 " + directory);
        }
        return Files.getFileStore(directory).getUsableSpace() < LEAST_FREE
                ? Finding.warn("data", "less than 512 MiB are free on the disk of " + directory, "make room")
                : Finding.ok("data", directory + " is private and can be written");
    }

    private static Optional<Finding> keys(Settings settings) throws IOException {
        if (!settings.dev()) {
            return Optional.empty();
        }
        var file = settings.text("DEV_PRIVATE_KEY_PATH")
                .map(path -> settings.home().resolve(path))
                .orElse(settings.dataDir().resolve("keys").resolve("dev-private.pem"));
        if (!Files.exists(file)) {
            return Optional.of(Finding.ok("keys", "DEV keys will be made at the first start"));
        }
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        return Optional.of(
                mode.startsWith("rw-------") || mode.startsWith("r--------")
                        ? Finding.ok("keys", "the DEV key is private")
                        : Finding.fail(
                                "keys",
                                file + " can be read by other users",
                                "run: chmod 600 " + file + " and then ./mist keys --rotate"));
    }
}
