package mistmcp.gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.PolicyInForce;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// Looking at the policy: `GET /policy`, and trying a call with `POST /policy/why`, which calls nothing.
/// Problems: 400 `invalid_body`.
public final class PolicyEndpoints {
    private static final Set<String> MEMBERS = Set.of("tool", "arguments", "commit", "role");

    private final PolicyInForce policy;
    private final Function<HttpRequest, Principal> caller;
    private final Why why;

    /// Asks the policy about a call without making it.
    @FunctionalInterface
    public interface Why {
        /// What the call gate would decide now, with the way it came to it.
        Decision of(Principal principal, String tool, JsonObject arguments, boolean commit);
    }

    /// Endpoints on the policy in force.
    ///
    /// @param caller proves who calls, or throws the problem to answer
    public PolicyEndpoints(PolicyInForce policy, Function<HttpRequest, Principal> caller, Why why) {
        this.policy = policy;
        this.caller = caller;
        this.why = why;
    }

    /// The routes to serve.
    public List<Route> routes() {
        return List.of(new Route("GET", "/policy", this::show), new Route("POST", "/policy/why", this::why));
    }

    /// The names behind a grant are shown to its holders only.
    private void show(HttpRequest request, HttpResponse response) throws IOException {
        var principal = caller.apply(request);
        var now = policy.policy();
        var held = now.grants(principal);
        var file = held.contains("audit") ? now.file() : now.file().without("grants");
        response.json(
                200,
                JsonObject.of(
                        "hash", now.hash(),
                        "policy", file,
                        "confirm", now.level(),
                        "grants", held,
                        "warnings", now.warnings(),
                        "faults", policy.faults()));
    }

    private void why(HttpRequest request, HttpResponse response) throws IOException {
        var principal = caller.apply(request);
        var body = body(request);
        var tool = body.string("tool").orElseThrow(() -> invalid("`tool` must be the name of a tool"));
        var arguments = body.has("arguments")
                ? body.object("arguments").orElseThrow(() -> invalid("`arguments` must be an object"))
                : JsonObject.EMPTY;
        boolean commit =
                body.has("commit") && body.bool("commit").orElseThrow(() -> invalid("`commit` must be true or false"));
        var asking = role(body).map(other -> inRole(principal, other)).orElse(principal);
        var decision = why.of(asking, tool, arguments, commit);
        var answer = JsonObject.of(
                "tool",
                tool,
                "role",
                asking.role().text(),
                "decision",
                decision.allowed() ? "allow" : "deny",
                "rule",
                decision.rule());
        answer = switch (decision) {
            case Decision.Execute execute ->
                answer.with("mode", execute.mode().text()).with("level", execute.level());
            case Decision.Deny deny -> answer.with("denial", deny.denial().toJson());
        };
        response.json(
                200,
                answer.with("trace", decision.trace())
                        .with("policyHash", policy.policy().hash()));
    }

    private static JsonObject body(HttpRequest request) {
        JsonObject body;
        try {
            body = Json.parseObject(request.body(), JsonLimits.REQUEST);
        } catch (InvalidJson malformed) {
            throw invalid("the body is no JSON object: " + malformed.getMessage());
        }
        body.names().stream()
                .filter(name -> !MEMBERS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid("a member is not known here; there are tool, arguments, commit and role");
                });
        return body;
    }

    private static Optional<Role> role(JsonObject body) {
        return body.has("role")
                ? Optional.of(body.string("role")
                        .flatMap(Role::of)
                        .orElseThrow(() -> invalid("`role` must be ReadOnly or ReadWrite")))
                : Optional.empty();
    }

    private static Principal inRole(Principal principal, Role role) {
        return new Principal(
                principal.issuer(),
                principal.subject(),
                principal.email(),
                role,
                principal.roleSource(),
                principal.sites(),
                principal.client(),
                principal.groups(),
                principal.expiresAt());
    }

    private static HttpProblem invalid(String detail) {
        return new HttpProblem(400, "invalid_body", detail);
    }
}
