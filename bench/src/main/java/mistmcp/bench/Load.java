package mistmcp.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A closed loop of callers: each sends its next call when it has the answer of the last, with arguments that
/// no other call has, and looks at every answer.
final class Load {
    /// The sites in the scope of the callers' tokens.
    static final List<String> SITES = List.of(
            "11111111-0000-4000-8000-000000000001",
            "11111111-0000-4000-8000-000000000002",
            "11111111-0000-4000-8000-000000000003");

    private static final String VERSION = "MCP-Protocol-Version: 2025-11-25\r\n";
    private static final byte[] INITIALIZE = ascii("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}");
    private static final byte[] INITIALIZED = ascii("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

    private final AtomicLong numbers = new AtomicLong(1_000_000);

    /// What a run came to.
    ///
    /// @param calls  calls that were answered
    /// @param wrong  answers that were not what was asked for
    /// @param cpu    CPU time of the target's processes
    /// @param own    CPU time of this generator
    record Sample(long calls, long wrong, Duration took, double p50Ms, double p99Ms, Duration cpu, Duration own) {
        double perSecond() {
            return calls / (took.toNanos() / 1e9);
        }

        double cpuMicrosPerCall() {
            return calls == 0 ? 0 : cpu.toNanos() / 1e3 / calls;
        }

        double ownMicrosPerCall() {
            return calls == 0 ? 0 : own.toNanos() / 1e3 / calls;
        }
    }

    /// Sends load for a while.
    Sample run(Target target, Ask ask, int callers, Duration length) throws IOException, InterruptedException {
        var workers = new ArrayList<Worker>();
        try {
            for (int i = 0; i < callers; i++) {
                workers.add(new Worker(target, ask));
            }
            var start = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (var worker : workers) {
                threads.add(Thread.ofPlatform().name("caller").start(() -> worker.run(start, length)));
            }
            var cpu = Cpu.of(target.pids());
            var own = Cpu.own();
            long began = System.nanoTime();
            start.countDown();
            for (var thread : threads) {
                thread.join();
            }
            var took = Duration.ofNanos(System.nanoTime() - began);
            return sample(
                    workers, took, Cpu.of(target.pids()).minus(cpu), Cpu.own().minus(own));
        } finally {
            workers.forEach(Worker::close);
        }
    }

    private static Sample sample(List<Worker> workers, Duration took, Duration cpu, Duration own) {
        var all = workers.stream()
                .flatMapToLong(worker -> Arrays.stream(worker.nanos, 0, worker.calls))
                .sorted()
                .toArray();
        long wrong = workers.stream().mapToLong(worker -> worker.wrong).sum();
        return new Sample(all.length, wrong, took, at(all, 0.50), at(all, 0.99), cpu, own);
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// One caller.
    private final class Worker implements AutoCloseable {
        private final Target target;
        private final Ask ask;
        private final Connection connection;
        private final String session;
        private long[] nanos = new long[4096];
        private int calls;
        private long wrong;

        Worker(Target target, Ask ask) throws IOException {
            this.target = target;
            this.ask = ask;
            this.connection = new Connection(target.uri());
            this.session = target.session() ? handshake() : "";
        }

        private String handshake() throws IOException {
            int status = connection.post(VERSION, INITIALIZE);
            var answer = new String(connection.body(), 0, connection.length(), StandardCharsets.UTF_8);
            if (status != 200 || !answer.contains("\"protocolVersion\"")) {
                throw new IOException(target.name() + " answered the handshake with status " + status + ": " + answer);
            }
            var header = connection
                    .header("Mcp-Session-Id")
                    .map(id -> "Mcp-Session-Id: " + id + "\r\n")
                    .orElse("");
            connection.post(VERSION + header, INITIALIZED);
            return header;
        }

        void run(CountDownLatch start, Duration length) {
            try {
                start.await();
                long end = System.nanoTime() + length.toNanos();
                while (System.nanoTime() < end) {
                    call();
                }
            } catch (IOException broken) {
                wrong++;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        private void call() throws IOException {
            long number = numbers.incrementAndGet();
            var body = ask.request(number);
            var headers = VERSION + session + target.headers().apply(number);
            long began = System.nanoTime();
            int status = connection.post(headers, body);
            note(System.nanoTime() - began);
            if (status != 200 || !ask.right(connection.body(), connection.length(), number)) {
                wrong++;
            }
        }

        private void note(long took) {
            if (calls == nanos.length) {
                nanos = Arrays.copyOf(nanos, calls * 2);
            }
            nanos[calls++] = took;
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
