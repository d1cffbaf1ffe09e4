package mistmcp.gateway.auth;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// Floods a gateway with tokens whose key ids it cannot know, from a process of its own, so that its time is
/// told from the gateway's. Needs nothing but the JDK. Told by its input: first the token without its header,
/// then for each round its seconds. It answers each round with a line `done`, requests, their nanoseconds,
/// its own CPU's; then a line with the count of each kind of answer, and an empty one.
final class FloodClient {
    private static final int CONNECTIONS = 4;
    private static final int TICK_MILLIS = 10;
    /// How many requests of a connection may wait for their answers: they are sent without waiting for each.
    private static final int AHEAD = 256;

    private FloodClient() {}

    /// Arguments: port, requests a second.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var rest = in.readLine();
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var connections = new ArrayList<Connection>();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(new Connection(port, System.nanoTime() + "-" + i, rest));
            }
            round(connections, rate, Integer.parseInt(line));
            for (var connection : connections) {
                connection.socket.close();
            }
        }
    }

    private static void round(List<Connection> connections, int rate, int seconds) throws InterruptedException {
        var process = ProcessHandle.current();
        long cpu = process.info().totalCpuDuration().orElseThrow().toNanos();
        long begin = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (var connection : connections) {
            threads.add(Thread.ofPlatform().start(() -> connection.send(rate / CONNECTIONS, seconds)));
            threads.add(Thread.ofPlatform().start(connection::receive));
        }
        for (var thread : threads) {
            thread.join();
        }
        long took = System.nanoTime() - begin;
        long used = process.info().totalCpuDuration().orElseThrow().toNanos() - cpu;
        var answers = new TreeMap<String, Long>();
        connections.forEach(
                connection -> connection.answers.forEach((answer, count) -> answers.merge(answer, count, Long::sum)));
        System.out.println(
                "done " + answers.values().stream().mapToLong(Long::longValue).sum() + " " + took + " " + used);
        answers.forEach((answer, count) -> System.out.println(count + " " + answer));
        System.out.println();
        System.out.flush();
    }

    private static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final byte[] front =
                "GET /whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ".getBytes(StandardCharsets.US_ASCII);
        private final byte[] rest;
        private final String name;
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong received = new AtomicLong();
        private final Map<String, Long> answers = new TreeMap<>();
        private volatile boolean over;
        private long keyIds;

        Connection(int port, String name, String rest) throws IOException {
            this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            this.name = name;
            this.rest = (rest + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        }

        void send(int rate, int seconds) {
            long begin = System.nanoTime();
            try {
                // As much as will be due when the tick ends; all of it by the end of the round.
                long tick = TICK_MILLIS * 1_000_000L;
                for (long passed = 0; passed < seconds * 1_000_000_000L; passed = System.nanoTime() - begin) {
                    long soon = Math.min(passed + tick, seconds * 1_000_000_000L);
                    long due = rate * soon / 1_000_000_000L - sent.get();
                    long room = AHEAD - (sent.get() - received.get());
                    int now = (int) Math.min(due, room);
                    if (now > 0) {
                        socket.getOutputStream().write(requests(now));
                        sent.addAndGet(now);
                    }
                    Thread.sleep(TICK_MILLIS);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                over = true;
            }
        }

        private byte[] requests(int count) throws IOException {
            var out = new ByteArrayOutputStream(count * 1_000);
            for (int i = 0; i < count; i++) {
                var header = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"kid-" + name + "-" + keyIds++ + "\"}";
                out.write(front);
                out.write(Base64.getUrlEncoder().withoutPadding().encode(header.getBytes(StandardCharsets.US_ASCII)));
                out.write(rest);
            }
            return out.toByteArray();
        }

        void receive() {
            try {
                while (!over || received.get() < sent.get()) {
                    if (received.get() < sent.get()) {
                        answers.merge(answer(), 1L, Long::sum);
                        received.incrementAndGet();
                    } else {
                        Thread.sleep(1);
                    }
                }
            } catch (IOException failed) {
                answers.merge(failed.toString(), 1L, Long::sum);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        /// Status and code of one answer.
        private String answer() throws IOException {
            var status = line().substring(9, 12);
            int length = 0;
            for (var line = line(); !line.isEmpty(); line = line()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            int code = body.indexOf("\"code\":\"");
            return code < 0 ? status : status + " " + body.substring(code + 8, body.indexOf('"', code + 8));
        }

        private String line() throws IOException {
            var line = new StringBuilder(80);
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("hung up");
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }
    }
}
