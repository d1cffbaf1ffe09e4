package mistmcp.gateway.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.PlanCalls;
import mistmcp.gateway.change.Approver;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.Step;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mcp.McpReply;

/// The plans and what a human does with them. Looking takes any sign-in; acting takes a browser session.
public final class PlanEndpoints {
    private final Changes changes;
    private final PlanCalls calls;
    private final Function<HttpRequest, Principal> caller;
    private final Function<HttpRequest, Approver> human;

    /// Endpoints over plans.
    ///
    /// @param caller who looks, by bearer or browser session
    /// @param human  who acts, by browser session only
    public PlanEndpoints(
            Changes changes,
            PlanCalls calls,
            Function<HttpRequest, Principal> caller,
            Function<HttpRequest, Approver> human) {
        this.changes = changes;
        this.calls = calls;
        this.caller = caller;
        this.human = human;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/plans", this::list),
                new Route("GET", "/plans/{id}", this::show),
                new Route("POST", "/plans/{id}/approve", this::approve),
                new Route("POST", "/plans/{id}/commit", this::commit),
                new Route("POST", "/plans/{id}/discard", this::discard),
                new Route("POST", "/plans/{id}/undo", this::undo),
                new Route("POST", "/plans/{id}/keep", this::notAwaitingKeep),
                new Route("POST", "/plans/{id}/rollback", this::notAwaitingKeep));
    }

    private void list(HttpRequest request, HttpResponse response) throws IOException {
        var plans =
                changes.list(caller.apply(request)).stream().map(Plan::brief).toList();
        answer(response, JsonObject.of("plans", JsonArray.ofAll(plans)));
    }

    private void show(HttpRequest request, HttpResponse response) throws IOException {
        answer(
                response,
                changes.find(caller.apply(request), request.pathParameter("id"))
                        .orElseThrow(PlanEndpoints::notFound)
                        .toJson());
    }

    private void approve(HttpRequest request, HttpResponse response) throws IOException {
        var approver = human.apply(request);
        String phrase;
        try {
            phrase = Json.parseObject(request.body(), JsonLimits.REQUEST)
                    .string("phrase")
                    .orElseThrow(() -> new HttpProblem(400, "phrase_missing", "expected `{\"phrase\": \"...\"}`"));
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", String.valueOf(invalid.getMessage()));
        }
        answer(response, step(changes.approve(approver, request.pathParameter("id"), phrase)));
    }

    private void discard(HttpRequest request, HttpResponse response) throws IOException {
        var approver = human.apply(request);
        answer(response, step(changes.discard(approver.principal(), request.pathParameter("id"))));
    }

    private void commit(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var principal = human.apply(request).principal();
        answer(response, outcome(calls.confirm(principal, request.pathParameter("id"), via(request))));
    }

    private void undo(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var principal = human.apply(request).principal();
        answer(response, outcome(calls.undo(principal, request.pathParameter("id"), via(request))));
    }

    private void notAwaitingKeep(HttpRequest request, HttpResponse response) {
        var principal = human.apply(request).principal();
        var plan = changes.find(principal, request.pathParameter("id")).orElseThrow(PlanEndpoints::notFound);
        throw problem(409, "plan_not_awaiting_keep", "the plan does not wait to be kept", Optional.of(plan));
    }

    private static JsonObject step(Step step) {
        return switch (step) {
            case Step.Moved moved -> moved.plan().toJson();
            case Step.Replayed replayed -> replayed.plan().toJson().with("replayed", true);
            case Step.Refused refused ->
                throw problem(status(refused.code()), refused.code(), refused.reason(), refused.plan());
        };
    }

    /// What a commit or an undo came to: the plan, or a problem. A commit that failed at Mist is an answer,
    /// not a problem.
    private static JsonObject outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(McpReply reply, long _) ->
                switch (reply.whole()) {
                    case McpReply.Result result -> structured(result);
                    case McpReply.Failure failure ->
                        throw new HttpProblem(
                                502, "upstream_error", "the upstream answered with error " + failure.code());
                };
            case Outcome.Planned planned -> planned.plan().toJson();
            case Outcome.Unapproved unapproved ->
                throw problem(
                        409,
                        Outcome.Unapproved.CODE,
                        unapproved.reason() + ": nothing was sent",
                        Optional.of(unapproved.plan()));
            case Outcome.Denied denied ->
                throw new HttpProblem(
                        status(denied.denial().code()),
                        denied.denial().code(),
                        denied.denial().reason(),
                        JsonObject.of(
                                "rule",
                                denied.denial().rule(),
                                "remedy",
                                denied.denial().remedy()),
                        Map.of());
            case Outcome.Unknown _ -> throw notFound();
            case Outcome.Failed failed -> throw new HttpProblem(503, failed.code(), failed.message());
        };
    }

    private static JsonObject structured(McpReply.Result result) {
        var body = (JsonObject) result.body().parse(JsonLimits.TRUSTED);
        var structured = body.object("structuredContent").orElse(JsonObject.EMPTY);
        if (body.bool("isError").orElse(false) && !structured.has("id")) {
            throw new HttpProblem(
                    409,
                    structured.string("code").orElse("upstream_refused"),
                    structured.string("message").orElse("the upstream refused"));
        }
        return structured;
    }

    private static int status(String code) {
        return switch (code) {
            case "plan_not_found" -> 404;
            case "phrase_mismatch" -> 400;
            case "approver_not_allowed", "second_person_required", "fresh_login_required", "page_required" -> 403;
            case "plan_expired",
                    "plan_discarded",
                    "plan_stale",
                    "plan_aborted",
                    "plan_used",
                    "plan_mismatch",
                    "plan_in_progress",
                    "stale",
                    "target_busy",
                    "nothing_to_undo",
                    "undo_impossible" -> 409;
            case String other ->
                other.startsWith("audit_")
                                || other.equals("read_only")
                                || other.equals("applied_unrecorded")
                                || other.startsWith("upstream_")
                        ? 503
                        : 403;
        };
    }

    private static HttpProblem notFound() {
        return new HttpProblem(404, "plan_not_found", "there is no plan of that id for you");
    }

    private static HttpProblem problem(int status, String code, String detail, Optional<Plan> plan) {
        return new HttpProblem(
                status, code, detail, JsonObject.EMPTY.withPresent("plan", plan.map(Plan::toJson)), Map.of());
    }

    private static Invocation.Via via(HttpRequest request) {
        return new Invocation.Via(
                "page",
                request.id(),
                "",
                Optional.empty(),
                Optional.of(request.client().getHostAddress()));
    }

    private static void answer(HttpResponse response, JsonObject body) throws IOException {
        response.header("Cache-Control", "no-store").json(200, body);
    }
}
