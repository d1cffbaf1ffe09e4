package mistmcp.mcp.client;

import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Exchange;

/// The requests that subscriptions at a server over its pipe take, sent as our own principal. Safe for several
/// threads.
final class StdioRequests {
    private final OwnRequests requests;
    private final ClientOptions options;
    private final StdioServer server;

    StdioRequests(OwnRequests requests, ClientOptions options, StdioServer server) {
        this.requests = requests;
        this.options = options;
        this.server = server;
    }

    /// A child that has made its handshake; none when there is none now.
    Optional<Child> ready() throws InterruptedException {
        var request = own("server/discover", Optional.empty(), RawJson.EMPTY_OBJECT);
        try {
            return Optional.of(server.ready(new Dialogue(request, Exchange.SILENT, options)));
        } catch (Unusable unusable) {
            return Optional.empty();
        }
    }

    /// Whether it speaks the modern era.
    boolean modern() {
        return server.era() == Era.MODERN;
    }

    /// What it offers to tell of; nothing when it does not say.
    Optional<Offer> offer(Child running) throws InterruptedException {
        if (server.offer().isEmpty() && modern()) {
            var id = running.nextId();
            var request = own("server/discover", Optional.empty(), RawJson.EMPTY_OBJECT);
            answer(running, id, RequestText.modern(request, id, options, Map.of()), request)
                    .filter(Envelope.Success.class::isInstance)
                    .ifPresent(good -> server.offers(Offer.of((Envelope.Success) good)));
        }
        return server.offer();
    }

    /// Sends a request about a resource and waits for its answer; none when none came.
    Optional<Envelope> ask(Child running, String method, String uri) throws InterruptedException {
        var id = running.nextId();
        var request = own(method, Optional.of(uri), RawJson.of(JsonObject.of("uri", uri)));
        return answer(running, id, RequestText.legacy(request, id), request);
    }

    /// The listen request of a modern server.
    byte[] listen(RawJson id, RawJson wish) {
        return RequestText.modern(own("subscriptions/listen", Optional.empty(), wish), id, options, Map.of());
    }

    private UpstreamRequest own(String method, Optional<String> target, RawJson params) {
        return requests.make(method, target, params, StdioSubscriptions.DEADLINE);
    }

    private Optional<Envelope> answer(Child running, RawJson id, byte[] message, UpstreamRequest request)
            throws InterruptedException {
        try {
            return Optional.of(StdioServer.exchanged(
                    running, id, message, request, new Dialogue(request, Exchange.SILENT, options), Exchange.SILENT));
        } catch (Unusable unusable) {
            return Optional.empty();
        }
    }
}
