package mistmcp.gateway.change;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.gateway.store.Database;
import mistmcp.gateway.store.DatabaseSettings;
import mistmcp.gateway.store.PlanRows;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;

/// Changes on a real database and a real audit log, over a small upstream whose one object is kept in memory.
final class Bench implements AutoCloseable {
    static final Principal ALICE = principal("alice", Role.READ_WRITE, SiteScope.ALL);
    static final Principal BOB = principal("bob", Role.READ_WRITE, SiteScope.ALL);
    static final Principal CAROL = principal("carol", Role.READ_ONLY, SiteScope.ALL);

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    final InstantSource clock = now::get;
    final Database database;
    final AuditLog audit;
    final Upstream upstream = new Upstream();
    final Changes changes;

    Bench(Path directory) {
        database = Database.open(DatabaseSettings.file(directory.resolve("gateway.db")));
        audit = AuditLog.open(AuditSettings.in(directory.resolve("audit")), clock);
        changes = new Changes(new PlanRows(database), upstream, audit, clock, "http://localhost/ui/plans/");
    }

    /// The upstream: one port whose profile can be set.
    static final class Upstream implements Sender {
        final AtomicReference<String> usage = new AtomicReference<>("lan");
        final AtomicInteger sends = new AtomicInteger();
        final Deque<Sent> scripted = new ArrayDeque<>();
        volatile boolean applies = true;
        volatile boolean shows = true;
        volatile Runnable whileSending = () -> {};

        @Override
        public Previewed preview(Change change) {
            if (!shows) {
                return new Previewed.Unseen(Preview.ofArguments(change.tool(), "net", change.argumentsTree()));
            }
            var before = JsonObject.of("usage", usage.get());
            var wanted = change.argumentsTree().string("usage").orElse("");
            var after = JsonObject.of("usage", wanted);
            var diff = before.equals(after)
                    ? JsonArray.EMPTY
                    : JsonArray.of(JsonObject.of("op", "replace", "path", "/usage", "from", usage.get(), "to", wanted));
            var preview = JsonObject.of(
                    "targets",
                    JsonArray.of(JsonObject.of("kind", "port", "id", "sw1/ge-0/0/7", "siteId", "s1")),
                    "requests",
                    JsonArray.of(JsonObject.of("method", "PUT", "path", "/devices/sw1")),
                    "before",
                    before,
                    "after",
                    after,
                    "diff",
                    diff,
                    "beforeHash",
                    Sha256.of(before),
                    "changeDigest",
                    Sha256.of(diff),
                    "phrase",
                    "sw1 ge-0/0/7");
            return new Previewed.Effect(diff.isEmpty() ? preview.with("alreadySo", true) : preview);
        }

        @Override
        public synchronized Sent commit(Change change, Plan plan) {
            sends.incrementAndGet();
            whileSending.run();
            if (applies) {
                usage.set(change.argumentsTree().string("usage").orElse(""));
            }
            var next = scripted.poll();
            return next != null
                    ? next
                    : new Sent.Reported(JsonObject.of("status", "applied", "sent", true, "verified", true));
        }
    }

    Change change(Principal principal, String usage, Level level) {
        return new Change(
                principal,
                "set_port",
                "net",
                RawJson.of(("{ \"usage\":\"" + usage + "\" }").getBytes(StandardCharsets.UTF_8)),
                "sha256:definition",
                "sha256:policy",
                level,
                "call-1");
    }

    Plan plan(Principal principal, String usage, Level level) throws InterruptedException {
        return ((Planning.Planned) changes.plan(change(principal, usage, level))).plan();
    }

    Step approve(Principal principal, Plan plan) {
        return changes.approve(page(principal), plan.id(), plan.phrase());
    }

    Approver page(Principal principal) {
        return new Approver(principal, Optional.of(now.get().minus(Duration.ofMinutes(1))));
    }

    void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    List<JsonObject> records() {
        var records = new ArrayList<JsonObject>();
        for (long i = 0; i < audit.size(); i++) {
            audit.read(i).ifPresent(records::add);
        }
        return records;
    }

    List<String> events() {
        return records().stream()
                .map(record -> record.string("event").orElse(""))
                .toList();
    }

    static Principal principal(String subject, Role role, SiteScope sites) {
        return new Principal(
                "https://issuer.example",
                subject,
                Optional.empty(),
                role,
                new Principal.RoleSource("roles", role.text()),
                sites,
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }

    @Override
    public void close() {
        audit.close();
        database.close();
    }
}
