package mistmcp.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;

/// What a process counts and times, by names that stand here only. Labels take few values: never a user, a
/// tool's argument or anything that a caller can choose. Safe for several threads.
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

    /// What has a value at any moment.
    public enum Level {
        /// Seconds since the keys that tokens are checked with were confirmed; NaN without any.
        KEYS_AGE("mist.gateway.keys.age.seconds", "time since the keys were confirmed by their source"),
        /// Fetches of keys that failed since the last good one.
        KEYS_FAILURES("mist.gateway.keys.failures", "fetches of keys that failed since the last good one"),
        /// Fetches of keys tried since the start.
        KEYS_FETCHES("mist.gateway.keys.fetches", "fetches of keys tried since the start"),
        /// Tokens with an unknown key id since the start.
        KEYS_UNKNOWN("mist.gateway.keys.unknown", "tokens that named a key that is not in the set since the start"),
        /// Seconds until the server's certificate ends; NaN without TLS.
        CERTIFICATE_LEFT("mist.gateway.certificate.left.seconds", "time until the certificate in use ends");

        private final String metric;
        private final String description;

        Level(String metric, String description) {
            this.metric = metric;
            this.description = description;
        }
    }

    /// Tells where a level is read; asked at each scrape.
    public void level(Level level, DoubleSupplier value) {
        Gauge.builder(level.metric, value::getAsDouble)
                .description(level.description)
                .strongReference(true)
                .register(registry);
    }

    /// Everything in the text format of Prometheus.
    public String text() {
        return registry.scrape();
    }
}
