package mistmcp.gateway.api;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// A small authorization server for one MCP server, which lets in everybody who comes, and forgets what it
/// gave when it is told to.
final class FakeIssuer implements AutoCloseable, FakeUpstream.Guard {
    static final int LIFE_SECONDS = 3600;

    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Set<String> refreshers = ConcurrentHashMap.newKeySet();
    private final List<Map<String, String>> tokenRequests = new CopyOnWriteArrayList<>();
    private final List<String> presented = new CopyOnWriteArrayList<>();
    private final List<String> named = new CopyOnWriteArrayList<>();
    private final AtomicInteger registrations = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private volatile String awaited = "";
    private volatile Runnable onCalled = () -> {};
    private final URI resource;
    private final HttpServer server;

    FakeIssuer(URI resource) {
        this.resource = resource;
        server = HttpServer.start(
                ServerSettings.loopback(0),
                List.of(
                        new Route("GET", "/resource", this::resource),
                        new Route("GET", "/.well-known/oauth-authorization-server", this::metadata),
                        new Route("POST", "/register", this::register),
                        new Route("GET", "/authorize", this::authorize),
                        new Route("POST", "/token", this::token)));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /// What an MCP server of this issuer does with a request.
    @Override
    public boolean letsIn(HttpRequest request, HttpResponse response) throws IOException {
        var authorization = request.header("Authorization").orElse("");
        presented.add(authorization);
        request.header("Mcp-Name").ifPresent(name -> {
            named.add(name);
            if (name.equals(awaited)) {
                awaited = "";
                onCalled.run();
            }
        });
        if (authorization.startsWith("Bearer ") && tokens.contains(authorization.substring(7))) {
            return true;
        }
        response.header("WWW-Authenticate", "Bearer resource_metadata=\"" + url() + "/resource\", scope=\"ports\"");
        response.json(401, JsonObject.of("error", "invalid_token"));
        return false;
    }

    private void resource(HttpRequest request, HttpResponse response) throws IOException {
        response.json(
                200, JsonObject.of("resource", resource.toString(), "authorization_servers", JsonArray.of(url())));
    }

    private void metadata(HttpRequest request, HttpResponse response) throws IOException {
        response.json(
                200,
                JsonObject.of(
                        "issuer",
                        url(),
                        "authorization_endpoint",
                        url() + "/authorize",
                        "token_endpoint",
                        url() + "/token",
                        "registration_endpoint",
                        url() + "/register",
                        "code_challenge_methods_supported",
                        JsonArray.of("S256"),
                        "authorization_response_iss_parameter_supported",
                        true));
    }

    private void register(HttpRequest request, HttpResponse response) throws IOException {
        response.json(201, JsonObject.of("client_id", "client-" + registrations.incrementAndGet()));
    }

    private void authorize(HttpRequest request, HttpResponse response) throws IOException {
        response.header(
                        "Location",
                        request.query("redirect_uri").orElseThrow() + "?code=the-code-that-nobody-sees&state="
                                + request.query("state").orElseThrow() + "&iss="
                                + URLEncoder.encode(url(), StandardCharsets.UTF_8))
                .send(302);
    }

    private void token(HttpRequest request, HttpResponse response) throws IOException {
        var form = new LinkedHashMap<String, String>();
        for (var pair : new String(request.body(), StandardCharsets.UTF_8).split("&")) {
            int at = pair.indexOf('=');
            form.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        tokenRequests.add(form);
        boolean renewal = "refresh_token".equals(form.get("grant_type"));
        if (renewal && !refreshers.remove(form.getOrDefault("refresh_token", ""))) {
            response.json(400, JsonObject.of("error", "invalid_grant"));
            return;
        }
        if (renewal) {
            tokens.clear();
        }
        int number = given.incrementAndGet();
        tokens.add("access-secret-" + number);
        refreshers.add("refresh-secret-" + number);
        response.json(
                200,
                JsonObject.of(
                        "access_token",
                        "access-secret-" + number,
                        "token_type",
                        "Bearer",
                        "expires_in",
                        LIFE_SECONDS,
                        "refresh_token",
                        "refresh-secret-" + number));
    }

    /// Takes back all that was given.
    void revoke() {
        tokens.clear();
        refreshers.clear();
    }

    /// Takes back the tokens, but not what renews them.
    void expire() {
        tokens.clear();
    }

    /// Does something as soon as a tool of this name is called, before the caller is let in.
    void when(String tool, Runnable action) {
        onCalled = action;
        awaited = tool;
    }

    /// The tools that callers of the MCP server named, whether they were let in or not.
    List<String> named() {
        return List.copyOf(named);
    }

    List<Map<String, String>> tokenRequests() {
        return List.copyOf(tokenRequests);
    }

    int registrations() {
        return registrations.get();
    }

    /// What callers of the MCP server showed.
    List<String> presented() {
        return List.copyOf(presented);
    }

    @Override
    public void close() {
        server.close();
    }
}
