package mistmcp.http;

import java.io.IOException;
import java.io.OutputStream;
import mistmcp.json.JsonValue;

/// The answer to one request. Headers are set first; then exactly one of the sending methods is called.
public interface HttpResponse {
    /// Sets a header.
    HttpResponse header(String name, String value);

    /// Adds a header beside others of its name, for `Set-Cookie`.
    HttpResponse addHeader(String name, String value);

    /// Sends a whole body.
    void send(int status, String contentType, byte[] body) throws IOException;

    /// Sends no body.
    void send(int status) throws IOException;

    /// Begins a body that is written as it comes. The stream's `flush` puts all written so far on the wire; a
    /// write fails with an IOException once the caller is gone.
    OutputStream stream(int status, String contentType) throws IOException;

    /// Drops the connection without another byte; for servers that play broken ones.
    default void abort() {
        throw new UnsupportedOperationException("this response has no connection to drop");
    }

    /// Whether one of the sending methods has been called.
    boolean begun();

    /// Sends JSON.
    default void json(int status, JsonValue body) throws IOException {
        send(status, "application/json", mistmcp.json.Json.bytes(body));
    }
}
