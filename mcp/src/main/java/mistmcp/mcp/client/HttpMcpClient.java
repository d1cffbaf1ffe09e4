package mistmcp.mcp.client;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import mistmcp.http.HttpClient;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.Authorization;
import org.jspecify.annotations.Nullable;

/// Calls an MCP server over Streamable HTTP, in the era that it speaks. Blocking, made for virtual threads;
/// safe for several of them.
public final class HttpMcpClient implements McpClient {
    private final ClientOptions options;
    private final HttpPost post;
    private final HttpEra era;
    private final ModernHttp modern;
    private final LegacyHttp legacy;
    private volatile ServerChanges changes = ServerChanges.UNHEARD;
    private volatile @Nullable Subscription subscription;

    /// What listens.
    private record Subscription(Listening listening, HttpSubscriptions subscriptions) {}

    /// A client of the server at this address. The HTTP client stays the caller's to close.
    public HttpMcpClient(HttpClient http, URI uri, ClientOptions options) {
        this(http, uri, options, Authorization.NONE);
    }

    /// The same, at a server that wants an authorization.
    public HttpMcpClient(HttpClient http, URI uri, ClientOptions options, Authorization authorization) {
        this.options = options;
        this.post = new HttpPost(http, uri, options, authorization);
        this.era = new HttpEra(post, options);
        var asides = new Asides(() -> changes);
        this.modern = new ModernHttp(post, era, options, asides);
        this.legacy = new LegacyHttp(post, era, options, asides);
    }

    /// The era that is spoken now; `AUTO` when it is not known yet.
    public Era era() {
        return era.now();
    }

    @Override
    public void listen(OwnRequests requests, ServerChanges told) {
        changes = told;
        var own = new SubscriptionRequests(requests, options, post, era, modern, legacy);
        legacy.listensAs(own.principal());
        var subscriptions = new HttpSubscriptions(own, told);
        var listening = new Listening(subscriptions, told);
        subscription = new Subscription(listening, subscriptions);
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
        var failed = era.settle(request, dialogue);
        if (failed.isPresent()) {
            return failed.get();
        }
        return era.now() == Era.LEGACY
                ? legacy.send(request, exchange, dialogue)
                : modern.send(request, exchange, dialogue);
    }

    @Override
    public void close() {
        var listener = subscription;
        if (listener != null) {
            listener.listening().close();
        }
        legacy.close();
    }
}
