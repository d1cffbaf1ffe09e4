package mistmcp.sim;

import java.io.IOException;
import java.util.List;
import mistmcp.http.HttpHandler;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// The addresses under `/sim` by which tests of other processes look into a simulator and disturb it. Each
/// wants the control token in `X-Sim-Control`.
final class Control {
    private final SimulatedMist mist;
    private final Secret token;

    Control(SimulatedMist mist, Secret token) {
        this.mist = mist;
        this.token = token;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/sim/journal", checked(this::journal)),
                new Route("POST", "/sim/reset", checked((_, response) -> {
                    mist.reset();
                    response.json(200, JsonObject.EMPTY);
                })),
                new Route("POST", "/sim/faults", checked(this::faults)),
                new Route("POST", "/sim/drift", checked(this::drift)),
                new Route("GET", "/sim/state", checked(this::state)),
                new Route("GET", "/sim/info", checked((_, response) -> response.json(200, mist.info()))));
    }

    private HttpHandler checked(HttpHandler handler) {
        return (request, response) -> {
            if (!token.matches(request.header("X-Sim-Control").orElse(""))) {
                throw new HttpProblem(403, "control_token_required", "send the control token in X-Sim-Control");
            }
            handler.handle(request, response);
        };
    }

    private void journal(HttpRequest request, HttpResponse response) throws IOException {
        boolean writes = request.query("writes").isPresent();
        var entries = writes ? mist.journal().writes() : mist.journal().entries();
        response.json(
                200,
                JsonObject.of(
                        "requests",
                        JsonArray.ofAll(
                                entries.stream().map(Journal.Entry::toJson).toList())));
    }

    private void faults(HttpRequest request, HttpResponse response) throws IOException {
        var body = Edge.object(request);
        if (body.bool("clear").orElse(false)) {
            mist.faults().clear();
            response.json(200, JsonObject.EMPTY);
            return;
        }
        var fault =
                Fault.of(body).orElseThrow(() -> new HttpProblem(400, "unknown_fault", "the body describes no fault"));
        var match = body.object("match").orElse(JsonObject.EMPTY);
        mist.faults()
                .add(
                        match.string("method").orElse("*"),
                        match.string("pathPattern").orElse("**"),
                        body.integer("after").map(Long::intValue).orElse(0),
                        body.integer("times").map(Long::intValue).orElse(1),
                        fault);
        response.json(200, JsonObject.of("kind", fault.kind()));
    }

    private void drift(HttpRequest request, HttpResponse response) throws IOException {
        var body = Edge.object(request);
        try {
            mist.state()
                    .patch(body.string("pointer").orElse(""), body.get("patch").orElse(JsonObject.EMPTY));
        } catch (IllegalArgumentException unusable) {
            throw new HttpProblem(400, "bad_pointer", "expected a pointer to a row, such as /devices/{id}/name");
        }
        response.json(200, JsonObject.EMPTY);
    }

    private void state(HttpRequest request, HttpResponse response) throws IOException {
        var found = mist.state().at(request.query("path").orElse(""));
        response.json(
                found.isPresent() ? 200 : 404,
                JsonObject.of("found", found.isPresent(), "value", found.orElse(JsonNull.NULL)));
    }
}
