package mistmcp.mcp.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.Authorization;
import org.jspecify.annotations.Nullable;

/// Calls an MCP server over Streamable HTTP, in the era that it speaks. Blocking, made for virtual threads;
/// safe for several of them.
public final class HttpMcpClient implements McpClient {
    private static final int MAX_ROUNDS = 16;
    private static final Duration ASIDE = Duration.ofSeconds(5);
    /// What legacy servers answer to a method that they do not know. Others, as 401 and 500, say nothing of
    /// the era.
    private static final Set<Integer> SAYS_LEGACY = Set.of(202, 400, 404, 405, 406, 415);

    private final ClientOptions options;
    private final HttpPost post;
    private final LegacySessions sessions;
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock settling = new ReentrantLock();
    private final ListedHeaders params = new ListedHeaders();
    private final GetStreams streams;
    private volatile Era era;
    private volatile ServerChanges changes = ServerChanges.UNHEARD;
    private volatile @Nullable Subscription subscription;

    /// What listens, and the principal as whom.
    private record Subscription(Listening listening, HttpSubscriptions subscriptions, String principal) {}

    /// A client of the server at this address. The HTTP client stays the caller's to close.
    public HttpMcpClient(HttpClient http, URI uri, ClientOptions options) {
        this(http, uri, options, Authorization.NONE);
    }

    /// The same, at a server that wants an authorization.
    public HttpMcpClient(HttpClient http, URI uri, ClientOptions options, Authorization authorization) {
        this.options = options;
        this.post = new HttpPost(http, uri, options, authorization);
        this.sessions = new LegacySessions(options.maxSessions());
        this.streams = new GetStreams(post, options);
        this.era = options.era();
    }

    /// The era that is spoken now; `AUTO` when it is not known yet.
    public Era era() {
        return era;
    }

    @Override
    public void listen(OwnRequests requests, ServerChanges told) {
        changes = told;
        var wire = new SubscriptionWire(requests);
        var subscriptions = new HttpSubscriptions(wire, post, told);
        var listening = new Listening(subscriptions, told);
        subscription = new Subscription(
                listening, subscriptions, wire.own("ping", "{}").principal());
        listening.start();
    }

    @Override
    public void want(Set<String> uris) {
        var listener = subscription;
        if (listener != null) {
            listener.listening().want(uris);
        }
    }

    @Override
    public Set<String> refused(Set<String> uris, Duration patience) throws InterruptedException {
        var listener = subscription;
        return listener == null ? uris : listener.listening().refused(uris, patience);
    }

    @Override
    public boolean tellsNoUpdates() {
        var listener = subscription;
        return listener == null || listener.subscriptions().noUpdates();
    }

    @Override
    public UpstreamReply send(UpstreamRequest request, Exchange exchange) throws InterruptedException {
        if (exchange.cancelled()) {
            return Failures.cancelled(false);
        }
        var dialogue = new Dialogue(request, exchange, options);
        var failed = settleEra(request, dialogue);
        if (failed.isPresent()) {
            return failed.get();
        }
        return era == Era.LEGACY ? legacy(request, exchange, dialogue) : modern(request, exchange, dialogue);
    }

    @Override
    public void close() {
        var listener = subscription;
        if (listener != null) {
            listener.listening().close();
        }
        streams.close();
        sessions.drain()
                .forEach(session -> post.tell(HttpMessage.delete(session.configured(), session.headers()), ASIDE));
    }

