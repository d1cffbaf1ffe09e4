package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mistmcp.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process itself.
class MainIT {
    @Test
    void saysWhereItIsAndEndsWithItsInput() throws Exception {
        var process = start(Map.of());
        var line = output(process);

        var ready = Json.parseObject(line);
        assertThat(ready.bool("ready")).contains(true);
        assertThat(ready.integer("port").orElseThrow()).isPositive();
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void saysEveryFaultOfItsSettings() throws Exception {
        var process = start(Map.of("SIM_PORT", "eighty", "SIM_QUIRKS_OFF", "GRAVITY"));

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        var log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(log).contains("`SIM_PORT`").contains("`SIM_QUIRKS_OFF`");
        assertThat(log.lines())
                .allSatisfy(line ->
                        assertThat(Json.parseObject(line).string("process")).contains("mist-sim"));
    }

    @Test
    void doesNotStartOnAPortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var process = start(Map.of("SIM_PORT", String.valueOf(taken.getLocalPort())));

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(3);
        }
    }

    @Test
    void doesNotStartWithAnUnreadableSeed(@TempDir Path folder) throws Exception {
        var seed = Files.writeString(folder.resolve("seed.json"), "{\"planets\":[]}");
        var process = start(Map.of("SIM_SEED", seed.toString()));

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("planets");
    }

    private static Process start(Map<String, String> settings) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                List.of(java, "-cp", System.getProperty("java.class.path"), "-XX:+UseSerialGC", Main.class.getName()));
        builder.environment().putAll(settings);
        return builder.start();
    }

    private static String output(Process process) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = reader.readLine();
        assertThat(line).isNotNull();
        return line;
    }
}
