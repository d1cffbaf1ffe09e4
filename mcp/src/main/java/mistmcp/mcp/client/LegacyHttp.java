package mistmcp.mcp.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.Revision;
import mistmcp.mcp.UpstreamReply;
import org.jspecify.annotations.Nullable;

/// Sends requests to a server of the legacy era over HTTP, in the MCP session of whoever calls. Safe for
/// several threads.
final class LegacyHttp implements AutoCloseable {
    private static final Duration ASIDE = Duration.ofSeconds(5);

    private final HttpPost post;
    private final HttpEra era;
    private final ClientOptions options;
    private final Asides asides;
    private final LegacySessions sessions;
    private final GetStreams streams;
    private final ReentrantLock greeting = new ReentrantLock();
    private volatile @Nullable String listener;

    LegacyHttp(HttpPost post, HttpEra era, ClientOptions options, Asides asides) {
        this.post = post;
        this.era = era;
        this.options = options;
        this.asides = asides;
        this.sessions = new LegacySessions(options.maxSessions());
        this.streams = new GetStreams(post, options);
    }

    /// A session, or why there is none.
    sealed interface Opened {
        record Ready(LegacySessions.LegacySession session) implements Opened {}

        record Not(UpstreamReply.Failed why) implements Opened {}
    }

    /// Says who listens: the stream of that principal's session is a subscription, and there is one only.
    void listensAs(String principal) {
        listener = principal;
    }

    /// Sends a request and waits for its end. When its session has ended, there is another one, once.
    UpstreamReply send(UpstreamRequest request, Exchange exchange, Dialogue dialogue) throws InterruptedException {
        var key = new LegacySessions.Key(request.principal(), RequestText.relayable(request, options));
        for (boolean again = false; ; again = true) {
            LegacySessions.LegacySession session;
            switch (session(key, request, dialogue)) {
                case Opened.Not(var why) -> {
                    return why;
                }
                case Opened.Ready(var ready) -> session = ready;
            }
            var posted = send(session, request, exchange, dialogue);
            boolean gone = session.id().isPresent() && sessionGone(posted);
            if (gone) {
                sessions.drop(key, session);
            }
            if (!gone || again) {
                return posted instanceof Posted.Good good ? Dialogue.answered(good.answer()) : era.reply(posted);
            }
        }
    }

    /// Sends a request of ours in a session, once.
    Posted.Whole once(LegacySessions.LegacySession session, UpstreamRequest request) throws InterruptedException {
        return send(session, request, Exchange.SILENT, new Dialogue(request, Exchange.SILENT, options))
                .whole();
    }

    private Posted send(
            LegacySessions.LegacySession session, UpstreamRequest request, Exchange exchange, Dialogue dialogue)
            throws InterruptedException {
        var id = post.nextId();
        var message = HttpMessage.request(RequestText.legacy(request, id), id, request.headers(), session.headers());
        var out = new AtomicBoolean(true);
        exchange.onCancel(() -> {
            if (out.get()) {
                Thread.ofVirtual()
                        .name("mcp-cancel")
                        .start(() -> tell(RequestText.cancelled(id), request.headers(), session));
            }
        });
        try (var inquirer = new Inquirer(dialogue, answer -> tell(answer, request.headers(), session))) {
            session.out().addLast(inquirer);
            try {
                return post.request(message, dialogue.left(), exchange, asides.of(inquirer));
            } finally {
                out.set(false);
                session.out().remove(inquirer);
            }
        }
    }

    private void tell(byte[] message, Map<String, String> configured, LegacySessions.LegacySession session) {
        post.tell(HttpMessage.notice(message, configured, session.headers()), ASIDE);
    }

