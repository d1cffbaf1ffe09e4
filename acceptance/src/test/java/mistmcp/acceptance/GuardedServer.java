package mistmcp.acceptance;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Admission;
import mistmcp.mcp.server.McpHttp;
import mistmcp.mcp.server.McpOptions;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mcp.server.Toolbox;

/// An MCP server that lets in who shows a token which a realm has signed, for this server by name; whom it
/// refuses it tells where it describes itself. It has one tool, and keeps what it was shown.
final class GuardedServer implements AutoCloseable {
    private final String scope;
    private final String issuer;
    private final URI keys;
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final List<JsonObject> callers = new CopyOnWriteArrayList<>();
    private final McpHttp<JsonObject> mcp;
    private final HttpServer server;

    /// @param scope  what it tells its callers to ask for
    /// @param issuer who signs the tokens
    /// @param keys   where its keys are
    GuardedServer(String scope, String issuer, String keys) {
        this.scope = scope;
        this.issuer = issuer;
        this.keys = URI.create(keys);
        mcp = new McpHttp<>(
                new Toolbox<>(new Toolbox.Contents<>(
                        JsonObject.of("name", "guarded", "version", "1"),
                        "",
                        List.of(getPort()),
                        List.of(),
                        List.of(),
                        1 << 20)),
                McpOptions.SESSIONS);
        server = HttpServer.start(
                ServerSettings.loopback(0),
                Stream.concat(
                                Stream.of("POST", "GET", "DELETE")
                                        .map(method -> new Route(method, "/mcp", 1 << 20, this::serve)),
                                Stream.of(
                                        new Route("GET", "/.well-known/oauth-protected-resource/mcp", this::resource)))
                        .toList());
    }

    private String origin() {
        return "http://127.0.0.1:" + server.port();
    }

    /// Its address, and its name as an audience.
    String url() {
        return origin() + "/mcp";
    }

    /// All that was shown to it in `Authorization`, in its order; an empty text where there was none.
    List<String> shown() {
        return List.copyOf(shown);
    }

    /// The claims of those whose call its tool has answered.
    List<JsonObject> callers() {
        return List.copyOf(callers);
    }

    private Tool<JsonObject> getPort() {
        var definition = ToolDefinition.of(
                "get_port",
                "Port",
                "Says how a port stands.",
                JsonObject.of("type", "object", "properties", JsonObject.EMPTY),
                Optional.empty(),
                JsonObject.of("readOnlyHint", true));
        return new Tool<>() {
            @Override
            public ToolDefinition definition() {
                return definition;
            }

            @Override
            public ToolResult call(JsonObject caller, JsonObject arguments, Exchange exchange) {
                callers.add(caller);
                return ToolResult.of(JsonObject.of("port", "up"));
            }
        };
    }

    private void resource(HttpRequest request, HttpResponse response) throws IOException {
        response.json(
                200,
                JsonObject.of(
                        "resource", url(),
                        "authorization_servers", JsonArray.of(issuer),
                        "scopes_supported", JsonArray.of(scope)));
    }

    private void serve(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var authorization = request.header("Authorization").orElse("");
        shown.add(authorization);
        var claims = authorization.startsWith("Bearer ")
                ? claims(authorization.substring("Bearer ".length()))
                : Optional.<JsonObject>empty();
        if (claims.isEmpty()) {
            response.header(
                    "WWW-Authenticate",
                    "Bearer resource_metadata=\"" + origin() + "/.well-known/oauth-protected-resource/mcp\"");
            response.json(401, JsonObject.of("error", "invalid_token"));
            return;
        }
        mcp.serve(request, response, new Holder(claims.get()));
    }

    /// The claims of a token that holds for this server now.
    private Optional<JsonObject> claims(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var claims = decoded(parts[1]);
            boolean ours = claims.string("iss").filter(issuer::equals).isPresent()
                    && audiences(claims).contains(url())
                    && claims.integer("exp")
                            .filter(end -> Instant.now().getEpochSecond() < end)
                            .isPresent();
            return ours && signed(parts) ? Optional.of(claims) : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException garbled) {
            return Optional.empty();
        }
    }

    private boolean signed(String[] parts) throws GeneralSecurityException {
        var header = decoded(parts[0]);
        var key = key(header.string("kid").orElse(""));
        if (key.isEmpty() || !header.string("alg").equals(Optional.of("RS256"))) {
            return false;
        }
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key.get());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private Optional<PublicKey> key(String id) throws GeneralSecurityException {
        var published = RawHttp.send(keys.getPort(), "GET", keys.getPath(), Map.of(), Optional.empty())
                .body();
        for (var key : published.array("keys").orElse(JsonArray.EMPTY).objects()) {
            if (key.string("kid").equals(Optional.of(id)) && key.string("kty").equals(Optional.of("RSA"))) {
                return Optional.of(KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
            }
        }
        return Optional.empty();
    }

    private static BigInteger number(JsonObject key, String member) {
        return new BigInteger(
                1, Base64.getUrlDecoder().decode(key.string(member).orElse("")));
    }

    private static JsonObject decoded(String part) {
        return Json.parseObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    /// For whom a token is.
    static List<String> audiences(JsonObject claims) {
        var all = new ArrayList<>(claims.array("aud").orElse(JsonArray.EMPTY).strings());
        claims.string("aud").ifPresent(all::add);
        return all;
    }

    @Override
    public void close() {
        mcp.close();
        server.close();
    }

    private record Holder(JsonObject claims) implements Admission<JsonObject> {
        @Override
        public JsonObject admit(McpRequest call) {
            return claims;
        }

        @Override
        public String key() {
            return claims.string("sub").orElse("");
        }
    }
}
