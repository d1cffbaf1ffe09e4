package mistmcp.mcp.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The GET streams on which legacy servers say what belongs to no request (2025-11-25, "Listening for
/// Messages"). A few for each server: each holds a connection. A stream that ends is not opened again before
/// the next handshake. Safe for several threads.
final class GetStreams implements AutoCloseable {
    private static final int MAX = 4;
    private static final Logger LOG = LoggerFactory.getLogger(GetStreams.class);
    private static final Duration A_MOMENT = Duration.ofMillis(100);
    private static final Duration TO_HEAD = Duration.ofSeconds(30);

    private final HttpPost post;
    private final HttpPost.Terms terms;
    private final List<SubscriptionStream> streams = new ArrayList<>();
    private boolean closed;

    GetStreams(HttpPost post, ClientOptions options) {
        this.post = post;
        this.terms = new HttpPost.Terms(TO_HEAD, options.silence(), options.maxResultBytes());
    }

    /// Opens a stream for a session, when there is room for one more.
    ///
    /// @param asks whether the server may ask on it: what it asks before it is open is lost, so it is waited
    ///             for
    void open(Map<String, String> configured, LegacySessions.LegacySession session, Aside aside, boolean asks)
            throws InterruptedException {
        var stream = open(HttpMessage.get(configured, session.headers()), aside);
        // Some servers send no head before there is something to tell.
        if (asks && stream.isPresent() && stream.get().begin(A_MOMENT).isEmpty()) {
            LOG.debug("a GET stream has no head yet");
        }
    }

    private synchronized Optional<SubscriptionStream> open(HttpMessage message, Aside aside) {
        streams.removeIf(stream -> !stream.open());
        if (closed || streams.size() >= MAX) {
            return Optional.empty();
        }
        var stream = SubscriptionStream.legacy(post, message, terms, aside, () -> {});
        streams.add(stream);
        return Optional.of(stream);
    }

    @Override
    public synchronized void close() {
        closed = true;
        streams.forEach(SubscriptionStream::close);
    }
}
