package mistmcp.mcp.client;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;

/// The era that a server over HTTP speaks: found out by `server/discover`, which a modern server must answer,
/// and in doubt again when it refuses what it took before. Safe for several threads.
final class HttpEra {
    /// What legacy servers answer to a method that they do not know. Others, as 401 and 500, say nothing of
    /// the era.
    private static final Set<Integer> SAYS_LEGACY = Set.of(202, 400, 404, 405, 406, 415);

    private final HttpPost post;
    private final ClientOptions options;
    private final ReentrantLock settling = new ReentrantLock();
    private volatile Era era;

    HttpEra(HttpPost post, ClientOptions options) {
        this.post = post;
        this.options = options;
        this.era = options.era();
    }

    /// The era; `AUTO` when it is not known.
    Era now() {
        return era;
    }

    /// Finds out the era, unless it is known, and answers why it could not. A server that refuses the caller,
    /// fails or cannot be reached has said nothing about its era.
    ///
    /// @param request the one that wants to know, as whose principal it is asked
    Optional<UpstreamReply.Failed> settle(UpstreamRequest request, Dialogue dialogue) throws InterruptedException {
        if (era != Era.AUTO) {
            return Optional.empty();
        }
        if (!settling.tryLock(dialogue.left().toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.of(Failures.late(false));
        }
        try {
            return era == Era.AUTO ? probe(request, dialogue) : Optional.empty();
        } finally {
            settling.unlock();
        }
    }

    private Optional<UpstreamReply.Failed> probe(UpstreamRequest request, Dialogue dialogue)
            throws InterruptedException {
        var id = post.nextId();
        var discover = new UpstreamRequest(
                "server/discover",
                Optional.empty(),
                RawJson.EMPTY_OBJECT,
                RequestMeta.NONE,
                request.principal(),
                request.headers(),
                request.deadline());
        var message = HttpMessage.request(
                RequestText.modern(discover, id, options, Map.of()),
                id,
                request.headers(),
                RequestText.modernHeaders("server/discover", Optional.empty()));
        return switch (post.request(message, dialogue.left(), Exchange.SILENT, Aside.DEAF)
                .whole()) {
            case Posted.Good good -> settled(EraSigns.modern(good.answer()) ? Era.MODERN : Era.LEGACY);
            case Posted.Bad bad when EraSigns.modern(bad.fault()) -> settled(Era.MODERN);
            case Posted.Bad bad when bad.status() == 200 || SAYS_LEGACY.contains(bad.status()) -> settled(Era.LEGACY);
            case Posted.Bad bad -> Optional.of(Failures.status(bad.status()));
            case Posted.Status(int status) when SAYS_LEGACY.contains(status) -> settled(Era.LEGACY);
            case Posted.Status(int status) -> Optional.of(Failures.status(status));
            case Posted.Broken broken ->
                broken.failed().code().equals("upstream_garbage")
                        ? settled(Era.LEGACY)
                        : Optional.of(new UpstreamReply.Failed(
                                broken.failed().code(), broken.failed().message(), false));
        };
    }

    private Optional<UpstreamReply.Failed> settled(Era found) {
        era = found;
        return Optional.empty();
    }

    /// The reply to a request that ended so; what it says of the era is taken note of.
    UpstreamReply reply(Posted posted) {
        return switch (posted) {
            case Posted.Good good -> Dialogue.answered(good.answer());
            case Posted.Flowing flowing -> Dialogue.streaming(flowing);
            case Posted.Bad bad -> {
                doubtIf(bad.status() == 400 && !EraSigns.modern(bad.fault()));
                yield Dialogue.answered(bad.fault());
            }
            case Posted.Broken broken -> broken.failed();
            case Posted.Status(int status) -> {
                doubtIf(status == 400 || status == 404);
                yield Failures.status(status);
            }
        };
    }

    private void doubtIf(boolean odd) {
        if (odd) {
            doubt();
        }
    }

    /// A server that refuses what it took before may have come to speak another era: it is asked again.
    void doubt() {
        if (options.era() == Era.AUTO) {
            era = Era.AUTO;
        }
    }
}
