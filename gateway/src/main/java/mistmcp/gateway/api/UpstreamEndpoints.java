package mistmcp.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.auth.BrowserTickets;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.call.UpstreamAccess;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.mcp.oauth.AccessState;
import mistmcp.mcp.oauth.Begun;
import mistmcp.mcp.oauth.Finished;
import mistmcp.mcp.oauth.Refusal;

/// The upstreams as the operator of this machine sees them, and the way to an authorization server and back.
/// Only the operator begins an authorization; whoever comes back proves by the `state` that it is that one, and
/// by a cookie that it is the browser which was sent.
public final class UpstreamEndpoints {
    private static final int LONGEST_ANSWER = 16 << 10;

    private final UpstreamAccess access;
    private final OperatorAccess operator;
    private final BrowserTickets tickets;
    private final String home;

    /// Endpoints over the authorizations.
    ///
    /// @param home how browsers reach the gateway, without a slash at the end
    public UpstreamEndpoints(UpstreamAccess access, OperatorAccess operator, BrowserTickets tickets, String home) {
        this.access = access;
        this.operator = operator;
        this.tickets = tickets;
        this.home = home;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/operator/upstreams", this::list),
                new Route("POST", "/operator/upstreams/authorize", this::authorize),
                new Route("GET", "/upstreams/authorize", 0, this::go),
                new Route("GET", "/upstreams/callback", 0, this::back),
                new Route("GET", "/upstreams/client.json", 0, this::document));
    }

    private void list(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        response.json(
                200,
                JsonObject.of(
                        "upstreams",
                        JsonArray.ofAll(access.standings().stream()
                                .map(UpstreamEndpoints::told)
                                .toList())));
    }

    private static JsonObject told(UpstreamAccess.Standing standing) {
        return JsonObject.of("name", standing.name(), "state", standing.state(), "tools", standing.tools())
                .withPresent("fault", standing.fault())
                .withPresent("oauth", standing.access().map(UpstreamEndpoints::told));
    }

    private static JsonObject told(AccessState state) {
        return switch (state) {
            case AccessState.Unasked _ -> JsonObject.of("state", "unasked");
            case AccessState.NeedsAuthorization(var why) -> JsonObject.of("state", "needs_authorization", "why", why);
            case AccessState.Authorized authorized ->
                JsonObject.of(
                                "state", "authorized",
                                "issuer", authorized.issuer(),
                                "scopes", sorted(authorized.scopes()),
                                "missing", sorted(authorized.missing()),
                                "renews", authorized.renews())
                        .withPresent("expiresAt", authorized.expiresAt().map(Instant::toString));
        };
    }

    private void authorize(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        var name = named(request);
        if (!access.known(name)) {
            throw new HttpProblem(404, "upstream_unknown", "no upstream of that name is configured");
        }
        var before = access.issuer(name);
        var begun = access.begin(name, request.id())
                .orElseThrow(() -> new HttpProblem(
                        409, "upstream_without_oauth", "this upstream has no `oauth` in its configuration"));
        response.header("Cache-Control", "no-store");
        switch (begun) {
            case Begun.Refused(var refusal) -> throw new HttpProblem(502, refusal.code(), refusal.detail());
            case Begun.Done(var issuer, var scopes) ->
                response.json(200, JsonObject.of("upstream", name, "issuer", issuer, "scopes", sorted(scopes)));
            case Begun.Ready ready ->
                response.json(
                        200,
                        JsonObject.of(
                                        "upstream",
                                        name,
                                        "address",
                                        address(ready),
                                        "issuer",
                                        ready.issuer(),
                                        "scopes",
                                        sorted(ready.scopes()),
                                        "expiresAt",
                                        ready.end().toString())
                                .withPresent("replaces", before));
        }
    }

    private String address(Begun.Ready ready) {
        return home + "/upstreams/authorize?ticket=" + tickets.give(ready.address(), ready.state(), ready.end());
    }

    private void go(HttpRequest request, HttpResponse response) throws IOException {
        var to = tickets.take(request.query("ticket").orElse(""), request, response);
        if (to.isEmpty()) {
            refused(
                    request,
                    response,
                    new Refusal(
                            "oauth_address_spent",
                            "this address is older than ten minutes, or another browser has opened it: authorize again"));
            return;
        }
        response.header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header("Location", to.get().toString())
                .send(302);
    }

    private static JsonArray sorted(java.util.Set<String> texts) {
        return JsonArray.ofAll(texts.stream().sorted().toList());
    }

    private static String named(HttpRequest request) {
        try {
            return Json.parseObject(request.body(), JsonLimits.REQUEST)
                    .string("upstream")
                    .orElseThrow(
                            () -> new HttpProblem(400, "invalid_request", "expected `{\"upstream\": \"its name\"}`"));
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", String.valueOf(invalid.getMessage()));
        }
    }

    private void document(HttpRequest request, HttpResponse response) throws IOException {
        var document = access.clientDocument()
                .orElseThrow(() -> new HttpProblem(404, "not_found", "there is nothing at this address"));
        response.header("Cache-Control", "public, max-age=3600").json(200, document);
    }

    private void back(HttpRequest request, HttpResponse response) throws IOException {
        var answer = answer(request.rawQuery());
        var finished = answer.isPresent()
                ? access.finish(
                        answer.get(), tickets.wentOut(answer.get().getOrDefault("state", ""), request), request.id())
                : new Finished.Refused(
                        new Refusal("oauth_answer_malformed", "the answer cannot be read, or has a parameter twice"));
        switch (finished) {
            case Finished.Done _ ->
                page(
                        response,
                        200,
                        "The upstream is authorized",
                        "Its tools are there in a moment. You can close this page.",
                        "");
            case Finished.Refused(var refusal) -> refused(request, response, refusal);
        }
    }

    private static void refused(HttpRequest request, HttpResponse response, Refusal refusal) throws IOException {
        page(
                response,
                400,
                "The upstream is not authorized",
                "Reason: " + refusal.detail() + ".",
                "Code " + refusal.code() + ", request " + request.id()
                        + ". Run ./mist upstreams to see how it stands.");
    }

    /// The parameters, each of which may stand there once (RFC 6749 section 3.1).
    private static Optional<Map<String, String>> answer(String query) {
        if (query.length() > LONGEST_ANSWER) {
            return Optional.empty();
        }
        var answer = new LinkedHashMap<String, String>();
        try {
            for (var pair : query.split("&", -1)) {
                int at = pair.indexOf('=');
                var name = URLDecoder.decode(at < 0 ? pair : pair.substring(0, at), UTF_8);
                var value = at < 0 ? "" : URLDecoder.decode(pair.substring(at + 1), UTF_8);
                if (answer.put(name, value) != null) {
                    return Optional.empty();
                }
            }
        } catch (IllegalArgumentException garbled) {
            return Optional.empty();
        }
        return Optional.of(answer);
    }

    /// A page of words only: nothing of the answer stands in it.
    private static void page(HttpResponse response, int status, String title, String said, String small)
            throws IOException {
        var html = """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark"><title>%1$s</title></head>
                <body><main><h1>%1$s</h1><p>%2$s</p><p><small>%3$s</small></p></main></body>
                </html>
                """.formatted(escaped(title), escaped(said), escaped(small));
        response.header("Cache-Control", "no-store")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .send(status, "text/html; charset=utf-8", html.getBytes(UTF_8));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
