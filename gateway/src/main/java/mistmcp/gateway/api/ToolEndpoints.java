package mistmcp.gateway.api;

import java.util.List;
import java.util.function.Function;
import mistmcp.gateway.call.Listings;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.pin.Held;
import mistmcp.gateway.policy.Denial;
import mistmcp.http.HttpRequest;
import mistmcp.http.Route;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// `GET /tools`: every tool, and what stands between it and this caller.
public final class ToolEndpoints {
    private final Listings listings;
    private final Function<HttpRequest, Principal> caller;

    /// Endpoints over lists.
    public ToolEndpoints(Listings listings, Function<HttpRequest, Principal> caller) {
        this.listings = listings;
        this.caller = caller;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(new Route("GET", "/tools", (request, response) -> {
            var principal = caller.apply(request);
            response.header("Cache-Control", "no-store")
                    .json(
                            200,
                            JsonObject.of(
                                    "tools",
                                    JsonArray.ofAll(listings.tools(principal).stream()
                                            .map(this::view)
                                            .toList())));
        }));
    }

    private JsonObject view(ToolView tool) {
        var definition = tool.definition().definition();
        return JsonObject.of("name", tool.name(), "upstream", tool.upstream())
                .withPresent("title", definition.string("title"))
                .with("description", tool.definition().description())
                .with("write", tool.write())
                .with("allowed", tool.denial().isEmpty())
                .with("rule", tool.rule())
                .withPresent("denial", tool.denial().map(Denial::toJson))
                .withPresent("held", listings.held(tool).map(Held::brief))
                .with("inputSchema", tool.definition().inputSchema());
    }
}
