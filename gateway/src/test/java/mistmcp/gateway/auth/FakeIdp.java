package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;

/// A provider's key endpoint that can misbehave.
final class FakeIdp implements AutoCloseable {
    final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private volatile Answer answer;

    /// How the endpoint answers.
    @FunctionalInterface
    interface Answer {
        void give(HttpResponse response) throws IOException, InterruptedException;
    }

    FakeIdp(JsonObject... jwks) {
        this.answer = keys(jwks);
        this.server = HttpServer.start(ServerSettings.loopback(0), List.of(new Route("GET", "/keys", this::serve)));
    }

    static Answer keys(JsonObject... jwks) {
        return text(Signer.set(jwks).toString());
    }

    static Answer text(String body) {
        return response -> response.send(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer status(int status) {
        return response -> response.send(status);
    }

    static Answer hang() {
        return response -> {
            Thread.sleep(6_500);
            response.send(200);
        };
    }

    void answers(Answer other) {
        answer = other;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port() + "/keys");
    }

    private void serve(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        fetches.incrementAndGet();
        answer.give(response);
    }

    @Override
    public void close() {
        server.close();
    }
}
