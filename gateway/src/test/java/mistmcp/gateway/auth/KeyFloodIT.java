package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A flood of tokens with unknown key ids, over HTTP from another process, against a whole gateway. In the
/// build it is short; bench/key-flood.sh makes it 10 s at 5,000 requests a second and prints what it cost and
/// whom.
class KeyFloodIT {
    private static final int SECONDS = Integer.getInteger("mist.flood.seconds", 2);
    private static final int WARM_UP = Integer.getInteger("mist.flood.warmUp", 1);
    private static final int RATE = Integer.getInteger("mist.flood.rate", 1_000);
    private static final int CALLERS = 4;
    private static final int CALLS_A_SECOND = 25;

    @TempDir
    private Path folder;

    private final Signer signer = FakeIdp.SIGNER;
    private final Signer stranger = Signer.rsa("nobody");

    /// One kept connection.
    private static final class Line implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Line(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        /// Status and code of the answer.
        String whoami(String token) throws IOException {
            socket.getOutputStream()
                    .write(("GET /whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("hung up");
                }
                head.append((char) next);
            }
            int length = Arrays.stream(head.toString().split("\r\n"))
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                    .findFirst()
                    .orElseThrow();
            var body = in.readNBytes(length);
            try {
                return head.substring(9, 12)
                        + Json.parseObject(new String(body, StandardCharsets.UTF_8))
                                .string("code")
                                .map(code -> " " + code)
                                .orElse("");
            } catch (mistmcp.json.InvalidJson invalid) {
                throw new IOException(invalid);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void costsTwoFetchesAndHarmsNobody() throws IOException, InterruptedException {
        try (var idp = new FakeIdp(signer.jwk());
                var gateway = Gateway.start(settings(idp), InstantSource.system());
                var attackers = Attackers.start(gateway.port(), token(stranger, 0))) {
            awaitReady(gateway.port());
            var fetches = new ConcurrentLinkedQueue<Long>();
            idp.answers(response -> {
                fetches.add(System.nanoTime());
                FakeIdp.keys(signer.jwk()).give(response);
            });
            attackers.begin(WARM_UP);
            calls(gateway.port(), WARM_UP);
            attackers.end();
            long idle = cpu();
            var calm = calls(gateway.port(), SECONDS);
            long begun = cpu();
            attackers.begin(SECONDS);
            var flooded = calls(gateway.port(), SECONDS);
            var flood = attackers.end();
            long done = cpu();

            System.out.printf(
                    "key flood: asked for %d requests/s over %d s, %d answered in %.1f s (%.0f/s) %s;"
                            + " most fetches in 30 s %d; CPU of a request: gateway %.0f us, client %.0f us;"
                            + " good tokens: %d and %d calls, all 200, calm p50 %.2f ms p99 %.2f ms,"
                            + " flooded p50 %.2f ms p99 %.2f ms; load of the machine %.1f%n",
                    RATE,
                    SECONDS,
                    flood.requests(),
                    flood.nanos() / 1e9,
                    flood.requests() * 1e9 / flood.nanos(),
                    flood.answers(),
                    mostInThirtySeconds(fetches),
                    (done - begun - (begun - idle)) / 1e3 / flood.requests(),
                    flood.cpuNanos() / 1e3 / flood.requests(),
                    calm.size(),
                    flooded.size(),
                    at(calm, 0.5),
                    at(calm, 0.99),
                    at(flooded, 0.5),
                    at(flooded, 0.99),
                    java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                            .getSystemLoadAverage());
            assertThat(flood.answers().keySet()).isEqualTo(Set.of("401 token_invalid"));
            assertThat(mostInThirtySeconds(fetches)).isBetween(1L, 2L);
            assertThat(flood.requests()).isGreaterThan(50);
        }
    }

    /// The process that sends the bad tokens.
    private record Attackers(Process process, BufferedReader told) implements AutoCloseable {
        static Attackers start(int port, String forged) throws IOException {
            var classes =
                    FloodClient.class.getProtectionDomain().getCodeSource().getLocation();
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx128m",
                            "-cp",
                            Path.of(URI.create(classes.toString())).toString(),
                            FloodClient.class.getName(),
                            Integer.toString(port),
                            Integer.toString(RATE))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var attackers = new Attackers(process, process.inputReader(StandardCharsets.UTF_8));
            attackers.tell(forged.substring(forged.indexOf('.')));
            return attackers;
        }

        void begin(int seconds) throws IOException {
            tell(Integer.toString(seconds));
        }

        private void tell(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        Flood end() throws IOException {
            var numbers = told.readLine().split(" ");
            var answers = new TreeMap<String, Long>();
            for (var line = told.readLine(); line != null && !line.isEmpty(); line = told.readLine()) {
                int blank = line.indexOf(' ');
                answers.put(line.substring(blank + 1), Long.valueOf(line.substring(0, blank)));
            }
            return new Flood(
                    Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), Long.parseLong(numbers[3]), answers);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private record Flood(long requests, long nanos, long cpuNanos, Map<String, Long> answers) {}

    private void awaitReady(int port) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try (var line = new Line(port)) {
                if (line.whoami(token(signer, 0)).equals("200")) {
                    return;
                }
            } catch (IOException notYet) {
                // Asked again below.
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the gateway did not get its keys");
    }

    private static long mostInThirtySeconds(Iterable<Long> fetches) {
        var times = new ArrayList<Long>();
        fetches.forEach(times::add);
        long window = Duration.ofSeconds(30).toNanos();
        return times.stream()
                .mapToLong(begin -> times.stream()
                        .filter(at -> at >= begin && at - begin < window)
                        .count())
                .max()
                .orElse(0);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private GatewaySettings settings(FakeIdp idp) {
        var env = Env.of(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", Mode.OIDC_ISSUER,
                "OIDC_JWKS_URL", idp.url().toString(),
                "GATEWAY_PORT", "0",
                "DATA_DIR", folder.toString(),
                "POLICY_PATH", "../policy_rbac.json",
                "PROMPT_PATH", "../rbac_prompt.txt"));
        var settings = GatewaySettings.read(env);
        env.check();
        return settings;
    }

    /// How long each call of those with good tokens took, in milliseconds, in order.
    private List<Double> calls(int port, int seconds) throws InterruptedException {
        var took = new ConcurrentLinkedQueue<Double>();
        var bad = ConcurrentHashMap.<String>newKeySet();
        var callers = new ArrayList<Thread>();
        for (int caller = 0; caller < CALLERS; caller++) {
            var tokens = new ArrayList<String>();
            for (int i = 0; i < 8; i++) {
                tokens.add(token(signer, caller * 100 + i));
            }
            callers.add(Thread.ofPlatform().start(() -> {
                try (var line = new Line(port)) {
                    for (int i = 0; i < seconds * CALLS_A_SECOND; i++) {
                        long before = System.nanoTime();
                        var answer = line.whoami(tokens.get(i % tokens.size()));
                        took.add((System.nanoTime() - before) / 1e6);
                        if (!answer.equals("200")) {
                            bad.add(answer);
                        }
                        Thread.sleep(1_000 / CALLS_A_SECOND);
                    }
                } catch (IOException | InterruptedException failed) {
                    bad.add(failed.toString());
                }
            }));
        }
        for (var caller : callers) {
            caller.join();
        }
        assertThat(bad).isEmpty();
        return took.stream().sorted().toList();
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * share)));
    }

    private static String token(Signer by, int number) {
        long now = Instant.now().getEpochSecond();
        return by.token(JsonObject.of(
                "iss",
                Mode.OIDC_ISSUER,
                "sub",
                "caller-" + number,
                "aud",
                "mcp-gateway",
                "iat",
                now,
                "exp",
                now + 3_000,
                "jti",
                Integer.toString(number),
                "roles",
                List.of("ReadOnly")));
    }
}
