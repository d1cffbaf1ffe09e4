package mistmcp.gateway.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.UpstreamReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one upstream lists, fetched again every half minute, when it says that a list has changed, and soon
/// after a failure. The last good lists stay while it is away. Safe for several threads.
final class Listing implements AutoCloseable {
    static final String NEEDS_AUTHORIZATION = "upstream_needs_authorization";

    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
    private static final Snapshot NOTHING = new Snapshot(List.of(), Map.of(), Map.of());
    private static final Pattern WIRE_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(200);
    private static final int MAX_PAGES = 100;

    private final Upstream upstream;
    private final ReentrantLock fetching = new ReentrantLock();
    private final CountDownLatch first = new CountDownLatch(1);
    private final Semaphore nudge = new Semaphore(0);
    private volatile Snapshot snapshot = NOTHING;
    private volatile boolean heard;
    private volatile boolean closed;
    private volatile Optional<String> fault = Optional.of("its tools were not listed yet");
    private volatile Consumer<String> onListed = _ -> {};
    private volatile BiConsumer<String, Set<String>> onChange = (_, _) -> {};
    private @Nullable Thread thread;

    Listing(Upstream upstream) {
        this.upstream = upstream;
    }

    /// One complete set of lists.
    private record Snapshot(
            List<CatalogTool> tools, Map<String, CatalogTool> byWireName, Map<String, List<JsonObject>> others) {}

    /// A server that gave no usable list.
    private static final class NoList extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean unauthorized;

        NoList(String message) {
            this(message, false);
        }

