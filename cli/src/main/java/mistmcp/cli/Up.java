package mistmcp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import mistmcp.settings.InvalidSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `mist up`: starts the gateway with its servers, tells where it is, and watches over it until it is told to
/// stop.
@Command(
        name = "up",
        description =
                "Starts everything on this machine: the gateway, mist-ro, mist-rw when it has a token, and a simulated"
                        + " Mist when none is configured.",
        footer = "Example: ./mist up",
        mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
    private final Path home;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the spec
    Up(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        var looked = Settings.look(home);
        var settings = looked.settings();
        if (!looked.faults().isEmpty()) {
            throw new InvalidSettings(
                    Stream.concat(looked.faults().stream(), new SettingsCheck(home, settings).faults().stream())
                            .distinct()
                            .toList());
        }
        var directory = settings.dataDir().resolve("run");
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(settings.dataDir(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException unwritable) {
            spec.commandLine()
                    .getErr()
                    .println("mist: the data directory " + settings.dataDir() + " cannot be written");
            return Main.CANNOT_START;
        }
        var lockFile = directory.resolve("up.lock");
        try (var channel = FileChannel.open(
                lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var lock = lock(channel);
            if (lock.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println("mist: " + settings.dataDir() + " is held by another `mist up`, process "
                                + Files.readString(lockFile).strip() + ": stop that one, or set `DATA_DIR`");
                return Main.CANNOT_START;
            }
            channel.truncate(0);
            channel.write(java.nio.charset.StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            return run(settings, out);
        }
    }

    private static Optional<FileLock> lock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException held) {
            return Optional.empty();
        }
    }

    private int run(Settings settings, PrintWriter out) throws Child.NotStarted, IOException, InterruptedException {
        Stack stack;
        try {
            stack = Stack.start(settings, line -> {
                out.println("  " + line);
                out.flush();
            });
        } catch (Child.NotStarted failed) {
            throw withTheRest(settings, failed);
        }
        // A signal ends the virtual machine through this hook alone; whatever else ends the command closes it here.
        var stopping = Thread.ofPlatform().unstarted(stack::close);
        Runtime.getRuntime().addShutdownHook(stopping);
        try {
            banner(settings, stack, out);
            stack.supervise();
            return 0;
        } catch (InterruptedException told) {
            return 0;
        } finally {
            stack.close();
        }
    }

    /// The first process that has faults in its settings ends the start; those of the others are told with
    /// them.
    private Child.NotStarted withTheRest(Settings settings, Child.NotStarted failed)
            throws IOException, InterruptedException {
        var told = String.valueOf(failed.getMessage());
        if (!told.contains("cannot start: setting")) {
            return failed;
        }
        var rest = new SettingsCheck(home, settings)
                .faults().stream()
                        .filter(fault -> !told.contains(fault))
                        .map(fault -> "\n  cannot start: " + fault)
                        .toList();
        return new Child.NotStarted(told + String.join("", rest));
    }

    private void banner(Settings settings, Stack stack, PrintWriter out) {
        var gateway = stack.child(Programs.GATEWAY).orElseThrow();
        var url = gateway.ready().string("url").orElse("");
        out.println();
        out.println("Mist MCP Gateway is up at " + url);
        out.println("  Mist       "
                + settings.text("MIST_API_BASE")
                        .map(base -> "live, " + base)
                        .orElse("simulated (set MIST_API_BASE, MIST_ORG_ID and MIST_TOKEN_RO for a real one)"));
        var writer = stack.child(Programs.MIST_RW).isPresent();
        boolean enabled =
                settings.text("WRITE_ENABLED").filter("true"::equalsIgnoreCase).isPresent();
        out.println("  changes    "
                + (!writer
                        ? "no write tools: MIST_TOKEN_RW is not set"
                        : enabled
                                ? "can be planned, approved and applied"
                                : "can be planned and looked at; WRITE_ENABLED=true lets approved ones be applied"));
        out.println("  sign-in    " + (settings.dev() ? "DEV, for this machine only" : "by your company's provider"));
        out.println("  pages      " + url + "/ui/");
        out.println("  MCP        " + url + "/mcp   (./mist clients print claude-code)");
        out.println("  logs       " + settings.dataDir().resolve("log"));
        if (settings.dev()) {
            link(settings, out);
        }
        out.println();
        out.println("Ctrl+C stops it.");
        out.flush();
    }

    /// The one-time sign-in link goes to a terminal only: never into a pipe, where it would be kept.
    private static void link(Settings settings, PrintWriter out) {
        if (Terminal.present()) {
            try (var gateway = RunningGateway.find(settings)) {
                out.println("  sign in    " + SignInLink.fresh(gateway)
                        + "   (once, within 60 s; ./mist login makes another)");
            }
        } else {
            out.println("  sign in    run ./mist login in a terminal for a one-time link");
        }
    }
}
