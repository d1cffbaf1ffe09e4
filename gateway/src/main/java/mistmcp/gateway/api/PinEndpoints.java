package mistmcp.gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.pin.Held;
import mistmcp.gateway.pin.ToolPins;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// The tools that are held back, and their acceptance: by the operator of this machine, or by a person in a
/// browser who holds the grant `pin`. A bearer token accepts nothing, as an agent can hold one.
public final class PinEndpoints {
    private final ToolPins pins;
    private final OperatorAccess operator;
    private final Function<HttpRequest, Principal> human;
    private final Predicate<Principal> granted;
    private final Runnable changed;

    /// Endpoints over pins.
    ///
    /// @param human   who acts, by browser session only
    /// @param granted who holds the grant `pin`
    /// @param changed told when a tool has come back
    public PinEndpoints(
            ToolPins pins,
            OperatorAccess operator,
            Function<HttpRequest, Principal> human,
            Predicate<Principal> granted,
            Runnable changed) {
        this.pins = pins;
        this.operator = operator;
        this.human = human;
        this.granted = granted;
        this.changed = changed;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/operator/pins", this::held),
                new Route("POST", "/operator/pins", this::byOperator),
                new Route("POST", "/tools/pin", this::byGrant));
    }

    private void held(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        response.json(
                200,
                JsonObject.of(
                        "held",
                        JsonArray.ofAll(pins.held().stream().map(Held::toJson).toList())));
    }

    private void byOperator(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        pin(request, response, Optional.empty());
    }

    private void byGrant(HttpRequest request, HttpResponse response) throws IOException {
        var principal = human.apply(request);
        if (!granted.test(principal)) {
            throw new HttpProblem(403, "grant_required", "this needs the grant `pin` of the policy");
        }
        pin(request, response, Optional.of(principal));
    }

    private void pin(HttpRequest request, HttpResponse response, Optional<Principal> by) throws IOException {
        JsonObject body;
        try {
            body = Json.parseObject(request.body(), JsonLimits.REQUEST);
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", String.valueOf(invalid.getMessage()));
        }
        var tool = body.string("tool");
        var digest = body.string("digest");
        if (tool.isEmpty() || digest.isEmpty() || body.size() != 2) {
            throw new HttpProblem(
                    400, "invalid_request", "expected `{\"tool\": \"upstream/tool\", \"digest\": \"sha256:...\"}`");
        }
        switch (pins.pin(tool.get(), digest.get(), by)) {
            case ToolPins.Pinning.Done done -> {
                changed.run();
                response.json(200, done.was().brief().with("state", "pinned"));
            }
            case ToolPins.Pinning.Refused refused ->
                throw new HttpProblem(
                        switch (refused.code()) {
                            case "tool_not_held" -> 404;
                            case "definition_moved" -> 409;
                            default -> 503;
                        },
                        refused.code(),
                        refused.reason());
        }
    }
}
