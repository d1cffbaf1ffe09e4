package mistmcp.mcp.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;

/// The subscriptions at a server over its pipe: a `subscriptions/listen` in the modern era,
/// `resources/subscribe` in the legacy one. What the server tells comes to the client whatever subscription
/// it is for. Safe for several threads.
final class StdioSubscriptions implements Listening.Line {
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final StdioRequests own;

    StdioSubscriptions(StdioRequests own) {
        this.own = own;
    }

    @Override
    public Listening.Opened open(Set<String> uris, Runnable woken) throws InterruptedException {
        var child = own.ready();
        if (child.isEmpty()) {
            return new Listening.Opened.Failed("its process does not run");
        }
        var offer = own.offer(child.get());
        if (offer.isEmpty()) {
            return new Listening.Opened.Failed("it does not say what it offers");
        }
        if (offer.get().nothing()) {
            return new Listening.Opened.Refused("it offers to tell of no changes");
        }
        var subscription = own.modern()
                ? new ModernSubscription(child.get(), offer.get(), woken)
                : new LegacySubscription(child.get(), offer.get(), woken);
        if (subscription.want(uris)) {
            return new Listening.Opened.Open(subscription);
        }
        subscription.close();
        return new Listening.Opened.Failed("it does not agree to tell");
    }

    /// Waits on a line of a child until nothing can come on it any more.
    private static final class Watch implements AutoCloseable {
        private final Child.Line line;
        private volatile boolean open = true;

        Watch(Child.Line line, Runnable woken) {
            this.line = line;
            Thread.ofVirtual().name("mcp-subscription").start(() -> {
                try {
                    while (open && !over(line.next(Duration.ofHours(1)))) {
                        // Only the end counts.
                    }
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                } finally {
                    open = false;
                    woken.run();
                }
            });
        }

        private static boolean over(Child.Event event) {
            return switch (event) {
                case Child.Event.Message(var message) ->
                    !(message instanceof Envelope.Notification note)
                            || note.method().equals("notifications/cancelled");
                case Child.Event.Dropped _, Child.Event.Ended _ -> true;
                case Child.Event.Late _ -> false;
            };
        }

        @Override
        public void close() {
            open = false;
            line.drop();
            line.close();
        }
    }

    private final class ModernSubscription implements Listening.Subscription {
        private final Child child;
        private final Offer offer;
        private final Runnable woken;
        private Optional<Standing> standing = Optional.empty();
        private volatile Set<String> heard = Set.of();

        ModernSubscription(Child child, Offer offer, Runnable woken) {
            this.child = child;
            this.offer = offer;
            this.woken = woken;
        }

        /// A listen request that the server has acknowledged.
        private record Standing(RawJson id, Watch watch) {}

        @Override
        public boolean open() {
            return child.alive() && standing.filter(now -> now.watch().open).isPresent();
        }

        @Override
        public Set<String> heard() {
            return heard;
        }

        /// A request cannot be changed: for other resources there is another one, and the one before ends
        /// when the server has agreed to it.
        @Override
        public boolean want(Set<String> uris) throws InterruptedException {
            if (standing.isPresent() && !offer.resources()) {
                return true;
            }
            var id = child.nextId();
            var line = child.openAside(id);
            var honoured =
                    child.tell(own.listen(id, offer.wish(uris))) ? acknowledged(line) : Optional.<JsonObject>empty();
            if (honoured.isEmpty()) {
                line.close();
                child.tell(RequestText.cancelled(id));
                return false;
            }
            var before = standing;
            standing = Optional.of(new Standing(id, new Watch(line, woken)));
            heard = SubscriptionStream.resources(honoured.get());
            before.ifPresent(this::end);
            return true;
        }

        private static Optional<JsonObject> acknowledged(Child.Line line) throws InterruptedException {
            return switch (line.next(DEADLINE)) {
                case Child.Event.Message(Envelope.Notification note) ->
                    Optional.of(note.params().object("notifications").orElse(JsonObject.EMPTY));
                case Child.Event.Message _, Child.Event.Dropped _, Child.Event.Ended _, Child.Event.Late _ ->
                    Optional.empty();
            };
        }

        private void end(Standing over) {
            over.watch().close();
            child.tell(RequestText.cancelled(over.id()));
        }

        @Override
        public void close() {
            standing.ifPresent(this::end);
        }
    }

    private final class LegacySubscription implements Listening.Subscription {
        private final Child child;
        private final Offer offer;
        private final Watch watch;
        private final Set<String> asked = new HashSet<>();
        private final Set<String> heard = new HashSet<>();

        LegacySubscription(Child child, Offer offer, Runnable woken) {
            this.child = child;
            this.offer = offer;
            // Nothing is sent on this line: it ends when the child does.
            this.watch = new Watch(child.openAside(child.nextId()), woken);
        }

        @Override
        public boolean open() {
            return watch.open && child.alive();
        }

        @Override
        public Set<String> heard() {
            return Set.copyOf(heard);
        }

        @Override
        public boolean want(Set<String> uris) throws InterruptedException {
            if (!offer.resources()) {
                return true;
            }
            for (var uri : Set.copyOf(asked)) {
                if (!uris.contains(uri)) {
                    asked.remove(uri);
                    heard.remove(uri);
                    if (own.ask(child, "resources/unsubscribe", uri).isEmpty()) {
                        return false;
                    }
                }
            }
            for (var uri : uris) {
                if (asked.add(uri)) {
                    var answer = own.ask(child, "resources/subscribe", uri);
                    if (answer.isEmpty()) {
                        return false;
                    }
                    if (answer.get() instanceof Envelope.Success) {
                        heard.add(uri);
                    }
                }
            }
            return true;
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
