package mistmcp.mist;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNull;

/// The Mist API as one token may read it. Only GET is ever sent, and only to the host of the settings;
/// redirects are not followed. Reads are tried again at most twice, on 5xx and broken connections; answers
/// are kept as long as their operation allows, apart from any caller, for [MistReading] filters by scope
/// afterwards. Safe for several threads.
public final class MistApi implements AutoCloseable {
    /// The largest answer that is read.
    public static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final int TRIES = 3;
    private static final Duration ONE_TRY = Duration.ofSeconds(15);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final long KEPT_BYTES = 16L << 20;
    private static final JsonLimits LIMITS = JsonLimits.TRUSTED.withMaxBytes(MAX_ANSWER_BYTES);

    private final MistSettings settings;
    private final InstantSource clock;
    private final MistBudget budget;
    private final HttpClient http;
    private final Cache<String, Kept> kept;
    private volatile Contact contact;

    private record Kept(MistAnswer.Read answer, int bytes, Duration keep) {}

    /// An API with a full budget and nothing kept.
    public MistApi(MistSettings settings, InstantSource clock) {
        this(settings, clock, new MistBudget(clock));
    }

    /// An API that counts its calls on a budget given, which others may share.
    public MistApi(MistSettings settings, InstantSource clock, MistBudget budget) {
        this.settings = settings;
        this.clock = clock;
        this.budget = budget;
        this.contact = new Contact(clock.instant(), Optional.empty());
        this.http = new HttpClient(Duration.ofSeconds(5), 16, settings.egress());
        this.kept = Caffeine.newBuilder()
                .maximumWeight(KEPT_BYTES)
                .weigher((String key, Kept value) -> value.bytes() + key.length())
                .expireAfter(Expiry.<String, Kept>creating((_, value) -> value.keep()))
                .build();
    }

    /// The reads of one call of one caller: all within its scope, all within the patience given.
    public MistReading reading(SiteScope scope, Duration patience) {
        return new MistReading(this, scope, clock.instant().plus(patience));
    }

    /// Which cloud and organisation this is.
    public MistSettings settings() {
        return settings;
    }

    /// The hourly budget of the token.
    public MistBudget budget() {
        return budget;
    }

    /// The clock that all times here are taken from.
    public InstantSource clock() {
        return clock;
    }

    /// How the last call to Mist ended; before the first one, as if it had worked.
    public Contact lastContact() {
        return contact;
    }

    /// How a call to Mist ended.
    ///
    /// @param at    when
    /// @param fault what says that Mist cannot be worked with; a refusal of one read does not
    public record Contact(Instant at, Optional<MistFault> fault) {}

    /// Drops what is kept of paths that begin so, after a write to them.
    public void forget(String pathPrefix) {
        kept.asMap().keySet().removeIf(key -> key.startsWith(pathPrefix));
    }

    @Override
    public void close() {
        http.close();
    }

    /// Answers a read, from what is kept or from Mist.
    ///
    /// @param spent is told how many calls went to Mist
    MistAnswer read(MistGet get, Instant deadline, IntConsumer spent) throws InterruptedException {
        return read(get.pathAndQuery(), get.keep(), deadline, spent);
    }

    MistAnswer read(String pathAndQuery, Duration keep, Instant deadline, IntConsumer spent)
            throws InterruptedException {
        if (keep.isPositive()) {
            var known = kept.getIfPresent(pathAndQuery);
            if (known != null) {
                return known.answer();
            }
        }
        for (int attempt = 1; ; attempt++) {
            var outcome = attempt(pathAndQuery, keep, deadline, spent);
            note(outcome);
            switch (outcome) {
                case Tried.Ended ended -> {
                    return ended.answer();
                }
                case Tried.Again again -> {
                    var wait = again.pause().orElse(jitter(attempt));
                    if (attempt == TRIES || !clock.instant().plus(wait).isBefore(deadline)) {
                        return new MistAnswer.Failed(again.fault());
                    }
                    Thread.sleep(wait);
                }
            }
        }
    }

    /// How one try ended.
    private sealed interface Tried {
        record Ended(MistAnswer answer) implements Tried {}

        record Again(MistFault fault, Optional<Duration> pause) implements Tried {}
    }

