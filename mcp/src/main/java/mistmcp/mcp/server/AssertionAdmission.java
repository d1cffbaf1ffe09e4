package mistmcp.mcp.server;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.assertion.Assertion;
import mistmcp.assertion.AssertionKey;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.mcp.McpRequest;

/// Lets in what the gateway vouches for: each call carries an assertion for exactly its method, target and
/// arguments. The requests of the wire itself, such as `initialize`, go with any assertion for this server. A
/// refusal is 401 `assertion_refused`, and says no more.
public final class AssertionAdmission implements Admission<Assertion> {
    private static final Set<String> OF_THE_WIRE =
            Set.of("initialize", "ping", "logging/setLevel", "server/discover", "subscriptions/listen");

    private final AssertionKey key;
    private final String audience;
    private final HttpRequest request;

    /// For one HTTP request to the server of this name.
    public AssertionAdmission(AssertionKey key, String audience, HttpRequest request) {
        this.key = key;
        this.audience = audience;
        this.request = request;
    }

    @Override
    public Assertion admit(McpRequest call) {
        var assertion = verified();
        boolean bound = OF_THE_WIRE.contains(call.method())
                || (assertion.method().equals(call.method())
                        && assertion.target().equals(call.target().orElse(""))
                        && assertion.argumentsDigest().equals(digest(call.arguments())));
        if (!bound) {
            throw refused();
        }
        return assertion;
    }

    @Override
    public String key() {
        return verified().principal();
    }

    /// The digest of arguments as an assertion carries it; of no bytes when there are none.
    public static String digest(Optional<RawJson> arguments) {
        return arguments.map(Sha256::of).orElseGet(() -> Sha256.of(new byte[0]));
    }

    private Assertion verified() {
        var tokens = request.headers(Assertion.HEADER);
        return tokens.size() == 1
                ? key.verify(tokens.getFirst(), audience).orElseThrow(AssertionAdmission::refused)
                : refuse();
    }

    private static Assertion refuse() {
        throw refused();
    }

    private static HttpProblem refused() {
        return new HttpProblem(
                401,
                "assertion_refused",
                "this server answers the gateway only",
                JsonObject.EMPTY,
                Map.of("WWW-Authenticate", Assertion.HEADER));
    }
}
