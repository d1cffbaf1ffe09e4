package mistmcp.mcp.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;
import org.jspecify.annotations.Nullable;

/// Calls an MCP server that runs as a child process of ours and speaks over its standard input and output.
/// The child is started when it is first needed, and again after it has ended. Safe for several threads.
public final class StdioMcpClient implements McpClient {
    private static final int MAX_ROUNDS = 16;

    private final ClientOptions options;
    private final StdioServer server;
    private volatile ServerChanges changes = ServerChanges.UNHEARD;
    private volatile @Nullable Listening listening;

    /// A client of the server that this command starts, in an environment of exactly these variables.
    public StdioMcpClient(List<String> command, Map<String, String> environment, ClientOptions options) {
        this.options = options;
        this.server = new StdioServer(command, environment, options, () -> changes);
    }

    /// The era that is spoken now; `AUTO` when it is not known yet.
    public Era era() {
        return server.era();
    }

    @Override
    public void listen(OwnRequests requests, ServerChanges told) {
        changes = told;
        var listener = new Listening(new StdioSubscriptions(new StdioRequests(requests, options, server)), told);
        listening = listener;
        listener.start();
    }

    @Override
    public void want(Set<String> uris) {
        var listener = listening;
        if (listener != null) {
            listener.want(uris);
        }
    }

    @Override
    public Set<String> refused(Set<String> uris, Duration patience) throws InterruptedException {
        var listener = listening;
        return listener == null ? uris : listener.refused(uris, patience);
    }

    @Override
    public boolean tellsNoUpdates() {
        return listening == null
                || server.offer().filter(known -> !known.resources()).isPresent();
    }

    @Override
    public UpstreamReply send(UpstreamRequest request, Exchange exchange) throws InterruptedException {
        if (exchange.cancelled()) {
            return Failures.cancelled(false);
        }
        var dialogue = new Dialogue(request, exchange, options);
        try {
            var ready = server.ready(dialogue);
            return server.era() == Era.LEGACY
                    ? legacy(ready, request, dialogue, exchange)
                    : modern(ready, request, dialogue, exchange);
        } catch (Unusable unusable) {
            return unusable.failed();
        }
    }

    /// Ends the child: closes its input, waits, asks it to end, waits, ends it.
    @Override
    public void close() {
        server.retire();
        var listener = listening;
        if (listener != null) {
            listener.close();
        }
        server.close();
    }

    private UpstreamReply modern(Child ready, UpstreamRequest request, Dialogue dialogue, Exchange exchange)
            throws InterruptedException, Unusable {
        Map<String, RawJson> more = Map.of();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var id = ready.nextId();
            var answer = StdioServer.exchanged(
                    ready, id, RequestText.modern(request, id, options, more), request, dialogue, exchange);
            switch (answer) {
                case Envelope.Success good -> {
                    switch (dialogue.step(good)) {
                        case Dialogue.Step.End end -> {
                            return end.reply();
                        }
                        case Dialogue.Step.Again again -> more = again.members();
                    }
                }
                case Envelope.Fault bad -> {
                    return Dialogue.answered(bad);
                }
                default -> throw new IllegalStateException("only answers end a request");
            }
        }
        return Failures.garbage("the server asks for input again and again");
    }

    private UpstreamReply legacy(Child ready, UpstreamRequest request, Dialogue dialogue, Exchange exchange)
            throws InterruptedException, Unusable {
        var id = ready.nextId();
        var answer = StdioServer.exchanged(ready, id, RequestText.legacy(request, id), request, dialogue, exchange);
        return switch (answer) {
            case Envelope.Success good -> Dialogue.answered(good);
            case Envelope.Fault bad -> Dialogue.answered(bad);
            default -> throw new IllegalStateException("only answers end a request");
        };
    }
}
