package mistmcp.mcp.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;

/// The subscriptions at a server over Streamable HTTP, in the era that it speaks: a `subscriptions/listen` in
/// the modern one; in the legacy one the GET stream of our own session, with `resources/subscribe` beside.
/// Safe for several threads.
final class HttpSubscriptions implements Listening.Line {
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final SubscriptionRequests own;
    private final ServerChanges changes;
    private volatile boolean noUpdates;

    HttpSubscriptions(SubscriptionRequests own, ServerChanges changes) {
        this.own = own;
        this.changes = changes;
    }

    /// Whether the server is known to tell no changes of resources.
    boolean noUpdates() {
        return noUpdates;
    }

    @Override
    public Listening.Opened open(Set<String> uris, Runnable woken) throws InterruptedException {
        var unsettled = own.settle();
        if (unsettled.isPresent()) {
            return new Listening.Opened.Failed(unsettled.get());
        }
        return own.modern() ? modern(uris, woken) : legacy(uris, woken);
    }

    private Listening.Opened modern(Set<String> uris, Runnable woken) throws InterruptedException {
        return switch (own.discover()) {
            case SubscriptionRequests.Asked.Not(var why, var forGood) ->
                forGood ? new Listening.Opened.Refused(why) : new Listening.Opened.Failed(why);
            case SubscriptionRequests.Asked.Offered(var offer) -> {
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
            var next = own.listen(offer.wish(uris), changes, woken);
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
        return switch (own.session()) {
            case LegacyHttp.Opened.Not(var why) -> new Listening.Opened.Failed(why.message());
            case LegacyHttp.Opened.Ready(var session) -> {
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
        var stream = own.listen(session, woken);
        if (stream.begin() instanceof SubscriptionStream.Begin.Not(var why)) {
            stream.close();
            return own.droppedAfter(why, session) ? new Listening.Opened.Failed("its session has ended") : refused(why);
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
            return stream.open() && own.current(session);
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
                    if (!sent(own.ask(session, "resources/unsubscribe", uri), () -> {})) {
                        return false;
                    }
                }
            }
            for (var uri : uris) {
                if (asked.add(uri) && !sent(own.ask(session, "resources/subscribe", uri), () -> heard.add(uri))) {
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
                case Posted.Bad bad when !LegacyHttp.sessionGone(bad) -> true;
                case Posted.Bad _, Posted.Status _, Posted.Broken _ -> {
                    own.droppedAfter(posted, session);
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