        NoList(String message, boolean unauthorized) {
            super(message);
            this.unauthorized = unauthorized;
        }
    }

    Upstream upstream() {
        return upstream;
    }

    /// Begins to fetch.
    ///
    /// @param onListed told the upstream's name after each fetch, before what came can be called
    /// @param onChange told it, and which lists, after a fetch that brought something else than the one
    ///                 before
    void start(Consumer<String> onListed, BiConsumer<String, Set<String>> onChange) {
        this.onListed = onListed;
        this.onChange = onChange;
        thread = Thread.ofVirtual()
                .name("listing-" + upstream.configured().name())
                .start(this::run);
    }

    /// Has the lists fetched again soon.
    void nudge() {
        nudge.release();
    }

    void awaitFirst(Duration patience) throws InterruptedException {
        if (!first.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "upstream={} has not listed its tools yet",
                    upstream.configured().name());
        }
    }

    List<CatalogTool> tools() {
        return snapshot.tools();
    }

    Optional<CatalogTool> tool(String name, boolean own) {
        var now = snapshot;
        return own
                ? now.tools().stream().filter(tool -> tool.name().equals(name)).findFirst()
                : Optional.ofNullable(now.byWireName().get(name));
    }

    List<JsonObject> listed(String kind) {
        return snapshot.others().getOrDefault(kind, List.of());
    }

    boolean heard() {
        return heard;
    }

    Optional<String> fault() {
        return fault;
    }

    @Override
    public void close() {
        closed = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        int failures = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    fetch();
                    failures = 0;
                } catch (NoList failed) {
                    failures++;
                    if (failures == 1) {
                        LOG.warn("upstream={} {}", upstream.configured().name(), failed.getMessage());
                    }
                    failed(failed);
                } catch (RuntimeException broken) {
                    if (closed) {
                        return;
                    }
                    failures++;
                    LOG.error(
                            "upstream={} listing failed", upstream.configured().name(), broken);
                    fault = Optional.of("its lists could not be read");
                }
                pause(failures);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause(int failures) throws InterruptedException {
        long base = failures == 0 ? EVERY.toMillis() : Math.min(EVERY.toMillis(), 200L << Math.min(failures, 8));
        long jittered = base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1);
        if (nudge.tryAcquire(jittered, TimeUnit.MILLISECONDS)) {
            // A server that says so again and again is not listed at its beat.
            Thread.sleep(LEAST_PAUSE);
            nudge.drainPermits();
        }
    }

    /// Fetches now, on the caller's thread; answers why that could not be done, when it could not.
    Optional<UpstreamReply.Failed> refresh() throws InterruptedException {
        try {
            fetch();
            return Optional.empty();
        } catch (NoList failed) {
            failed(failed);
            return Optional.of(new UpstreamReply.Failed(
                    failed.unauthorized ? NEEDS_AUTHORIZATION : "upstream_unreachable",
                    String.valueOf(failed.getMessage()),
                    false));
        }
    }

    /// What a server lists to nobody is offered to nobody; of a server that is merely away the last lists stay.
    private void failed(NoList failed) {
        fault = Optional.ofNullable(failed.getMessage());
        if (!failed.unauthorized) {
            return;
        }
        heard = false;
        first.countDown();
        var before = snapshot;
        if (!before.equals(NOTHING)) {
            snapshot = NOTHING;
            onChange.accept(upstream.configured().name(), changed(before, NOTHING));
        }
    }

    private void fetch() throws NoList, InterruptedException {
        fetching.lockInterruptibly();
        try {
            fetchAlone();
        } finally {
            fetching.unlock();
        }
    }

    private void fetchAlone() throws NoList, InterruptedException {
        var tools = new ArrayList<CatalogTool>();
        for (var definition : pages("tools/list", "tools")) {
            tool(definition).ifPresent(tools::add);
        }
        tools.sort(Comparator.comparing(CatalogTool::name));
        var byWireName = new HashMap<String, CatalogTool>();
        tools.forEach(tool -> byWireName.put(tool.wireName(), tool));
        var others = Map.of(
                "resources", pages("resources/list", "resources"),
                "resourceTemplates", pages("resources/templates/list", "resourceTemplates"),
                "prompts", pages("prompts/list", "prompts"));
        var before = snapshot;
        snapshot = new Snapshot(List.copyOf(tools), Map.copyOf(byWireName), others);
        try {
            onListed.accept(upstream.configured().name());
        } catch (RuntimeException failed) {
            // What could not be taken in is fetched again: until then nothing of it counts as new.
            snapshot = before;
            throw failed;
        }
        fault = Optional.empty();
        heard = true;
        first.countDown();
        if (!before.equals(snapshot)) {
            LOG.info("upstream={} tools={}", upstream.configured().name(), tools.size());
            onChange.accept(upstream.configured().name(), changed(before, snapshot));
        }
    }

    private static Set<String> changed(Snapshot before, Snapshot now) {
        var kinds = new HashSet<String>();
        if (!before.tools().equals(now.tools())) {
            kinds.add("tools");
        }
        for (var kind : List.of("resources", "resourceTemplates", "prompts")) {
            if (!before.others()
                    .getOrDefault(kind, List.of())
                    .equals(now.others().getOrDefault(kind, List.of()))) {
                kinds.add(kind.equals("prompts") ? kind : "resources");
            }
        }
        return kinds;
    }

    private Optional<CatalogTool> tool(JsonObject definition) {
        var configured = upstream.configured();
        var name = definition.string("name").orElse("");
        var wireName = configured.prefix().isEmpty() ? name : configured.prefix() + "_" + name;
        if (!WIRE_NAME.matcher(wireName).matches()) {
            LOG.warn(
                    "upstream={} a tool was dropped: its name has other characters than a-z, A-Z, 0-9, _ and -",
                    configured.name());
            return Optional.empty();
        }
        var listed = new ToolDefinition(name, definition);
        String digest;
        try {
            digest = listed.digest();
        } catch (InvalidJson inexact) {
            LOG.warn("upstream={} tool={} was dropped: {}", configured.name(), name, inexact.getMessage());
            return Optional.empty();
        }
        boolean reads = configured.reads().stream().anyMatch(pattern -> glob(pattern, name));
        return Optional.of(new CatalogTool(
                configured.name(),
                name,
                wireName,
                listed,
                digest,
                !reads,
                configured.preview(),
                configured.servesSites(),
                configured.withoutSites()));
    }

    private List<JsonObject> pages(String method, String member) throws NoList, InterruptedException {
        var all = new ArrayList<JsonObject>();
        Optional<String> cursor = Optional.empty();
        for (int page = 0; page < MAX_PAGES; page++) {
            var result = list(method, cursor);
            if (result.isEmpty()) {
                return List.of();
            }
            all.addAll(result.get().array(member).orElse(JsonArray.EMPTY).objects());
            cursor = result.get().string("nextCursor");
            if (cursor.isEmpty()) {
                return List.copyOf(all);
            }
        }
        throw new NoList("lists more than " + MAX_PAGES + " pages");
    }

    /// One page; nothing when the server does not offer the kind.
    private Optional<JsonObject> list(String method, Optional<String> cursor) throws NoList, InterruptedException {
        var params = JsonObject.EMPTY.withPresent("cursor", cursor);
        var sending = Sending.own(method, Optional.empty(), RawJson.of(params), DEADLINE);
        return switch (upstream.send(sending, Exchange.SILENT).whole()) {
            case UpstreamReply.Failed failed ->
                throw new NoList(failed.message(), failed.code().equals(NEEDS_AUTHORIZATION));
            case UpstreamReply.Answered(McpReply.Failure failure) -> {
                if (failure.code() == ErrorCode.METHOD_NOT_FOUND && !method.equals("tools/list")) {
                    yield Optional.empty();
                }
                throw new NoList("answered " + method + " with error " + failure.code());
            }
            case UpstreamReply.Answered(McpReply.Result result) -> {
                try {
                    yield result.body().parse(JsonLimits.TRUSTED) instanceof JsonObject object
                            ? Optional.of(object)
                            : Optional.empty();
                } catch (InvalidJson invalid) {
                    throw new NoList("answered " + method + " with " + invalid.getMessage());
                }
            }
        };
    }

    private static boolean glob(String pattern, String name) {
        var regex = new StringBuilder();
        for (var part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(regex.toString(), name);
    }
}
