package mistmcp.gateway.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// Tells the operator from every other caller on this machine: who can read the gateway's run file, mode
/// 0600, holds a token that is made anew at each start. Nobody gets it over HTTP.
public final class OperatorAccess {
    /// The header that carries the operator's token.
    public static final String HEADER = "Mist-Operator";

    private final Secret token = new Secret(RandomIds.fresh());

    /// Writes the run file `DATA_DIR/run/gateway.json`: the facts given, and `operatorToken`.
    ///
    /// @param facts what else clients on this machine need, such as `url` and `pid`
    public void publish(Path runFile, JsonObject facts) throws IOException {
        OwnerFiles.writePrivate(runFile, Json.bytes(facts.with("operatorToken", token.reveal())));
    }

    /// Removes the run file, at the end.
    public void withdraw(Path runFile) throws IOException {
        Files.deleteIfExists(runFile);
    }

    /// Whether a call comes straight from this machine, through no proxy.
    public static boolean direct(HttpRequest request) {
        return LocalCall.refusal(request).isEmpty();
    }

    /// Admits the operator: a call from this machine, from no web page, with the token of the run file.
    ///
    /// @throws HttpProblem 403 `operator_required`, or as calls from elsewhere are refused
    public void require(HttpRequest request) {
        LocalCall.require(request);
        var given = request.headers(HEADER);
        if (!request.headers("Origin").isEmpty() || given.size() != 1 || !token.matches(given.getFirst())) {
            throw new HttpProblem(
                    403,
                    "operator_required",
                    "this is for the operator: the commands of `./mist` prove it with the gateway's run file");
        }
    }
}
