package mistmcp.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/// An authorization server and the description of an MCP server, both as a test says. It writes down what it
/// was asked.
final class Realm implements AutoCloseable {
    private static final List<String> PLACES = List.of(
            "/.well-known/oauth-protected-resource/mcp",
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-authorization-server/tenant",
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration/tenant",
            "/.well-known/openid-configuration",
            "/tenant/.well-known/openid-configuration",
            "/elsewhere");

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger given = new AtomicInteger();
    private final HttpServer server;

    /// How a request is answered.
    interface Script {
        void answer(Seen seen, HttpResponse response) throws IOException, InterruptedException;
    }

    /// One request.
    record Seen(String line, String body, String authorization) {
        Map<String, String> form() {
            var form = new LinkedHashMap<String, String>();
            for (var pair : body.split("&")) {
                int at = pair.indexOf('=');
                form.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
            return form;
        }
    }

    Realm() {
        var routes = new ArrayList<Route>();
        PLACES.forEach(path -> routes.add(new Route("GET", path, this::answer)));
        routes.add(new Route("POST", "/register", this::answer));
        routes.add(new Route("POST", "/token", this::answer));
        server = HttpServer.start(ServerSettings.loopback(0), routes);
        says("/.well-known/oauth-protected-resource/mcp", resource(url()));
        says("/.well-known/oauth-authorization-server", metadata(url()));
        on("/register", (asked, response) -> response.json(201, JsonObject.of("client_id", "made-for-us")));
        gives(JsonObject.EMPTY);
    }

    private void answer(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var body = request.method().equals("POST") ? new String(request.body(), StandardCharsets.UTF_8) : "";
        var one = new Seen(
                request.method() + " " + request.path(),
                body,
                request.header("Authorization").orElse(""));
        seen.add(one);
        var script = scripts.get(request.path());
        if (script == null) {
            response.send(404);
        } else {
            script.answer(one, response);
        }
    }

    Realm on(String path, Script script) {
        scripts.put(path, script);
        return this;
    }

    Realm says(String path, JsonObject body) {
        return on(path, (asked, response) -> response.json(200, body));
    }

    Realm silent(String path) {
        scripts.remove(path);
        return this;
    }

    /// What the token endpoint answers, beside a token that is another one each time.
    Realm gives(JsonObject more) {
        return on("/token", (asked, response) -> response.json(200, token().withAll(more)));
    }

    JsonObject token() {
        return JsonObject.of("access_token", "token-" + given.incrementAndGet(), "token_type", "Bearer");
    }

    JsonObject resource(String... issuers) {
        return JsonObject.of("resource", mcp().toString(), "authorization_servers", JsonArray.of((Object[]) issuers));
    }

    JsonObject metadata(String issuer) {
        return JsonObject.of(
                "issuer", issuer,
                "authorization_endpoint", url() + "/authorize",
                "token_endpoint", url() + "/token",
                "registration_endpoint", url() + "/register",
                "code_challenge_methods_supported", JsonArray.of("S256"));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    URI mcp() {
        return URI.create(url() + "/mcp");
    }

    List<String> lines() {
        return seen.stream().map(Seen::line).toList();
    }

    List<Seen> all() {
        return List.copyOf(seen);
    }

    List<Seen> tokenRequests() {
        return seen.stream().filter(one -> one.line().equals("POST /token")).toList();
    }

    int count(String line) {
        return (int) lines().stream().filter(line::equals).count();
    }

    void forget() {
        seen.clear();
    }

    @Override
    public void close() {
        server.close();
    }
}
