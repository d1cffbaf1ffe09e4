package mistmcp.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// The gateway that runs on this data directory, found by its run file.
final class RunningGateway implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final String url;
    private final Secret operatorToken;
    private final HttpClient http = new HttpClient(Duration.ofSeconds(2), 4);

    private RunningGateway(String url, Secret operatorToken) {
        this.url = url;
        this.operatorToken = operatorToken;
    }

    /// What the gateway answered.
    record Answer(int status, JsonObject body) {
        boolean ok() {
            return status < 300;
        }

        /// What went wrong, for people.
        String problem() {
            return body.string("detail").orElse("the gateway answered with status " + status)
                    + body.string("code").map(code -> " (" + code + ")").orElse("");
        }
    }

    /// There is no running gateway, or it does not answer.
    static final class Absent extends RuntimeException {
        private static final long serialVersionUID = 1;

        Absent(String message) {
            super(message);
        }
    }

    /// Finds the gateway.
    ///
    /// @throws Absent with what to do
    static RunningGateway find(Settings settings) {
        var file = runFile(settings);
        try {
            var facts = Json.parseObject(Files.readAllBytes(file), JsonLimits.REQUEST);
            // Loopback, whatever the public address is: the operator's token goes nowhere else.
            var port = facts.integer("port").orElseThrow();
            return new RunningGateway(
                    "http://127.0.0.1:" + port,
                    new Secret(facts.string("operatorToken").orElseThrow()));
        } catch (IOException | InvalidJson | java.util.NoSuchElementException none) {
            throw new Absent("no gateway runs on " + settings.dataDir() + ": start one with `./mist up`");
        }
    }

    static Path runFile(Settings settings) {
        return settings.dataDir().resolve("run").resolve("gateway.json");
    }

    String url() {
        return url;
    }

    /// Calls as the operator.
    Answer operator(String method, String path, Optional<JsonObject> body) {
        return call(method, path, body, Map.of("Mist-Operator", operatorToken.reveal()));
    }

    /// Calls as the holder of a token.
    Answer bearer(String method, String path, Optional<JsonObject> body, Secret token) {
        return call(method, path, body, Map.of("Authorization", "Bearer " + token.reveal()));
    }

    /// Calls as nobody.
    Answer anonymous(String method, String path, Optional<JsonObject> body) {
        return call(method, path, body, Map.of());
    }

    private Answer call(String method, String path, Optional<JsonObject> body, Map<String, String> extra) {
        var headers = new HashMap<>(extra);
        headers.put("Accept", "application/json");
        body.ifPresent(some -> headers.put("Content-Type", "application/json"));
        var request =
                new OutboundRequest(method, URI.create(url + path), headers, body.map(Json::bytes), DEADLINE, DEADLINE);
        try (var response = http.send(request)) {
            var bytes = response.body(8 << 20);
            return new Answer(
                    response.status(),
                    bytes.length == 0 ? JsonObject.EMPTY : Json.parseObject(bytes, JsonLimits.TRUSTED));
        } catch (IOException gone) {
            throw new Absent(
                    "the gateway at " + url + " does not answer: look at its log, or start it with `./mist up`");
        } catch (InvalidJson garbled) {
            throw new Absent("what answers at " + url + " is not the gateway");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
