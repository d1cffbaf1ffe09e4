package mistmcp.mcp.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;

/// Offers changes of everything; who is refused what, and which mark a caller's tools have, is for a test to
/// say.
public final class Offering implements McpService<String> {
    private final Toolbox<String> box;
    private final Map<String, String> marks = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final List<String> held = new CopyOnWriteArrayList<>();

    /// Offers tools besides an echo.
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public Offering(Tool<String>... tools) {
        this.box = Endpoint.box(tools);
    }

    /// An offer that tells a caller of its tools only when this is another text.
    public void mark(String who, String mark) {
        marks.put(who, mark);
    }

    /// Lets nobody subscribe to a resource.
    public void refuse(String uri) {
        refused.add(uri);
    }

    /// The resources that are subscribed to now, once for each subscription.
    public List<String> held() {
        return List.copyOf(held);
    }

    @Override
    public JsonObject serverInfo() {
        return box.serverInfo();
    }

    @Override
    public String instructions(String who) {
        return "";
    }

    @Override
    public JsonObject capabilities(String who) {
        return JsonObject.of(
                "tools", JsonObject.of("listChanged", true),
                "resources", JsonObject.of("listChanged", true, "subscribe", true));
    }

    @Override
    public Optional<String> listMark(String who, String kind) {
        return Optional.ofNullable(marks.get(who));
    }

    @Override
    public Map<String, Subscribed> subscribe(String who, McpRequest request, Set<String> uris) {
        var all = new HashMap<String, Subscribed>();
        for (var uri : uris) {
            if (refused.contains(uri)) {
                all.put(uri, new Subscribed.Refused(McpReply.Failure.unknown("resource")));
            } else {
                held.add(uri);
                all.put(uri, new Subscribed.Honoured(() -> held.remove(uri)));
            }
        }
        return all;
    }

    /// What `bob` says, `ann` does not hear.
    @Override
    public boolean hears(String who, String uri, String source) {
        return source.isEmpty() || source.startsWith(who);
    }

    @Override
    public McpReply handle(String who, McpRequest request, Exchange exchange) throws InterruptedException {
        return box.handle(who, request, exchange);
    }
}
