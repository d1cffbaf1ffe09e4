package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts around the build, on a machine that has no npm, with a Maven that says what the real one says
/// and builds nothing.
final class LauncherIT {
    private static final List<String> TOOLS = List.of(
            "awk",
            "basename",
            "cat",
            "dirname",
            "env",
            "find",
            "grep",
            "head",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "sh",
            "touch");

    /// Notes its words, warns unless it is quiet, and fails as a build with `-Werror` does.
    private static final String FAILING_MAVEN = """
            #!/bin/sh
            echo "$@" >>"$MAVEN_DIARY"
            case " $* " in
              *" --quiet "*) ;;
              *) echo "[WARNING] $PWD/gateway/src/main/java/A.java:[7,9] [UnusedVariable] the cause" ;;
            esac
            echo "[ERROR] COMPILATION ERROR :"
            echo "[ERROR] warnings found and -Werror specified"
            exit 1
            """;

    @TempDir
    private Path folder;

    private Path bin;
    private Path home;
    private Path diary;

    private record Ended(int exitCode, String output) {}

    @BeforeEach
    void aMachineWithoutNpm() throws IOException {
        bin = Files.createDirectory(folder.resolve("bin"));
        home = Files.createDirectory(folder.resolve("home"));
        diary = folder.resolve("diary");
        for (var tool : TOOLS) {
            program(tool, "#!/bin/sh\nexec " + found(tool) + " \"$@\"\n");
        }
        program("mvn", FAILING_MAVEN);
        Files.copy(RunningStack.root().resolve("mist"), home.resolve("mist"));
    }

    @Test
    void showsTheWarningThatMadeABuildFail() throws Exception {
        var ended = mist(Map.of(), "build");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.output())
                .containsSubsequence("A.java:[7,9] [UnusedVariable] the cause", "-Werror", "cli/target/build.log");
    }

    @Test
    void buildsThePageOnceNpmHasCome() throws Exception {
        Files.createDirectories(home.resolve("cli/target"));
        Files.createFile(home.resolve("cli/target/.built"));

        assertThat(mist(Map.of(), "build").exitCode()).isZero();
        assertThat(diary).doesNotExist();

        program("npm", "#!/bin/sh\n");
        program("node", "#!/bin/sh\n");
        mist(Map.of(), "build");
        assertThat(diary).content().contains("package");
    }

    @Test
    void testsWithoutNpmWhatNeedsNoneAndSaysWhatIsLeftOut() throws Exception {
        var ended = mist(Map.of(), "test");

        assertThat(ended.output()).contains("mist: left out are the page and its tests, and the clients of others");
        assertThat(diary).content().contains("-DexcludedGroups=page");
    }

    @Test
    void testsNothingWithoutNpmInCi() throws Exception {
        var ended = mist(Map.of("CI", "true"), "test");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("in CI nothing is left out");
        assertThat(diary).doesNotExist();
    }

    @Test
    void aBuildWithoutNpmGoesOnWithoutThePage() throws Exception {
        var page = folder.resolve("page");

        var ended = run(RunningStack.root().resolve("web/build.sh"), Map.of(), page.toString());

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("npm was not found", "WITHOUT its page", "everything else works");
        assertThat(page).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web/test.sh", "acceptance/clients/test.sh"})
    void testsThatNeedNpmAreLeftOutByNameAndFailInCi(String script) throws Exception {
        var here = run(RunningStack.root().resolve(script), Map.of());
        var inCi = run(RunningStack.root().resolve(script), Map.of("CI", "true"));

        assertThat(here.exitCode()).isZero();
        assertThat(here.output()).contains("left out: all", "npm was not found");
        assertThat(inCi.exitCode()).isEqualTo(1);
        assertThat(inCi.output()).contains("FAILED", "in CI nothing is left out");
    }

    private Ended mist(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        return run(home.resolve("mist"), environment, words);
    }

    private Ended run(Path script, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        var all = builder.environment();
        all.clear();
        all.put("PATH", bin.toString());
        all.put("HOME", folder.toString());
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put("MAVEN_DIARY", diary.toString());
        all.putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the script runs on: " + output);
        }
        return new Ended(process.exitValue(), output);
    }

    private void program(String name, String text) throws IOException {
        var file = Files.writeString(bin.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path found(String tool) {
        return List.of("/usr/bin", "/bin").stream()
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this machine has no " + tool));
    }
}
