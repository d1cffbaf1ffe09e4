package mistmcp.gateway.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonObject;

/// `/healthz` tells that the process lives, `/readyz` whether it can do its work and what keeps it from it.
public final class HealthEndpoints {
    private final Map<String, Supplier<Optional<String>>> checks;

    /// Endpoints over checks, each by name: nothing when it is well, else what is wrong in one line without secrets.
    public HealthEndpoints(Map<String, Supplier<Optional<String>>> checks) {
        this.checks = new LinkedHashMap<>(checks);
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/healthz", (request, response) -> response.json(200, JsonObject.of("status", "up"))),
                new Route("GET", "/readyz", this::ready));
    }

    private void ready(HttpRequest request, HttpResponse response) throws IOException {
        var told = JsonObject.EMPTY;
        boolean ready = true;
        for (var check : checks.entrySet()) {
            var fault = check.getValue().get();
            ready &= fault.isEmpty();
            told = told.with(check.getKey(), fault.orElse("ok"));
        }
        response.header("Cache-Control", "no-store")
                .json(ready ? 200 : 503, JsonObject.of("ready", ready, "checks", told));
    }
}