    /// Finds out the era with `server/discover`, which a modern server must answer. A server that refuses the
    /// caller, fails or cannot be reached has said nothing about its era.
    private Optional<UpstreamReply> settleEra(UpstreamRequest request, Dialogue dialogue) throws InterruptedException {
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

    private Optional<UpstreamReply> probe(UpstreamRequest request, Dialogue dialogue) throws InterruptedException {
        var id = nextId();
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

    private Optional<UpstreamReply> settled(Era found) {
        era = found;
        return Optional.empty();
    }

    private UpstreamReply modern(UpstreamRequest request, Exchange exchange, Dialogue dialogue)
            throws InterruptedException {
        Map<String, RawJson> more = Map.of();
        boolean listed = false;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var posted = modern(request, exchange, dialogue, more);
            if (!listed && needsList(request, posted)) {
                listed = true;
                modern(listing(request), Exchange.SILENT, dialogue, Map.of());
                continue;
            }
            if (!(posted instanceof Posted.Good good)) {
                return notGood(posted);
            }
            switch (dialogue.step(good.answer())) {
                case Dialogue.Step.End end -> {
                    return end.reply();
                }
                case Dialogue.Step.Again again -> more = again.members();
            }
            // Who has gone while they were asked gets no further round, and the server no answer.
            if (exchange.cancelled()) {
                return Failures.cancelled(true);
            }
        }
        return Failures.garbage("the server asks for input again and again");
    }

    private Posted modern(UpstreamRequest request, Exchange exchange, Dialogue dialogue, Map<String, RawJson> more)
            throws InterruptedException {
        var id = nextId();
        var computed = RequestText.modernHeaders(request.method(), request.target());
        if (request.method().equals("tools/call")) {
            computed.putAll(params.of(request.target().orElse(""), JsonSpans.find(request.params(), "arguments")));
        }
        var message =
                HttpMessage.request(RequestText.modern(request, id, options, more), id, request.headers(), computed);
        var posted = post.request(message, dialogue.left(), exchange, aside(dialogue));
        return request.method().equals("tools/list") && posted instanceof Posted.Good good
                ? new Posted.Good(learned(good.answer()), good.session())
                : posted;
    }

    private Envelope.Success learned(Envelope.Success listed) {
        return params.learn(listed.result().raw())
                .map(result -> new Envelope.Success(
                        listed.id(), new RawObject(result, JsonSpans.members(result, JsonLimits.TRUSTED))))
                .orElse(listed);
    }

    /// Headers that do not match: the tool may have been changed since it was listed.
    private static boolean needsList(UpstreamRequest request, Posted posted) {
        return request.method().equals("tools/call")
                && posted instanceof Posted.Bad bad
                && bad.fault().code() == ErrorCode.HEADER_MISMATCH;
    }

    private static UpstreamRequest listing(UpstreamRequest call) {
        return new UpstreamRequest(
                "tools/list",
                Optional.empty(),
                RawJson.EMPTY_OBJECT,
                RequestMeta.NONE,
                call.principal(),
                call.headers(),
                call.deadline());
    }

    private UpstreamReply legacy(UpstreamRequest request, Exchange exchange, Dialogue dialogue)
            throws InterruptedException {
        var key = new LegacySessions.Key(request.principal(), RequestText.relayable(request, options));
        for (boolean again = false; ; again = true) {
            var opened = session(key, request, dialogue);
            if (opened.failed().isPresent()) {
                return opened.failed().get();
            }
            var session = opened.session().orElseThrow();
            var posted = legacy(request, exchange, dialogue, session);
            boolean gone = session.id().isPresent() && sessionGone(posted);
            if (gone) {
                sessions.drop(key, session);
            }
            if (!gone || again) {
                return posted instanceof Posted.Good good ? Dialogue.answered(good.answer()) : notGood(posted);
            }
        }
    }

    private Posted legacy(
            UpstreamRequest request, Exchange exchange, Dialogue dialogue, LegacySessions.LegacySession session)
            throws InterruptedException {
        var id = nextId();
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
                return post.request(message, dialogue.left(), exchange, aside(inquirer));
            } finally {
                out.set(false);
                session.out().remove(inquirer);
            }
        }
    }

    private void tell(byte[] message, Map<String, String> configured, LegacySessions.LegacySession session) {
        post.tell(HttpMessage.notice(message, configured, session.headers()), ASIDE);
    }

    /// Either a session or why there is none.
    private record Opened(Optional<LegacySessions.LegacySession> session, Optional<UpstreamReply> failed) {}

    private Opened session(LegacySessions.Key key, UpstreamRequest request, Dialogue dialogue)
            throws InterruptedException {
        var known = sessions.find(key);
        if (known.isPresent()) {
            return new Opened(known, Optional.empty());
        }
        if (!settling.tryLock(dialogue.left().toMillis(), TimeUnit.MILLISECONDS)) {
            return new Opened(Optional.empty(), Optional.of(Failures.late(false)));
        }
        try {
            var meanwhile = sessions.find(key);
            return meanwhile.isPresent() ? new Opened(meanwhile, Optional.empty()) : handshake(key, request, dialogue);
        } finally {
            settling.unlock();
        }
    }

    private Opened handshake(LegacySessions.Key key, UpstreamRequest request, Dialogue dialogue)
            throws InterruptedException {
        var id = nextId();
        var hello = HttpMessage.request(
                RequestText.initialize(id, key.capabilities(), options),
                id,
                request.headers(),
                Map.of("MCP-Protocol-Version", Revision.V2025_11_25.text()));
        var posted = post.request(hello, dialogue.left(), Exchange.SILENT, Aside.DEAF);
        if (!(posted instanceof Posted.Good good)) {
            return new Opened(Optional.empty(), Optional.of(noHandshake(posted)));
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
        sessions.keep(key, session)
                .forEach(old -> Thread.ofVirtual()
                        .start(() -> post.tell(HttpMessage.delete(request.headers(), old.headers()), ASIDE)));
        if (good.session().isPresent() && !listens(key.principal())) {
            streams.open(
                    request.headers(),
                    session,
                    aside(session, request.headers()),
                    !key.capabilities().isEmpty());
        }
        return new Opened(Optional.of(session), Optional.empty());
    }

    /// The stream of our own session is a subscription, and there is one only.
    private boolean listens(String principal) {
        var listener = subscription;
        return listener != null && listener.principal().equals(principal);
    }

    private UpstreamReply noHandshake(Posted posted) {
        var reply = notGood(posted);
        doubt(true);
        return reply instanceof UpstreamReply.Failed failed
                ? new UpstreamReply.Failed(failed.code(), failed.message(), false)
                : new UpstreamReply.Failed("upstream_garbage", "the server refuses the handshake", false);
    }

    /// What comes on a session's GET stream names no request of ours: it goes to the newest that is out. The
    /// session is one principal's, so it reaches nobody else.
    private Aside aside(LegacySessions.LegacySession session, Map<String, String> headers) {
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                var newest = Optional.ofNullable(session.out().peekLast());
                if (!ChangeNotes.told(note, changes)) {
                    newest.ifPresent(inquirer -> inquirer.dialogue().note(note));
                }
            }

            @Override
            public void asked(Envelope.Request request) {
                Optional.ofNullable(session.out().peekLast())
                        .ifPresentOrElse(
                                inquirer -> inquirer.asked(request),
                                () -> tell(Dialogue.nobody(request), headers, session));
            }
        };
    }

    /// The protocol says 404; some servers in the field say 400 and name the session.
    static boolean sessionGone(Posted posted) {
        return switch (posted) {
            case Posted.Status(int status) -> status == 404;
            case Posted.Bad(int status, Envelope.Fault fault) ->
                status == 404
                        || (status == 400
                                && fault.message()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .contains("session"));
            case Posted.Good _, Posted.Flowing _, Posted.Broken _ -> false;
        };
    }

    private UpstreamReply notGood(Posted posted) {
        return switch (posted) {
            case Posted.Good good -> Dialogue.answered(good.answer());
            case Posted.Flowing flowing -> Dialogue.streaming(flowing);
            case Posted.Bad bad -> {
                doubt(bad.status() == 400 && !EraSigns.modern(bad.fault()));
                yield Dialogue.answered(bad.fault());
            }
            case Posted.Broken broken -> broken.failed();
            case Posted.Status(int status) -> {
                doubt(status == 400 || status == 404);
                yield Failures.status(status);
            }
        };
    }

    /// A server that refuses what it took before may have come to speak another era: it is asked again.
    private void doubt(boolean odd) {
        if (odd && options.era() == Era.AUTO) {
            era = Era.AUTO;
        }
    }

    private RawJson nextId() {
        return RawJson.of(JsonNumber.of(ids.incrementAndGet()));
    }

    /// A modern server asks within its results, never beside them.
    private Aside aside(Dialogue dialogue) {
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                if (!ChangeNotes.told(note, changes)) {
                    dialogue.note(note);
                }
            }

            @Override
            public void asked(Envelope.Request request) {}
        };
    }

    private Aside aside(Inquirer inquirer) {
        var notes = aside(inquirer.dialogue());
        return new Aside() {
            @Override
            public void note(Envelope.Notification note) {
                notes.note(note);
            }

            @Override
            public void asked(Envelope.Request request) {
                inquirer.asked(request);
            }
        };
    }

    /// What the subscriptions need of this client, as our own principal.
    private final class SubscriptionWire implements HttpSubscriptions.Wire {
        private final OwnRequests requests;

        SubscriptionWire(OwnRequests requests) {
            this.requests = requests;
        }

        private UpstreamRequest own(String method, String params) {
            return own(method, Optional.empty(), RawJson.of(params.getBytes(StandardCharsets.UTF_8)));
        }

        private UpstreamRequest own(String method, Optional<String> target, RawJson params) {
            return requests.make(method, target, params, HttpSubscriptions.DEADLINE);
        }

        private LegacySessions.Key key(UpstreamRequest request) {
            return new LegacySessions.Key(request.principal(), RequestText.relayable(options));
        }

        @Override
        public Optional<String> settle() throws InterruptedException {
            var request = own("server/discover", "{}");
            return settleEra(request, new Dialogue(request, Exchange.SILENT, options))
                    .map(HttpMcpClient::said);
        }

        @Override
        public boolean modern() {
            return era == Era.MODERN;
        }

        @Override
        public HttpSubscriptions.Asked discover() throws InterruptedException {
            var request = own("server/discover", "{}");
            var posted = HttpMcpClient.this
                    .modern(request, Exchange.SILENT, new Dialogue(request, Exchange.SILENT, options), Map.of())
                    .whole();
            if (posted instanceof Posted.Good good) {
                return new HttpSubscriptions.Asked.Offered(Offer.of(good.answer()));
            }
            notGood(posted);
            // A server that may have come to speak another era is asked again soon.
            return new HttpSubscriptions.Asked.Not(
                    SubscriptionStream.why(posted), era != Era.AUTO && SubscriptionStream.forGood(posted));
        }

        @Override
        public HttpMessage listen(RawJson wish) {
            var request = own("subscriptions/listen", Optional.empty(), wish);
            var id = nextId();
            return HttpMessage.request(
                    RequestText.modern(request, id, options, Map.of()),
                    id,
                    request.headers(),
                    RequestText.modernHeaders(request.method(), Optional.empty()));
        }

        @Override
        public HttpSubscriptions.Legacy session() throws InterruptedException {
            var request = own("initialize", "{}");
            var opened =
                    HttpMcpClient.this.session(key(request), request, new Dialogue(request, Exchange.SILENT, options));
            return opened.session()
                    .<HttpSubscriptions.Legacy>map(HttpSubscriptions.Legacy.Ready::new)
                    .orElseGet(() -> new HttpSubscriptions.Legacy.Not(
                            opened.failed().map(HttpMcpClient::said).orElse("it makes no handshake")));
        }

        @Override
        public Posted.Whole legacy(LegacySessions.LegacySession session, String method, String uri)
                throws InterruptedException {
            var request = own(method, Optional.of(uri), RawJson.of(JsonObject.of("uri", uri)));
            return HttpMcpClient.this
                    .legacy(request, Exchange.SILENT, new Dialogue(request, Exchange.SILENT, options), session)
                    .whole();
        }

        @Override
        public boolean current(LegacySessions.LegacySession session) {
            return sessions.find(key(own("ping", "{}"))).filter(session::equals).isPresent();
        }

        @Override
        public void drop(LegacySessions.LegacySession session) {
            sessions.drop(key(own("ping", "{}")), session);
        }

        @Override
        public SubscriptionStream stream(LegacySessions.LegacySession session, Runnable ended) {
            var request = own("subscriptions/listen", "{}");
            var message = HttpMessage.get(request.headers(), session.headers());
            return SubscriptionStream.legacy(post, message, aside(session, request.headers()), ended);
        }
    }

    private static String said(UpstreamReply reply) {
        return reply instanceof UpstreamReply.Failed failed ? failed.message() : "it answers with an error";
    }
}
