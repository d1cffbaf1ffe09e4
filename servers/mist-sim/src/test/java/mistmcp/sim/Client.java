package mistmcp.sim;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.settings.Secret;

/// Calls a simulator as a Mist client would.
final class Client implements AutoCloseable {
    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 8);
    private final SimulatedMist mist;

    Client(SimulatedMist mist) {
        this.mist = mist;
    }

    /// An answer read whole.
    record Reply(int status, Map<String, String> headers, String text) {
        JsonValue json() {
            return Json.parse(text);
        }

        JsonObject object() {
            return (JsonObject) json();
        }

        JsonArray array() {
            return (JsonArray) json();
        }

        JsonArray results() {
            return object().array("results").orElseThrow();
        }
    }

    Reply get(String path) throws IOException {
        return send("GET", path, Optional.empty(), mist.readToken());
    }

    Reply post(String path, JsonValue body) throws IOException {
        return send("POST", path, Optional.of(body), mist.writeToken());
    }

    Reply put(String path, JsonValue body) throws IOException {
        return send("PUT", path, Optional.of(body), mist.writeToken());
    }

    Reply delete(String path) throws IOException {
        return send("DELETE", path, Optional.empty(), mist.writeToken());
    }

    Reply send(String method, String path, Optional<JsonValue> body, Secret token) throws IOException {
        return raw(method, path, Map.of("Authorization", "Token " + token.reveal()), body.map(Json::bytes));
    }

    Reply raw(String method, String path, Map<String, String> headers, Optional<byte[]> body) throws IOException {
        var all = new HashMap<>(headers);
        body.ifPresent(_ -> all.put("Content-Type", "application/json"));
        var request = new OutboundRequest(
                method,
                URI.create(mist.baseUri() + path.replace("ORG", mist.orgId())),
                all,
                body,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
        try (var answer = http.send(request)) {
            var seen = new HashMap<String, String>();
            for (var name : new String[] {
                "Content-Type", "Location", "Retry-After", "X-Page-Limit", "X-Page-Page", "X-Page-Total"
            }) {
                answer.header(name).ifPresent(value -> seen.put(name, value));
            }
            return new Reply(
                    answer.status(),
                    seen,
                    new String(answer.body(JsonLimits.TRUSTED.maxBytes()), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /// The id of the site with a name.
    String site(String name) throws IOException {
        return get("/api/v1/orgs/ORG/sites?limit=1000").array().objects().stream()
                .filter(site -> site.string("name").equals(Optional.of(name)))
                .findFirst()
                .flatMap(site -> site.string("id"))
                .orElseThrow();
    }

    /// The path of the device with a name.
    String device(String name) throws IOException {
        var found = get("/api/v1/orgs/ORG/inventory?limit=1000").array().objects().stream()
                .filter(device -> device.string("name").equals(Optional.of(name)))
                .findFirst()
                .orElseThrow();
        return "/api/v1/sites/" + found.string("site_id").orElseThrow() + "/devices/"
                + found.string("id").orElseThrow();
    }

    @Override
    public void close() {
        http.close();
    }
}
