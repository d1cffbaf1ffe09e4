package mistmcp.http;

import java.io.IOException;

/// Answers one request, on a virtual thread of its own, in blocking style.
@FunctionalInterface
public interface HttpHandler {
    /// Reads the request and answers through the response.
    ///
    /// @throws HttpProblem to answer `application/problem+json`
    /// @throws IOException when the caller has gone away
    void handle(HttpRequest request, HttpResponse response) throws IOException, InterruptedException;
}
