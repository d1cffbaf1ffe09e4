package mistmcp.mcp.oauth;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Finds out who issues the tokens for an MCP server, and where. Stateless.
final class Discovery {
    private final URI server;
    private final Fetch fetch;
    private final LearnedAddress learned;

    Discovery(URI server, Fetch fetch) {
        this.server = server;
        this.fetch = fetch;
        this.learned = new LearnedAddress(server);
    }

    /// The server's description: from where its challenge points, else from the well-known place for its path,
    /// else from that for its host.
    ResourceMetadata resource(Optional<String> named) throws OAuthFault {
        if (named.isPresent()) {
            var answer = fetch.get(learned.use("resource metadata", named.get()));
            return resource(described(answer)
                    .orElseThrow(() -> failed("the address that the server names for its description has none")));
        }
        for (var place : places()) {
            var found = described(fetch.get(place));
            if (found.isPresent()) {
                return resource(found.get());
            }
        }
        throw failed("the server does not say who issues its tokens");
    }

    private List<URI> places() {
        var path = path(server);
        var places = new ArrayList<URI>();
        if (!path.isEmpty()) {
            places.add(server.resolve("/.well-known/oauth-protected-resource" + path));
        }
        places.add(server.resolve("/.well-known/oauth-protected-resource"));
        return places;
    }

    private ResourceMetadata resource(JsonObject json) throws OAuthFault {
        var resource = json.string("resource").orElse("");
        if (!covers(resource)) {
            throw failed("the server's description is that of another server");
        }
        var issuers =
                json.array("authorization_servers").orElse(JsonArray.EMPTY).strings();
        if (issuers.isEmpty()) {
            throw failed("the server does not say who issues its tokens");
        }
        return new ResourceMetadata(resource, issuers, scopes(json));
    }

    /// Whether a resource is this server: itself, or what stands above its path on the same host. Servers in
    /// the field name their host alone.
    private boolean covers(String resource) {
        URI named;
        try {
            named = URI.create(resource);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
        if (named.getHost() == null || named.getRawFragment() != null || named.getRawUserInfo() != null) {
            return false;
        }
        var path = path(named);
        boolean query = named.getRawQuery() == null || named.getRawQuery().equals(server.getRawQuery());
        return query
                && origin(named).equals(origin(server))
                && (path(server).equals(path) || path(server).startsWith(path + "/"));
    }

    /// The description of an authorization server. It counts only when it names the very issuer that was
    /// asked for: otherwise one server could stand in for another.
    ServerMetadata issuer(String issuer) throws OAuthFault {
        var address = learned.use("authorization server", issuer);
        if (address.getRawQuery() != null) {
            throw failed("the issuer that the server names is none");
        }
        for (var place : places(address)) {
            var found = described(fetch.get(place));
            if (found.isPresent()) {
                return issuer(issuer, found.get());
            }
        }
        throw failed("the authorization server does not describe itself");
    }

    private static List<URI> places(URI issuer) {
        var path = path(issuer);
        return path.isEmpty()
                ? List.of(
                        issuer.resolve("/.well-known/oauth-authorization-server"),
                        issuer.resolve("/.well-known/openid-configuration"))
                : List.of(
                        issuer.resolve("/.well-known/oauth-authorization-server" + path),
                        issuer.resolve("/.well-known/openid-configuration" + path),
                        issuer.resolve(path + "/.well-known/openid-configuration"));
    }

    private ServerMetadata issuer(String issuer, JsonObject json) throws OAuthFault {
        if (!json.string("issuer").filter(issuer::equals).isPresent()) {
            throw failed("the authorization server describes itself under another name");
        }
        return new ServerMetadata(
                issuer,
                learn(json, "authorization_endpoint"),
                learn(json, "token_endpoint")
                        .orElseThrow(() -> failed("the authorization server has no token endpoint")),
                learn(json, "registration_endpoint"),
                strings(json, "code_challenge_methods_supported"),
                scopes(json),
                strings(json, "token_endpoint_auth_methods_supported"),
                json.bool("client_id_metadata_document_supported").orElse(false),
                json.bool("authorization_response_iss_parameter_supported").orElse(false));
    }

    private Optional<URI> learn(JsonObject json, String member) throws OAuthFault {
        var named = json.string(member);
        return named.isPresent() ? Optional.of(learned.use(member.replace('_', ' '), named.get())) : Optional.empty();
    }

    /// Only what is not there is looked for elsewhere.
    private static Optional<JsonObject> described(Fetch.Answer answer) throws OAuthFault {
        if (answer.status() == 200) {
            return Optional.of(answer.body().orElseThrow(() -> failed("a description cannot be read")));
        }
        if (answer.status() >= 400 && answer.status() < 500) {
            return Optional.empty();
        }
        throw failed("a description was answered with HTTP status " + answer.status());
    }

    private static Set<String> scopes(JsonObject json) {
        var scopes = new LinkedHashSet<String>();
        strings(json, "scopes_supported").stream().filter(Challenge::isScope).forEach(scopes::add);
        return scopes;
    }

    private static Set<String> strings(JsonObject json, String member) {
        return new LinkedHashSet<>(json.array(member).orElse(JsonArray.EMPTY).strings());
    }

    private static String path(URI address) {
        var path = address.getRawPath();
        return path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String origin(URI address) {
        var scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + address.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static OAuthFault failed(String detail) {
        return new OAuthFault("oauth_discovery_failed", detail);
    }
}
