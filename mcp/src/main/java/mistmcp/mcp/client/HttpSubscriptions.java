package mistmcp.mcp.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// The subscriptions at a server over Streamable HTTP, in the era that it speaks: a `subscriptions/listen` in
/// the modern one; in the legacy one the GET stream of our own session, with `resources/subscribe` beside.
/// Safe for several threads.
final class HttpSubscriptions implements Listening.Line {
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Wire wire;
    private final HttpPost post;
    private final ServerChanges changes;
    private volatile boolean noUpdates;

    HttpSubscriptions(Wire wire, HttpPost post, ServerChanges changes) {
        this.wire = wire;
        this.post = post;
        this.changes = changes;
    }

    /// What the client does for its subscriptions.
    interface Wire {
        /// Finds out the era; why not, when it cannot.
        Optional<String> settle() throws InterruptedException;

        /// Whether the server speaks the modern era.
        boolean modern();

        /// The offer of a modern server, or why there is none.
        Asked discover() throws InterruptedException;

        /// The listen request of a modern server.
        HttpMessage listen(RawJson wish);

        /// Our own session with a legacy server, made when there is none, or why there is none.
        Legacy session() throws InterruptedException;

        /// Sends a request of ours in that session.
        Posted.Whole legacy(LegacySessions.LegacySession session, String method, String uri)
                throws InterruptedException;

        /// Whether that session is still the one in use.
        boolean current(LegacySessions.LegacySession session);

        /// Gives up that session.
        void drop(LegacySessions.LegacySession session);

        /// The GET stream of that session, and what becomes of what comes on it.
        SubscriptionStream stream(LegacySessions.LegacySession session, Runnable ended);
    }

    /// An offer, or why there is none.
    sealed interface Asked {
        record Offered(Offer offer) implements Asked {}

        record Not(String why, boolean forGood) implements Asked {}
    }

    /// A session, or why there is none.
    sealed interface Legacy {
        record Ready(LegacySessions.LegacySession session) implements Legacy {}

        record Not(String why) implements Legacy {}
    }

    /// Whether the server is known to tell no changes of resources.
    boolean noUpdates() {
        return noUpdates;
    }

    @Override
    public Listening.Opened open(Set<String> uris, Runnable woken) throws InterruptedException {
        var unsettled = wire.settle();
        if (unsettled.isPresent()) {
            return new Listening.Opened.Failed(unsettled.get());
        }
        return wire.modern() ? modern(uris, woken) : legacy(uris, woken);
    }

    private Listening.Opened modern(Set<String> uris, Runnable woken) throws InterruptedException {
        return switch (wire.discover()) {
            case Asked.Not(var why, var forGood) ->
                forGood ? new Listening.Opened.Refused(why) : new Listening.Opened.Failed(why);
            case Asked.Offered(var offer) -> {
                noUpdates = !offer.resources();
                if (offer.nothing()) {
                    yield new Listening.Opened.Refused("it offers to tell of no changes");
                }
                var subscription = new ModernSubscription(offer, woken);
                var refused = subscription.begin(uris);
                yield refused.isEmpty() ? new Listening.Opened.Open(subscription) : refused(refused.get());
            }
        };
    }

    private Listening.Opened refused(Posted.Whole posted) {
        if (!SubscriptionStream.forGood(posted)) {
            return new Listening.Opened.Failed(SubscriptionStream.why(posted));
        }
        noUpdates = true;
        return new Listening.Opened.Refused(SubscriptionStream.why(posted));
    }

    /// A request cannot be changed: for other resources there is another one, and the one before ends when
    /// the server has agreed to it.
    private final class ModernSubscription implements Listening.Subscription {
        private final Offer offer;
        private final Runnable woken;
        private Optional<SubscriptionStream> stream = Optional.empty();
        private volatile Set<String> heard = Set.of();

        ModernSubscription(Offer offer, Runnable woken) {
            this.offer = offer;
            this.woken = woken;
        }

