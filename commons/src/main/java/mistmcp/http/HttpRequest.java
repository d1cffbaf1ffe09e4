package mistmcp.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// One request as it came in. Names of headers are matched without regard to case.
public interface HttpRequest {
    /// The correlation id of this request; also in every problem and log line.
    String id();

    /// `GET`, `POST`, `DELETE`, ...
    String method();

    /// The path without the query, decoded.
    String path();

    /// The part of the path that a route names `{name}`.
    String pathParameter(String name);

    /// The first value of a query parameter, decoded.
    Optional<String> query(String name);

    /// The query as it stands in the request line, without `?` and not decoded; empty when there is none.
    default String rawQuery() {
        return "";
    }

    /// The first value of a header.
    Optional<String> header(String name);

    /// All values of a header, one for each time that it was sent.
    List<String> headers(String name);

    /// The value of a cookie.
    Optional<String> cookie(String name);

    /// The body, whole. It is never longer than the route's limit.
    ///
    /// @throws HttpProblem 413 `body_too_large`, 408 `body_too_slow`, 415 for an encoded body
    byte[] body();

    /// The address of the peer of the connection, whatever any header says.
    InetAddress peer();

    /// The address of who calls: the peer, or, behind a proxy that is trusted, who called that. For records
    /// only: what only callers on this machine may do is decided by [#peer].
    default InetAddress client() {
        return peer();
    }

    /// `http` or `https`, as the caller used it.
    default String scheme() {
        return "http";
    }

    /// The host and port that the caller named, when he named one.
    default Optional<String> host() {
        return header("Host");
    }
}
