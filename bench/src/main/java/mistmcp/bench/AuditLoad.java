package mistmcp.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Mode;
import mistmcp.json.JsonObject;

/// How many records the audit log makes durable, built and encoded as the gateway does for each call, every
/// caller waiting for each of its own.
final class AuditLoad {
    private AuditLoad() {}

    /// What came of it.
    record Rate(int callers, double perSecond, double p50Ms, double p99Ms) {}

    /// Measures with so many callers, on a log of its own.
    static Rate run(Path directory, int callers, Duration length) throws IOException, InterruptedException {
        try (var log = AuditLog.open(AuditSettings.in(directory), InstantSource.system())) {
            load(log, callers, length.dividedBy(2));
            long began = System.nanoTime();
            var nanos = load(log, callers, length);
            double seconds = (System.nanoTime() - began) / 1e9;
            Arrays.sort(nanos);
            return new Rate(
                    callers,
                    nanos.length / seconds,
                    nanos[nanos.length / 2] / 1e6,
                    nanos[(int) (nanos.length * 0.99)] / 1e6);
        }
    }

    private static long[] load(AuditLog log, int callers, Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        var threads = new ArrayList<Thread>();
        var all = new ArrayList<List<Long>>();
        for (int i = 0; i < callers; i++) {
            var nanos = new ArrayList<Long>();
            all.add(nanos);
            var principal = principal(i);
            threads.add(Thread.ofVirtual().start(() -> {
                for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                    log.write(decision(principal, now));
                    nanos.add(System.nanoTime() - now);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return all.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
    }

    static AuditRecord decision(Principal principal, long number) {
        return AuditRecord.of(Event.CALL_DECISION)
                .call(UUID.randomUUID().toString())
                .request(UUID.randomUUID().toString())
                .principal(principal)
                .via("mcp", "bench/1", Optional.empty(), Optional.empty())
                .tool("mist-ro", "tool", "echo_small")
                .definition("sha256:0000000000000000000000000000000000000000000000000000000000000000")
                .arguments(JsonObject.of("n", number, "site_id", Load.SITES.getFirst()))
                .sites(principal)
                .decision(
                        new Decision.Execute(Mode.READ, "roles.ReadOnly.allow[0]", "page", List.of()),
                        "sha256:1111111111111111111111111111111111111111111111111111111111111111");
    }

    static Principal principal(int number) {
        return new Principal(
                "mist-gateway-dev",
                "bench-" + number,
                Optional.of("bench-" + number + "@example.com"),
                Role.READ_ONLY,
                new Principal.RoleSource("roles", "ReadOnly"),
                new SiteScope(Load.SITES),
                Optional.of("mist-dev"),
                Map.of(),
                Instant.now().plus(Duration.ofHours(1)));
    }
}
