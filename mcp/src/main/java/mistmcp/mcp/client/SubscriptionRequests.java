package mistmcp.mcp.client;

import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;

/// The requests that subscriptions at a server over HTTP take, sent as our own principal. Safe for several
/// threads.
final class SubscriptionRequests {
    private final OwnRequests requests;
    private final ClientOptions options;
    private final HttpPost post;
    private final HttpEra era;
    private final ModernHttp modern;
    private final LegacyHttp legacy;

    SubscriptionRequests(
            OwnRequests requests,
            ClientOptions options,
            HttpPost post,
            HttpEra era,
            ModernHttp modern,
            LegacyHttp legacy) {
        this.requests = requests;
        this.options = options;
        this.post = post;
        this.era = era;
        this.modern = modern;
        this.legacy = legacy;
    }

    /// An offer, or why there is none.
    sealed interface Asked {
        record Offered(Offer offer) implements Asked {}

        record Not(String why, boolean forGood) implements Asked {}
    }

    /// Who we are.
    String principal() {
        return own("ping").principal();
    }

    /// Finds out the era; why not, when it cannot.
    Optional<String> settle() throws InterruptedException {
        var request = own("server/discover");
        return era.settle(request, dialogue(request)).map(UpstreamReply.Failed::message);
    }

    /// Whether the server speaks the modern era.
    boolean modern() {
        return era.now() == Era.MODERN;
    }

    /// The offer of a modern server, or why there is none.
    Asked discover() throws InterruptedException {
        var posted = modern.once(own("server/discover"));
        if (posted instanceof Posted.Good good) {
            return new Asked.Offered(Offer.of(good.answer()));
        }
        era.reply(posted);
        // A server that may have come to speak another era is asked again soon.
        return new Asked.Not(
                SubscriptionStream.why(posted), era.now() != Era.AUTO && SubscriptionStream.forGood(posted));
    }

    /// Listens at a modern server.
    SubscriptionStream listen(RawJson wish, ServerChanges changes, Runnable ended) {
        var request = own("subscriptions/listen", Optional.empty(), wish);
        return SubscriptionStream.modern(post, modern.message(request), changes, ended);
    }

    /// Our own session with a legacy server, made when there is none, or why there is none.
    LegacyHttp.Opened session() throws InterruptedException {
        var request = own("initialize");
        return legacy.session(key(request), request, dialogue(request));
    }

    /// Listens on the GET stream of that session.
    SubscriptionStream listen(LegacySessions.LegacySession session, Runnable ended) {
        var headers = own("subscriptions/listen").headers();
        return SubscriptionStream.legacy(
                post, HttpMessage.get(headers, session.headers()), legacy.aside(session, headers), ended);
    }

    /// Asks for something about a resource in that session.
    Posted.Whole ask(LegacySessions.LegacySession session, String method, String uri) throws InterruptedException {
        return legacy.once(session, own(method, Optional.of(uri), RawJson.of(JsonObject.of("uri", uri))));
    }

    /// Whether that session is still the one in use.
    boolean current(LegacySessions.LegacySession session) {
        return legacy.current(key(own("ping")), session);
    }

    /// Gives up that session, when what came of a request says that the server knows it no longer.
    ///
    /// @return whether it was given up
    boolean droppedAfter(Posted posted, LegacySessions.LegacySession session) {
        boolean gone = session.id().isPresent() && LegacyHttp.sessionGone(posted);
        if (gone) {
            legacy.drop(key(own("ping")), session);
        }
        return gone;
    }

    private UpstreamRequest own(String method) {
        return own(method, Optional.empty(), RawJson.EMPTY_OBJECT);
    }

    private UpstreamRequest own(String method, Optional<String> target, RawJson params) {
        return requests.make(method, target, params, HttpSubscriptions.DEADLINE);
    }

    private LegacySessions.Key key(UpstreamRequest request) {
        return new LegacySessions.Key(request.principal(), RequestText.relayable(options));
    }

    private Dialogue dialogue(UpstreamRequest request) {
        return new Dialogue(request, Exchange.SILENT, options);
    }
}
