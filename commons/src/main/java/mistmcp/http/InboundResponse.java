package mistmcp.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Another server's answer, its body not read yet. Close it in any case; closing before the end drops the
/// connection.
public interface InboundResponse extends AutoCloseable {
    /// The HTTP status.
    int status();

    /// The first value of a header.
    Optional<String> header(String name);

    /// All values of a header.
    List<String> headers(String name);

    /// The body as it comes, decoded. Reading fails with [HttpFailure].
    InputStream body();

    /// Lifts the deadline: from here on only silence of the other side ends the reading.
    void streaming();

    /// The whole body.
    ///
    /// @throws HttpFailure `TOO_LARGE` beyond the bound, or what broke it
    byte[] body(int maxBytes) throws IOException;

    @Override
    void close();
}
