package mistmcp.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The programs of the installation and how each is run: its class path holds its own jar and its own
/// libraries only.
enum Programs {
    GATEWAY("gateway", "gateway", "mistmcp.gateway.Main", 160),
    MIST_RO("mist-ro", "servers/mist-ro", "mistmcp.ro.Main", 64),
    MIST_RW("mist-rw", "servers/mist-rw", "mistmcp.rw.Main", 64),
    MIST_SIM("mist-sim", "servers/mist-sim", "mistmcp.sim.Main", 64);

    private static final String VERSION = "0.1.0";

    private final String program;
    private final String folder;
    private final String mainClass;
    private final int heapMiB;

    Programs(String program, String folder, String mainClass, int heapMiB) {
        this.program = program;
        this.folder = folder;
        this.mainClass = mainClass;
        this.heapMiB = heapMiB;
    }

    String program() {
        return program;
    }

    static Programs of(String name) {
        for (var program : values()) {
            if (program.program.equals(name)) {
                return program;
            }
        }
        throw new IllegalArgumentException("no program of that name");
    }

    /// The command that runs the program.
    List<String> command(Path home, String... arguments) {
        var target = home.resolve(folder).resolve("target");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xms16m",
                "-Xmx" + heapMiB + "m",
                "-Xss512k",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:-UsePerfData",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                // Threads of the system look for what has come, not virtual ones (decision 91).
                "-Djdk.pollerMode=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (this != GATEWAY) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.add("-cp");
        command.add(target.resolve(program + "-" + VERSION + ".jar") + ":" + target.resolve("lib") + "/*");
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    boolean built(Path home) {
        return Files.exists(home.resolve(folder).resolve("target").resolve(program + "-" + VERSION + ".jar"));
    }
}
