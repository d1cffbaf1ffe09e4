package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonObject;

/// A provider whose endpoints can misbehave: its keys, and, when it was given a signer, a little
/// authorization server beside them.
final class FakeIdp implements AutoCloseable {
    /// A key for whoever needs just one: making one takes longer than most tests.
    static final Signer SIGNER = Signer.rsa("key-1");

    final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer server;
    private final Optional<FakeAuthorization> people;
    private volatile Answer answer;

    /// How the endpoint answers.
    @FunctionalInterface
    interface Answer {
        void give(HttpResponse response) throws IOException, InterruptedException;
    }

    FakeIdp(JsonObject... jwks) {
        this.answer = keys(jwks);
        this.server = HttpServer.start(ServerSettings.loopback(0), List.of(new Route("GET", "/keys", this::serve)));
        this.people = Optional.empty();
    }

    /// A provider that signs people in.
    FakeIdp(Signer signer, InstantSource clock) {
        this.answer = keys(signer.jwk());
        var routes = new ArrayList<Route>();
        var authorization = new FakeAuthorization(signer, clock);
        routes.add(new Route("GET", "/keys", this::serve));
        routes.addAll(authorization.routes());
        this.server = HttpServer.start(ServerSettings.loopback(0), routes);
        this.people = Optional.of(authorization);
        authorization.at("http://127.0.0.1:" + server.port());
    }

    /// The settings of a gateway that signs people in with it.
    Map<String, String> settings() {
        return Map.of(
                "MODE_AUTH",
                "oidc",
                "OIDC_ISSUER",
                people().issuer(),
                "OIDC_JWKS_URL",
                url().toString(),
                "OIDC_CLIENT_ID",
                FakeAuthorization.CLIENT,
                "OIDC_CLIENT_SECRET",
                FakeAuthorization.SECRET);
    }

    /// Its authorization server.
    FakeAuthorization people() {
        return people.orElseThrow();
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

    /// An answer of so many megabytes.
    static Answer flood(int megabytes) {
        return response -> {
            var piece = new byte[1 << 20];
            try (var out = response.stream(200, "application/json")) {
                for (int i = 0; i < megabytes; i++) {
                    out.write(piece);
                }
            }
        };
    }

    /// An answer that comes byte by byte and never ends by itself.
    static Answer drip() {
        return response -> {
            try (var out = response.stream(200, "application/json")) {
                for (int i = 0; i < 300; i++) {
                    out.write(' ');
                    out.flush();
                    Thread.sleep(100);
                }
            }
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
