package mistmcp.metrics;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What a process counts and times, by names that stand here only. Labels take few values: never a user, a tool's
/// argument or anything that a caller can choose. Safe for several threads.
public final class Metrics {
    private static final String CALLS = "mist.gateway.calls";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentMap<Ended, Timer> calls = new ConcurrentHashMap<>();

    private record Ended(String kind, String outcome) {}

    /// Nothing is counted yet.
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /// A call through the gate has ended.
    ///
    /// @param kind    `tool`, `resource` or `prompt`
    /// @param outcome `done`, `planned`, `denied`, `unknown` or `failed`
    public void callEnded(String kind, String outcome, Duration duration) {
        calls.computeIfAbsent(new Ended(kind, outcome), this::timer).record(duration);
    }

    private Timer timer(Ended ended) {
        return Timer.builder(CALLS)
                .description("calls through the gate")
                .tag("kind", ended.kind())
                .tag("outcome", ended.outcome())
                .register(registry);
    }

    /// Everything in the text format of Prometheus.
    public String text() {
        return registry.scrape();
    }
}
