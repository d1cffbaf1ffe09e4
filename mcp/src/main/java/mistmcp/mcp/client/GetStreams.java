package mistmcp.mcp.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mistmcp.http.HttpClient;
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
    private final Set<HttpClient.Call> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    GetStreams(HttpPost post) {
        this.post = post;
    }

    /// Opens a stream for a session, when there is room for one more.
    ///
    /// @param asks whether the server may ask on it: what it asks before it is open is lost, so it is waited
    ///             for
    void open(Map<String, String> configured, LegacySessions.LegacySession session, Aside aside, boolean asks)
            throws InterruptedException {
        if (closed || open.size() >= MAX) {
            return;
        }
        var message = HttpMessage.get(configured, session.headers());
        var begun = new CountDownLatch(1);
        Thread.ofVirtual().name("mcp-get-stream").start(() -> {
            try {
                post.stream(message, TO_HEAD, open, begun::countDown, aside);
            } finally {
                begun.countDown();
            }
        });
        // Some servers send no head before there is something to tell.
        boolean here = !asks || begun.await(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        if (!here) {
            LOG.debug("a GET stream has no head yet");
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(HttpClient.Call::cancel);
    }
}
