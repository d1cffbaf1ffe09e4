package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What keeps the product from starting: each cause has its own code, the exit code is 3, nothing listens,
/// and the file at fault is left as it was.
final class BadStartIT {
    /// One cause.
    ///
    /// @param file     what is written below the installation, and with what
    /// @param settings the settings; `FILE` stands for the path of the file
    /// @param says     what the output must say besides the code
    record Row(String name, String file, byte[] content, Map<String, String> settings, String code, List<String> says) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                row(
                        "a policy that is no JSON",
                        "policy.json",
                        "{\"version\": 1, \"roles\":",
                        Map.of("POLICY_PATH", "FILE"),
                        "policy_unusable",
                        "policy: "),
                row(
                        "a policy with several faults",
                        "policy.json",
                        "{\"version\": 2, \"roles\": {\"Admin\": {\"allow\": []}}, \"confirm\": \"never\"}",
                        Map.of("POLICY_PATH", "FILE"),
                        "policy_unusable",
                        "Admin"),
                row(
                        "a policy that is not there",
                        "other.json",
                        "{}",
                        Map.of("POLICY_PATH", "FILE.gone"),
                        "policy_unusable",
                        "policy"),
                row(
                        "a .env with a quote that never closes and an unknown name",
                        ".env",
                        "JWT_AUDIENCE='never closed\nMIST_TOKEN_RX=x\n",
                        Map.of(),
                        "env_file_unusable",
                        "`.env`"),
                row(
                        "several settings at once",
                        "other.txt",
                        "",
                        Map.of("MODE_AUTH", "saml", "JWKS_TTL", "soon", "MIST_API_BASE", "https://example.com"),
                        "settings_unusable",
                        "MODE_AUTH",
                        "JWKS_TTL",
                        "MIST_API_BASE",
                        "MIST_ORG_ID"),
                row(
                        "a database that is none",
                        "data/gateway.db",
                        "this is no database ".repeat(500),
                        Map.of(),
                        "database_unusable",
                        "database"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysItsCodeAndStartsNothing(Row row) throws IOException {
        var folder = RunningStack.installation();
        var file = folder.resolve(row.file());
        Files.createDirectories(file.getParent());
        Files.write(file, row.content());
        var settings = new LinkedHashMap<String, String>();
        row.settings().forEach((name, value) -> settings.put(name, value.replace("FILE", file.toString())));
        int port = RunningStack.freePort();

        var ended = RunningStack.startAndFail(folder, port, settings);

        assertThat(ended.output()).contains("(" + row.code() + ")").contains(row.says());
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(Files.readAllBytes(file)).isEqualTo(row.content());
        assertNothingListens(port, folder);
        RunningStack.delete(folder);
    }

    @org.junit.jupiter.api.Test
    void aTakenPortIsSaidWithItsCode() throws IOException {
        var folder = RunningStack.installation();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = RunningStack.startAndFail(folder, taken.getLocalPort(), Map.of());

            assertThat(ended.output()).contains("(port_taken)").contains(Integer.toString(taken.getLocalPort()));
            assertThat(ended.exitCode()).isEqualTo(3);
        }
        RunningStack.delete(folder);
    }

    private static Row row(
            String name, String file, String content, Map<String, String> settings, String code, String... says) {
        return new Row(
                name, file, content.getBytes(java.nio.charset.StandardCharsets.UTF_8), settings, code, List.of(says));
    }

    /// The port can be bound, and no run file tells of a gateway.
    private static void assertNothingListens(int port, Path folder) throws IOException {
        try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
        assertThat(RunningStack.data(folder).resolve("run").resolve("gateway.json"))
                .doesNotExist();
    }
}
