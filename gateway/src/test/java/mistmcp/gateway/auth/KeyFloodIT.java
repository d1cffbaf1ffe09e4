package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A flood of tokens with unknown key ids, over HTTP, against a whole gateway. In the build it is short;
/// bench/key-flood.sh
/// makes it 10 s at 5,000 requests a second and prints what the callers with good tokens felt.
class KeyFloodIT {
    private static final int SECONDS = Integer.getInteger("mist.flood.seconds", 2);
    private static final int WARM_UP = Integer.getInteger("mist.flood.warmUp", 1);
    private static final int RATE = Integer.getInteger("mist.flood.rate", 1_000);
    private static final int ATTACKERS = 8;
    private static final int CALLERS = 4;
    private static final int CALLS_A_SECOND = 25;

    @TempDir
    private Path folder;

    private final Signer signer = Signer.rsa("key-1");
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
    void costsTwoFetchesAndHarmsNobody() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk());
                var gateway = Gateway.start(settings(idp), InstantSource.system())) {
            awaitReady(gateway.port());
            var fetches = new ConcurrentLinkedQueue<Long>();
            idp.answers(response -> {
                fetches.add(System.nanoTime());
                FakeIdp.keys(signer.jwk()).give(response);
            });
            flood(gateway.port(), WARM_UP, () -> calls(gateway.port(), WARM_UP));
            var calm = calls(gateway.port(), SECONDS);
            long cpu = cpu();
            var flood = flood(gateway.port(), SECONDS, () -> calls(gateway.port(), SECONDS));
            double cores = (cpu() - cpu) / 1e9 / SECONDS;
            var flooded = flood.calls();

            System.out.printf(
                    "key flood: asked for %d requests/s over %d s, sent %d (%.0f/s); most fetches in 30 s %d;"
                            + " good tokens: calm p50 %.2f ms p99 %.2f ms, flooded p50 %.2f ms p99 %.2f ms, ratio of p99"
                            + " %.1f, calls %d and %d; CPU of both sides %.2f cores%n",
                    RATE,
                    SECONDS,
                    flood.sent(),
                    (double) flood.sent() / SECONDS,
                    mostInThirtySeconds(fetches),
                    at(calm, 0.5),
                    at(calm, 0.99),
                    at(flooded, 0.5),
                    at(flooded, 0.99),
                    at(flooded, 0.99) / at(calm, 0.99),
                    calm.size(),
                    flooded.size(),
                    cores);
            assertThat(flood.answers()).isEqualTo(Set.of("401 token_invalid"));
            assertThat(mostInThirtySeconds(fetches)).isBetween(1L, 2L);
            assertThat(flood.sent()).isGreaterThan(50);
        }
    }

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

    private record Flood(long sent, Set<String> answers, List<Double> calls) {}

    @FunctionalInterface
    private interface Calls {
        List<Double> make() throws InterruptedException;
    }

    private Flood flood(int port, int seconds, Calls calls) throws InterruptedException {
        var answers = ConcurrentHashMap.<String>newKeySet();
        var sent = new AtomicLong();
        var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var attackers = new ArrayList<Thread>();
        for (int i = 0; i < ATTACKERS; i++) {
            int number = i;
            attackers.add(Thread.ofPlatform().start(() -> attack(port, number, end, sent, answers)));
        }
        var made = calls.make();
        for (var attacker : attackers) {
            attacker.join();
        }
        return new Flood(sent.get(), answers, made);
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

    private void attack(int port, int number, long end, AtomicLong sent, Set<String> answers) {
        var forged = token(stranger, number);
        var rest = forged.substring(forged.indexOf('.'));
        long pause = ATTACKERS * 1_000_000_000L / RATE;
        long next = System.nanoTime();
        try (var line = new Line(port)) {
            for (int i = 0; System.nanoTime() < end; i++) {
                var header = stranger.header().with("kid", "kid-" + number + "-" + end + "-" + i);
                answers.add(line.whoami(Signer.base64(header.toString()) + rest));
                sent.incrementAndGet();
                next += pause;
                long ahead = next - System.nanoTime();
                if (ahead > 0) {
                    Thread.sleep(Duration.ofNanos(ahead));
                }
            }
        } catch (IOException | InterruptedException failed) {
            answers.add(failed.toString());
        }
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
