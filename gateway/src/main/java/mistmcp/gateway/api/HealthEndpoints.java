package mistmcp.gateway.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonObject;

/// `/healthz` tells that the process lives, `/readyz` whether it can do its work and what keeps it from it,
/// `/metrics` what it has done.
public final class HealthEndpoints {
    private final Map<String, Supplier<Optional<String>>> checks;
    private final Map<String, Supplier<Optional<String>>> notes;
    private final Supplier<JsonObject> keys;
    private final Supplier<String> metrics;
    private final OperatorAccess operator;

    /// Endpoints over checks, each by name: nothing when it is well, else what is wrong in one line without
    /// secrets.
    ///
    /// @param notes    what is wrong and keeps nothing from working yet
    /// @param keys     how the keys that tokens are checked with are doing
    /// @param metrics  what is counted, in the text format of Prometheus
    /// @param operator lets callers from other machines read it
    public HealthEndpoints(
            Map<String, Supplier<Optional<String>>> checks,
            Map<String, Supplier<Optional<String>>> notes,
            Supplier<JsonObject> keys,
            Supplier<String> metrics,
            OperatorAccess operator) {
        this.checks = new LinkedHashMap<>(checks);
        this.notes = new LinkedHashMap<>(notes);
        this.keys = keys;
        this.metrics = metrics;
        this.operator = operator;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/healthz", (request, response) -> response.json(200, JsonObject.of("status", "up"))),
                new Route("GET", "/readyz", this::ready),
                new Route("GET", "/metrics", this::metrics));
    }

    /// For callers on this machine that come through no proxy, and for the operator.
    private void metrics(HttpRequest request, HttpResponse response) throws IOException {
        if (!OperatorAccess.direct(request) || request.header("Origin").isPresent()) {
            operator.require(request);
        }
        response.send(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.get().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void ready(HttpRequest request, HttpResponse response) throws IOException {
        var told = JsonObject.EMPTY;
        boolean ready = true;
        for (var check : checks.entrySet()) {
            var fault = check.getValue().get();
            ready &= fault.isEmpty();
            told = told.with(check.getKey(), fault.orElse("ok"));
        }
        var noted = JsonObject.EMPTY;
        for (var note : notes.entrySet()) {
            noted = noted.withPresent(note.getKey(), note.getValue().get());
        }
        var body = JsonObject.of("ready", ready, "checks", told, "notes", noted, "keys", keys.get());
        response.header("Cache-Control", "no-store").json(ready ? 200 : 503, body);
    }
}
