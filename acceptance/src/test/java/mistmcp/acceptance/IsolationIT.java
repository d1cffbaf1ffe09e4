package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// What the running processes can know and do, seen from outside; and how they end.
final class IsolationIT {
    private static final String GATEWAY = "mistmcp.gateway.Main";
    private static final String MIST_RO = "mistmcp.ro.Main";
    private static final String MIST_RW = "mistmcp.rw.Main";

    private final RunningStack stack = RunningStack.shared();

    @Test
    void theWriteTokenIsInTheMemoryOfMistRwAlone() throws IOException, InterruptedException {
        var token = token();
        stack.planPort(stack.mint("ida", "ReadWrite"), "ber-sw-03", "xe-0/0/7", "office");
        stack.chat(stack.mint("ida", "ReadOnly"), "list the switches of Berlin-HQ");

        assertThat(heapHolds(MIST_RW, token)).isTrue();
        assertThat(heapHolds(GATEWAY, token)).isFalse();
        assertThat(heapHolds(MIST_RO, token)).isFalse();
    }

    @Test
    void theWriteTokenIsInTheVariablesOfMistRwAlone() {
        var token = token();

        for (var program : List.of(GATEWAY, MIST_RO)) {
            assertThat(RunningStack.environment(stack.child(program)))
                    .noneMatch(variable -> variable.contains(token) || variable.startsWith("MIST_TOKEN_RW"));
        }
        assertThat(RunningStack.environment(stack.child(GATEWAY)))
                .noneMatch(variable -> variable.startsWith("MIST_TOKEN"));
        assertThat(RunningStack.environment(stack.launcher())).noneMatch(variable -> variable.contains(token));
    }

    @Test
    void noProcessHasCodeThatItMustNotHave() throws IOException {
        assertThat(packages(GATEWAY))
                .contains("mistmcp/gateway")
                .doesNotContain("mistmcp/mist", "mistmcp/ro", "mistmcp/rw", "mistmcp/sim", "mistmcp/cli");
        assertThat(packages(MIST_RO))
                .contains("mistmcp/ro", "mistmcp/mist")
                .doesNotContain("mistmcp/rw", "mistmcp/gateway", "mistmcp/sim", "mistmcp/cli");
        assertThat(packages(MIST_RW))
                .contains("mistmcp/rw", "mistmcp/mist")
                .doesNotContain("mistmcp/gateway", "mistmcp/sim", "mistmcp/cli");
    }

    @Test
    void aKilledLauncherLeavesNoProcess() {
        var doomed = RunningStack.start(Map.of());
        assertThat(doomed.children()).hasSize(4).allMatch(ProcessHandle::isAlive);

        doomed.launcher().destroyForcibly();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(doomed.children()).noneMatch(ProcessHandle::isAlive));
        RunningStack.delete(doomed.folder());
    }

    @Test
    void aSecondUpOnOneDataDirectorySaysWhoHoldsIt() {
        var ended = RunningStack.startAndFail(stack.folder(), RunningStack.freePort(), Map.of());

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output())
                .contains("is held by another `mist up`, process "
                        + stack.launcher().pid());
        assertThat(stack.children()).allMatch(ProcessHandle::isAlive);
    }

    @Test
    void aTakenPortStopsTheStartAndSaysSo() {
        var folder = RunningStack.installation();

        var ended = RunningStack.startAndFail(folder, stack.port(), Map.of());

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output()).contains("port " + stack.port() + " on 127.0.0.1 is in use by another process");
        RunningStack.delete(folder);
    }

    private String token() {
        return RunningStack.environment(stack.child(MIST_RW)).stream()
                .filter(variable -> variable.startsWith("MIST_TOKEN_RW="))
                .map(variable -> variable.substring("MIST_TOKEN_RW=".length()))
                .filter(token -> token.length() >= 32)
                .findFirst()
                .orElseThrow();
    }

    private boolean heapHolds(String program, String text) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("mist-heap");
        var dump = folder.resolve("heap.hprof");
        try {
            var jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(stack.child(program).pid()),
                            "GC.heap_dump",
                            "-all",
                            dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(jcmd.exitValue()).isZero();
            var heap = Files.readString(dump, StandardCharsets.ISO_8859_1);
            assertThat(heap).contains(program.replace('.', '/'));
            var wide = new String(text.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
            return heap.contains(text) || heap.contains(wide);
        } finally {
            RunningStack.delete(folder);
        }
    }

    /// The first two levels of the packages on a process's class path, those of ours.
    private List<String> packages(String program) throws IOException {
        var command = RunningStack.commandLine(stack.child(program));
        var packages = new ArrayList<String>();
        for (var entry : command.get(command.indexOf("-cp") + 1).split(":")) {
            for (var jar : jars(entry)) {
                try (var file = new JarFile(jar.toFile())) {
                    file.stream()
                            .map(inside -> inside.getName().split("/"))
                            .filter(parts -> parts.length > 2
                                    && parts[0].equals("mistmcp")
                                    && parts[parts.length - 1].endsWith(".class"))
                            .map(parts -> parts[0] + "/" + parts[1])
                            .distinct()
                            .forEach(packages::add);
                }
            }
        }
        return packages;
    }

    private static List<Path> jars(String entry) throws IOException {
        if (!entry.endsWith("/*")) {
            return List.of(Path.of(entry));
        }
        try (var files = Files.list(Path.of(entry.substring(0, entry.length() - 2)))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }
}
