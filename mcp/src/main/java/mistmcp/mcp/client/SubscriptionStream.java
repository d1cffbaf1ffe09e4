package mistmcp.mcp.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.MetaKeys;
import mistmcp.mcp.UpstreamReply;
import org.jspecify.annotations.Nullable;

/// One HTTP stream on which a server tells what belongs to no request, read on a thread of its own. Safe for
/// several threads.
final class SubscriptionStream implements AutoCloseable {
    private static final Duration BEGIN = Duration.ofSeconds(15);
    /// Some servers send no sign of life on a stream that tells nothing; and what tells of a change is short.
    private static final HttpPost.Terms TERMS =
            new HttpPost.Terms(Duration.ofSeconds(10), Duration.ofMinutes(10), 1 << 20);

    private final LinkedBlockingQueue<Begin> begins = new LinkedBlockingQueue<>();
    private volatile HttpClient.@Nullable Call call;
    private volatile boolean ended;

    /// How a stream began.
    sealed interface Begin {
        /// The server tells; in the modern era, this much of what was asked.
        record Told(JsonObject honoured) implements Begin {}

        /// It does not.
        record Not(Posted.Whole why) implements Begin {}
    }

    private SubscriptionStream() {}

    /// Listens by a request of the modern era: begun once the server has acknowledged it.
    static SubscriptionStream modern(HttpPost post, HttpMessage message, ServerChanges changes, Runnable ended) {
        var stream = new SubscriptionStream();
        var aside = new Aside() {
            private boolean acknowledged;

            @Override
            public void note(Envelope.Notification note) {
                if (!tag(note).map(message.id()::equals).orElse(true)) {
                    return;
                }
                if (note.method().equals("notifications/subscriptions/acknowledged")) {
                    acknowledged = true;
                    stream.begins.add(
                            new Begin.Told(note.params().object("notifications").orElse(JsonObject.EMPTY)));
                } else if (acknowledged) {
                    ChangeNotes.told(note, changes);
                }
            }

            @Override
            public void asked(Envelope.Request request) {}
        };
        stream.run(post, message, TERMS, aside, () -> {}, ended);
        return stream;
    }

    /// Listens on the GET stream of a legacy session: begun once its head is here.
    static SubscriptionStream legacy(HttpPost post, HttpMessage message, Aside aside, Runnable ended) {
        return legacy(post, message, TERMS, aside, ended);
    }

    /// The same on other terms.
    static SubscriptionStream legacy(
            HttpPost post, HttpMessage message, HttpPost.Terms terms, Aside aside, Runnable ended) {
        var stream = new SubscriptionStream();
        stream.run(post, message, terms, aside, () -> stream.begins.add(new Begin.Told(JsonObject.EMPTY)), ended);
        return stream;
    }

    private void run(
            HttpPost post, HttpMessage message, HttpPost.Terms terms, Aside aside, Runnable begun, Runnable whenEnded) {
        Thread.ofVirtual().name("mcp-subscription").start(() -> {
            Posted.Whole end = new Posted.Broken(Failures.broken("the server's stream ended before it began"));
            try {
                end = post.listen(message, terms, this::out, begun, aside);
            } finally {
                ended = true;
                begins.add(new Begin.Not(end));
                whenEnded.run();
            }
        });
    }

    private void out(HttpClient.Call sent) {
        call = sent;
        if (ended) {
            sent.cancel();
        }
    }

    /// Waits until the stream has begun, or is known not to.
    Begin begin() throws InterruptedException {
        try {
            return begin(BEGIN).orElseGet(() -> new Begin.Not(new Posted.Broken(Failures.late(true))));
        } catch (InterruptedException closing) {
            close();
            throw closing;
        }
    }

    /// How the stream has begun; empty when that is not known in time.
    Optional<Begin> begin(Duration patience) throws InterruptedException {
        return Optional.ofNullable(begins.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    boolean open() {
        return !ended;
    }

    @Override
    public void close() {
        ended = true;
        var running = call;
        if (running != null) {
            running.cancel();
        }
    }

    /// The listen request that a notification says it belongs to.
    static Optional<RawJson> tag(Envelope.Notification note) {
        return note.params()
                .object("_meta")
                .flatMap(meta -> meta.get(MetaKeys.SUBSCRIPTION_ID))
                .map(RawJson::of);
    }

    /// The resources that the server has agreed to tell of.
    static Set<String> resources(JsonObject honoured) {
        return Set.copyOf(
                honoured.array("resourceSubscriptions").map(JsonArray::strings).orElse(List.of()));
    }

    /// Whether a server that does not tell need not be asked again soon.
    static boolean forGood(Posted.Whole posted) {
        return switch (posted) {
            case Posted.Status(int status) -> forGood(status);
            case Posted.Bad(int status, Envelope.Fault _) -> status == 200 || forGood(status);
            case Posted.Good _, Posted.Broken _ -> false;
        };
    }

    private static boolean forGood(int status) {
        return status >= 400 && status < 500 && status != 408 && status != 409 && status != 425 && status != 429;
    }

    /// Why a server does not tell, in one line.
    static String why(Posted.Whole posted) {
        return switch (posted) {
            case Posted.Status(int status) -> "it answered with HTTP status " + status;
            case Posted.Bad(int _, Envelope.Fault fault) -> "it answered with error " + fault.code();
            case Posted.Broken(UpstreamReply.Failed failed) -> failed.message();
            case Posted.Good _ -> "it ended the stream";
        };
    }
}
