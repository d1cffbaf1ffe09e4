package mistmcp.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.PolicyInForce;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyWatchTest {
    private static final String GOOD = "{\"version\": 1, \"roles\": {\"ReadOnly\": {\"allow\": [\"a/*\"]}}}";

    @TempDir
    private Path folder;

    private final AtomicReference<String> text = new AtomicReference<>(GOOD);
    private final AtomicInteger replaced = new AtomicInteger();
    private AuditLog audit;
    private PolicyInForce policy;
    private PolicyWatch watch;

    @BeforeEach
    void open() throws IOException {
        var file = Files.writeString(folder.resolve("policy.json"), GOOD);
        audit = AuditLog.open(AuditSettings.in(folder.resolve("audit")), InstantSource.system());
        policy = PolicyInForce.start(this::read, () -> KnownItems.UNHEARD);
        watch = new PolicyWatch(file, policy, audit, replaced::incrementAndGet);
    }

    @AfterEach
    void close() {
        watch.close();
        audit.close();
    }

    @Test
    void recordsEachEndOfAReloadOnce() {
        watch.reload();
        text.set("{");
        watch.reload();
        watch.reload();
        text.set(GOOD);
        watch.reload();
        text.set(GOOD.replace("a/*", "b/*"));
        watch.reload();

        assertThat(states()).containsExactly("refused", "restored", "replaced");
        assertThat(replaced).hasValue(1);
    }

    /// What the file's rights are does not show in its times and its size.
    @Test
    void looksAgainAtAFileThatCouldNotBeRead() throws InterruptedException {
        text.set("");
        watch.reload();
        assertThat(policy.faults()).containsExactly("the policy file cannot be read");
        watch.start();

        text.set(GOOD);

        for (int i = 0; i < 300 && !policy.faults().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(policy.faults()).isEmpty();
        text.set("");
        watch.reload();
        text.set(GOOD);
        for (int i = 0; i < 300 && !policy.faults().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(policy.faults()).isEmpty();
    }

    private byte[] read() {
        if (text.get().isEmpty()) {
            throw new IllegalStateException("no rights");
        }
        return text.get().getBytes(StandardCharsets.UTF_8);
    }

    private List<String> states() {
        var states = new ArrayList<String>();
        for (long i = 0; i < audit.size(); i++) {
            audit.read(i)
                    .filter(record -> record.string("event").orElse("").equals("policy.changed"))
                    .flatMap(record -> record.object("detail"))
                    .flatMap(detail -> detail.string("state"))
                    .ifPresent(states::add);
        }
        return states;
    }
}
