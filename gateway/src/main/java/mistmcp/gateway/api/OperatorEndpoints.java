package mistmcp.gateway.api;

import java.io.IOException;
import java.util.List;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.call.WriteSwitch;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// What the commands of `./mist` do at a running gateway: they prove themselves with the run file's token.
public final class OperatorEndpoints {
    private final OperatorAccess operator;
    private final WriteSwitch writes;
    private final AuditLog audit;

    /// Endpoints for whoever holds the run file.
    public OperatorEndpoints(OperatorAccess operator, WriteSwitch writes, AuditLog audit) {
        this.operator = operator;
        this.writes = writes;
        this.audit = audit;
    }

    /// The routes.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/operator/writes", this::show), new Route("POST", "/operator/writes", this::turn));
    }

    private void show(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        response.json(200, JsonObject.of("writeEnabled", writes.enabled()));
    }

    private void turn(HttpRequest request, HttpResponse response) throws IOException {
        operator.require(request);
        boolean on = wanted(request);
        // Turning commits on takes effect only once it is on record; turning them off takes effect at once.
        if (!on) {
            writes.turn(false);
        }
        audit.write(AuditRecord.of(Event.WRITES_CHANGED)
                .system()
                .request(request.id())
                .detail(JsonObject.of("writeEnabled", on)));
        if (on && !writes.turn(true)) {
            throw new HttpProblem(
                    409, "writes_off_by_setting", "`WRITE_ENABLED` is not `true`: set it and start the gateway again");
        }
        response.json(200, JsonObject.of("writeEnabled", writes.enabled()));
    }

    private static boolean wanted(HttpRequest request) {
        try {
            return Json.parseObject(request.body(), JsonLimits.REQUEST)
                    .bool("on")
                    .orElseThrow(() -> new HttpProblem(400, "invalid_request", "expected `{\"on\": true}`"));
        } catch (InvalidJson invalid) {
            throw new HttpProblem(400, "invalid_json", String.valueOf(invalid.getMessage()));
        }
    }
}