    /// The session of this key, made when there is none.
    ///
    /// @param request the one that wants it, as whose principal it is made
    Opened session(LegacySessions.Key key, UpstreamRequest request, Dialogue dialogue) throws InterruptedException {
        var known = sessions.find(key);
        if (known.isPresent()) {
            return new Opened.Ready(known.get());
        }
        if (!greeting.tryLock(dialogue.left().toMillis(), TimeUnit.MILLISECONDS)) {
            return new Opened.Not(Failures.late(false));
        }
        try {
            var meanwhile = sessions.find(key);
            return meanwhile.isPresent() ? new Opened.Ready(meanwhile.get()) : handshake(key, request, dialogue);
        } finally {
            greeting.unlock();
        }
    }

    private Opened handshake(LegacySessions.Key key, UpstreamRequest request, Dialogue dialogue)
            throws InterruptedException {
        var id = post.nextId();
        var hello = HttpMessage.request(
                RequestText.initialize(id, key.capabilities(), options),
                id,
                request.headers(),
                Map.of("MCP-Protocol-Version", Revision.V2025_11_25.text()));
        var posted = post.request(hello, dialogue.left(), Exchange.SILENT, Aside.DEAF);
        if (!(posted instanceof Posted.Good good)) {
            return new Opened.Not(noHandshake(posted));
        }
        var version = good.answer().result().string("protocolVersion").orElse(Revision.V2025_11_25.text());
        var headers = new LinkedHashMap<String, String>();
        headers.put("MCP-Protocol-Version", version);
        good.session().ifPresent(session -> headers.put("Mcp-Session-Id", session));
        var session = new LegacySessions.LegacySession(
                good.session(), headers, request.headers(), Offer.of(good.answer()), new ConcurrentLinkedDeque<>());
        post.tell(
                HttpMessage.notice(
                        Messages.notification("notifications/initialized", RawJson.EMPTY_OBJECT),
                        request.headers(),
                        headers),
                dialogue.left());
        sessions.keep(key, session).forEach(old -> Thread.ofVirtual().start(() -> end(old, request.headers())));
        if (good.session().isPresent() && !key.principal().equals(listener)) {
            streams.open(
                    request.headers(),
                    session,
                    aside(session, request.headers()),
                    !key.capabilities().isEmpty());
        }
        return new Opened.Ready(session);
    }

    private UpstreamReply.Failed noHandshake(Posted posted) {
        var reply = era.reply(posted);
        era.doubt();
        return reply instanceof UpstreamReply.Failed failed
                ? new UpstreamReply.Failed(failed.code(), failed.message(), false)
                : new UpstreamReply.Failed("upstream_garbage", "the server refuses the handshake", false);
    }

    /// What becomes of what comes on a session's GET stream.
    Aside aside(LegacySessions.LegacySession session, Map<String, String> configured) {
        return asides.of(session, answer -> tell(answer, configured, session));
    }

    /// Whether that session is still the one in use.
    boolean current(LegacySessions.Key key, LegacySessions.LegacySession session) {
        return sessions.find(key).filter(session::equals).isPresent();
    }

    /// Gives up a session that the server has ended.
    void drop(LegacySessions.Key key, LegacySessions.LegacySession session) {
        sessions.drop(key, session);
    }

    /// Whether the server no longer knows the session. The protocol says 404; some servers in the field say
    /// 400 and name the session.
    static boolean sessionGone(Posted posted) {
        return switch (posted) {
            case Posted.Status(int status) -> status == 404;
            case Posted.Bad(int status, Envelope.Fault fault) ->
                status == 404
                        || (status == 400
                                && fault.message().toLowerCase(Locale.ROOT).contains("session"));
            case Posted.Good _, Posted.Flowing _, Posted.Broken _ -> false;
        };
    }

    private void end(LegacySessions.LegacySession session, Map<String, String> configured) {
        post.tell(HttpMessage.delete(configured, session.headers()), ASIDE);
    }

    /// Ends the streams and the sessions.
    @Override
    public void close() {
        streams.close();
        sessions.drain().forEach(session -> end(session, session.configured()));
    }
}