    private void note(Tried outcome) {
        Optional<MistFault> fault = switch (outcome) {
            case Tried.Again again -> Optional.of(again.fault());
            case Tried.Ended(MistAnswer.Read _) -> Optional.empty();
            case Tried.Ended(MistAnswer.Failed(var one)) -> Optional.of(one);
        };
        contact = new Contact(clock.instant(), fault.filter(one -> switch (one) {
            case MistFault.NotFound _, MistFault.Forbidden _, MistFault.BadRequest _, MistFault.TooLarge _ -> false;
            case MistFault.TokenRefused _,
                    MistFault.RateLimited _,
                    MistFault.Unavailable _,
                    MistFault.TimedOut _,
                    MistFault.Garbage _ -> true;
        }));
    }

    private Tried attempt(String pathAndQuery, Duration keep, Instant deadline, IntConsumer spent) {
        var left = Duration.between(clock.instant(), deadline);
        if (!left.isPositive()) {
            return failed(new MistFault.TimedOut());
        }
        var pausedUntil = budget.take();
        if (pausedUntil.isPresent()) {
            return failed(new MistFault.RateLimited(pausedUntil.get()));
        }
        spent.accept(1);
        var patience = left.compareTo(ONE_TRY) < 0 ? left : ONE_TRY;
        var request = new OutboundRequest(
                "GET",
                URI.create(settings.base() + pathAndQuery),
                Map.of(
                        "Authorization",
                        "Token " + settings.token().reveal(),
                        "Accept",
                        "application/json",
                        "User-Agent",
                        "mist-mcp-gateway"),
                Optional.empty(),
                patience,
                patience);
        try (var response = http.send(request)) {
            return tried(response, pathAndQuery, keep);
        } catch (HttpFailure failure) {
            return switch (failure.kind()) {
                case CONNECT, RESET -> new Tried.Again(new MistFault.Unavailable(), Optional.empty());
                case GARBAGE ->
                    new Tried.Again(new MistFault.Garbage("the answer is cut or is not HTTP"), Optional.empty());
                case TIMEOUT -> failed(new MistFault.TimedOut());
                case TOO_LARGE -> failed(new MistFault.TooLarge(MAX_ANSWER_BYTES));
            };
        } catch (IOException broken) {
            return new Tried.Again(new MistFault.Unavailable(), Optional.empty());
        }
    }

    private Tried tried(InboundResponse response, String pathAndQuery, Duration keep) throws IOException {
        int status = response.status();
        if (status == 429) {
            var wait = retryAfter(response);
            var until = budget.refused(wait);
            return wait.isPresent()
                    ? new Tried.Again(new MistFault.RateLimited(until), wait)
                    : failed(new MistFault.RateLimited(until));
        }
        if (status >= 500) {
            return new Tried.Again(new MistFault.Unavailable(), Optional.empty());
        }
        if (status == 200) {
            return new Tried.Ended(body(response, pathAndQuery, keep));
        }
        return failed(
                switch (status) {
                    case 401 -> new MistFault.TokenRefused();
                    case 403 -> new MistFault.Forbidden();
                    case 404 -> new MistFault.NotFound();
                    default ->
                        status >= 400
                                ? new MistFault.BadRequest(status)
                                : new MistFault.Garbage("status " + status + ", which is no answer to a read");
                });
    }

    private MistAnswer body(InboundResponse response, String pathAndQuery, Duration keep) throws IOException {
        var bytes = response.body(MAX_ANSWER_BYTES);
        var total = response.header("X-Page-Total").flatMap(MistApi::count);
        if (bytes.length > 0 && !isJson(response)) {
            return new MistAnswer.Failed(new MistFault.Garbage("it is not JSON"));
        }
        try {
            var body = bytes.length == 0 ? JsonNull.NULL : Json.parse(bytes, LIMITS);
            var read = new MistAnswer.Read(body, total);
            if (keep.isPositive()) {
                kept.put(pathAndQuery, new Kept(read, bytes.length, keep));
            }
            return read;
        } catch (InvalidJson invalid) {
            return new MistAnswer.Failed(new MistFault.Garbage("it is not JSON"));
        }
    }

    private static boolean isJson(InboundResponse response) {
        return response.header("Content-Type")
                .map(type -> type.toLowerCase(Locale.ROOT).contains("json"))
                .orElse(false);
    }

    private static Optional<Duration> retryAfter(InboundResponse response) {
        return response.header("Retry-After")
                .flatMap(MistApi::count)
                .map(seconds -> Duration.ofSeconds(Math.min(seconds, LONGEST_WAIT.toSeconds())));
    }

    private static Optional<Long> count(String text) {
        return text.strip().matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(text.strip())) : Optional.empty();
    }

    private static Duration jitter(int attempt) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(50, 150L << attempt));
    }

    private static Tried failed(MistFault fault) {
        return new Tried.Ended(new MistAnswer.Failed(fault));
    }
}
