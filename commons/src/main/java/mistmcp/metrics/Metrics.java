package mistmcp.metrics;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/// What a process counts and times, by names that stand here only. Labels take few values: never a user, a tool's
/// argument or anything that a caller can choose. Safe for several threads.
public final class Metrics {
    private static final String CALLS = "mist.gateway.calls";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

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
        Timer.builder(CALLS)
                .description("calls through the gate")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(registry)
                .record(duration);
    }

    /// Everything in the text format of Prometheus.
    public String text() {
        return registry.scrape();
    }
}