        /// Why it cannot, when it cannot.
        Optional<Posted.Whole> begin(Set<String> uris) throws InterruptedException {
            var next = SubscriptionStream.modern(post, wire.listen(offer.wish(uris)), changes, woken);
            return switch (next.begin()) {
                case SubscriptionStream.Begin.Not(var why) -> {
                    next.close();
                    yield Optional.of(why);
                }
                case SubscriptionStream.Begin.Told(JsonObject honoured) -> {
                    var before = stream;
                    stream = Optional.of(next);
                    heard = SubscriptionStream.resources(honoured);
                    before.ifPresent(SubscriptionStream::close);
                    yield Optional.empty();
                }
            };
        }

        @Override
        public boolean open() {
            return stream.filter(SubscriptionStream::open).isPresent();
        }

        @Override
        public Set<String> heard() {
            return heard;
        }

        @Override
        public boolean want(Set<String> uris) throws InterruptedException {
            return !offer.resources() || begin(uris).isEmpty();
        }

        @Override
        public void close() {
            stream.ifPresent(SubscriptionStream::close);
        }
    }

    private Listening.Opened legacy(Set<String> uris, Runnable woken) throws InterruptedException {
        return switch (wire.session()) {
            case Legacy.Not(var why) -> new Listening.Opened.Failed(why);
            case Legacy.Ready(var session) -> {
                noUpdates = !session.offer().resources();
                if (session.offer().nothing()) {
                    yield new Listening.Opened.Refused("it offers to tell of no changes");
                }
                yield legacy(session, uris, woken);
            }
        };
    }

    private Listening.Opened legacy(LegacySessions.LegacySession session, Set<String> uris, Runnable woken)
            throws InterruptedException {
        var stream = wire.stream(session, woken);
        if (stream.begin() instanceof SubscriptionStream.Begin.Not(var why)) {
            stream.close();
            if (session.id().isPresent() && HttpMcpClient.sessionGone(why)) {
                wire.drop(session);
                return new Listening.Opened.Failed("its session has ended");
            }
            return refused(why);
        }
        var subscription = new LegacySubscription(session, stream);
        if (!subscription.want(uris)) {
            subscription.close();
            return new Listening.Opened.Failed("it cannot be told what to tell");
        }
        return new Listening.Opened.Open(subscription);
    }

    private final class LegacySubscription implements Listening.Subscription {
        private final LegacySessions.LegacySession session;
        private final SubscriptionStream stream;
        private final Set<String> asked = new HashSet<>();
        private final Set<String> heard = new HashSet<>();

        LegacySubscription(LegacySessions.LegacySession session, SubscriptionStream stream) {
            this.session = session;
            this.stream = stream;
        }

        @Override
        public boolean open() {
            return stream.open() && wire.current(session);
        }

        @Override
        public Set<String> heard() {
            return Set.copyOf(heard);
        }

        @Override
        public boolean want(Set<String> uris) throws InterruptedException {
            if (!session.offer().resources()) {
                return true;
            }
            for (var uri : Set.copyOf(asked)) {
                if (!uris.contains(uri)) {
                    asked.remove(uri);
                    heard.remove(uri);
                    if (!sent(wire.legacy(session, "resources/unsubscribe", uri), () -> {})) {
                        return false;
                    }
                }
            }
            for (var uri : uris) {
                if (asked.add(uri) && !sent(wire.legacy(session, "resources/subscribe", uri), () -> heard.add(uri))) {
                    return false;
                }
            }
            return true;
        }

        /// A refusal is an answer; anything else means that the server is not there.
        private boolean sent(Posted.Whole posted, Runnable agreed) {
            return switch (posted) {
                case Posted.Good _ -> {
                    agreed.run();
                    yield true;
                }
                case Posted.Bad bad when !HttpMcpClient.sessionGone(bad) -> true;
                case Posted.Bad _, Posted.Status _, Posted.Broken _ -> {
                    if (session.id().isPresent() && HttpMcpClient.sessionGone(posted)) {
                        wire.drop(session);
                    }
                    yield false;
                }
            };
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
