package mistmcp.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditSettings;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.policy.Question;
import mistmcp.gateway.policy.Reach;
import mistmcp.json.JsonLimits;
import mistmcp.jsonrpc.Envelope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The parts of a small call that are neither network nor disk: the envelope's scan, the policy's decision,
/// and a record handed to the audit log.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class CallBenchmark {
    private static final int AWAIT_EVERY = 1024;

    private final Principal principal = AuditLoad.principal(1);
    private byte[] request;
    private Policy policy;
    private Question question;
    private Path folder;
    private AuditLog log;
    private long number;

    /// Makes a request of 1 KiB, reads the shipped policy and opens a log.
    @Setup
    public void prepare() throws IOException {
        request =
                ("{\"jsonrpc\":\"2.0\",\"id\":17,\"method\":\"tools/call\",\"params\":{\"name\":\"echo_small\",\"arguments\":"
                                + "{\"site_id\":\"" + Load.SITES.getFirst() + "\",\"text\":\"" + "x".repeat(850)
                                + "\"}}}")
                        .getBytes(StandardCharsets.UTF_8);
        var home = Path.of(System.getProperty("mist.home", "."));
        policy = Policy.read(Files.readAllBytes(home.resolve("policy_rbac.json")), KnownItems.UNHEARD);
        question = new Question(
                principal.role(),
                principal.sites(),
                "mist-ro",
                "list_sites",
                true,
                false,
                false,
                Reach.FILTERED,
                Set.of(Load.SITES.getFirst()),
                false,
                false);
        folder = Files.createTempDirectory("mist-bench-audit");
        log = AuditLog.open(AuditSettings.in(folder), InstantSource.system());
    }

    /// Closes the log.
    @TearDown
    public void end() {
        log.close();
        Rig.remove(folder);
    }

    /// One checked pass over a request of 1 KiB.
    @Benchmark
    public Envelope envelopeOf1KiB() {
        return Envelope.read(request, JsonLimits.REQUEST);
    }

    /// Whether a ReadOnly caller may read a site of its own.
    @Benchmark
    public Decision policyDecision() {
        return policy.decide(question);
    }

    /// A decision's record, built, redacted and encoded.
    @Benchmark
    public AuditRecord auditRecord() {
        return AuditLoad.decision(principal, number++);
    }

    /// An outcome's record, built, encoded and queued; every 1024th is waited for, so that the queue stays
    /// short.
    @Benchmark
    public long auditAppend() {
        var pending = log.append(AuditRecord.of(Event.CALL_OUTCOME)
                .call("11111111-2222-4333-8444-555555555555")
                .request("11111111-2222-4333-8444-555555555556")
                .principal(principal)
                .tool("mist-ro", "tool", "list_sites")
                .outcome("done", "ok")
                .duration(Duration.ofNanos(number)));
        if (++number % AWAIT_EVERY == 0) {
            pending.await();
        }
        return pending.index();
    }
}
