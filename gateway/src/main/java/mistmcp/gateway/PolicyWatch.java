package mistmcp.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.policy.PolicyInForce;
import mistmcp.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the policy file in force when it changes, and records how that ended. A file that cannot be used
/// changes nothing but that commits stop; see [PolicyInForce]. Safe for several threads.
final class PolicyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final int FAULTS_RECORDED = 20;

    private final Path file;
    private final PolicyInForce policy;
    private final AuditLog audit;
    private final Runnable replaced;
    private final Thread thread;

    /// What tells one state of a file from another, as far as it can be told without reading it.
    private record Stamp(FileTime modified, long size, String key) {}

    /// @param replaced is run after another policy has come into force
    PolicyWatch(Path file, PolicyInForce policy, AuditLog audit, Runnable replaced) {
        this.file = file;
        this.policy = policy;
        this.audit = audit;
        this.replaced = replaced;
        this.thread = Thread.ofVirtual().name("policy-file").unstarted(this::watch);
    }

    /// Begins to look at the file; what has become of it since the policy was read is seen at once.
    void start() {
        thread.start();
    }

    /// Reads the file again now.
    void reload() {
        switch (policy.reload()) {
            case PolicyInForce.Reload.Unchanged() -> {}
            case PolicyInForce.Reload.Restored() -> {
                LOG.info("the policy file is the one in force again");
                record(policy.policy(), JsonObject.of("state", "restored"));
            }
            case PolicyInForce.Reload.Replaced(Policy before, Policy after) -> {
                LOG.info("policy replaced hash={}", after.hash());
                after.warnings().forEach(warning -> LOG.warn("policy: {}", warning));
                record(after, JsonObject.of("state", "replaced", "before", before.hash()));
                replaced.run();
            }
            case PolicyInForce.Reload.Refused(List<String> faults, boolean repeated)
            when !repeated -> {
                faults.forEach(fault -> LOG.error("the policy file cannot be used: {}", fault));
                var told = faults.stream().limit(FAULTS_RECORDED).toList();
                record(policy.policy(), JsonObject.of("state", "refused", "faults", told));
            }
            case PolicyInForce.Reload.Refused _ -> {}
        }
    }

    /// A policy comes into force without its record when there is no room for one: it may be the narrower
    /// one, and while nothing can be recorded no call has an effect anyway.
    private void record(Policy inForce, JsonObject detail) {
        try {
            audit.write(AuditRecord.of(Event.POLICY_CHANGED)
                    .system()
                    .policy(inForce.hash())
                    .detail(detail));
        } catch (AuditUnavailable unavailable) {
            LOG.warn("a change of the policy was not recorded code={}", unavailable.code());
        }
    }

    /// A file is read when it has rested for one look, so that one that is being written is not read in
    /// halves.
    private void watch() {
        var read = Optional.<Stamp>empty();
        boolean first = true;
        var last = stamp();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(LOOK_EVERY);
                var now = stamp();
                // Rights that are given back leave no trace in what is looked at.
                boolean due = first || !now.equals(read) || !policy.faults().isEmpty();
                if (due && now.equals(last)) {
                    first = false;
                    read = now;
                    reload();
                }
                last = now;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Stamp> stamp() {
        try {
            var seen = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(seen.lastModifiedTime(), seen.size(), String.valueOf(seen.fileKey())));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
