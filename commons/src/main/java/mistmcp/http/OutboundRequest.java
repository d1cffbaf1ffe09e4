package mistmcp.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A request of ours to another server. Its headers are exactly these, plus what HTTP needs.
///
/// @param body     the bytes to send; empty for none
/// @param deadline from the start to the last byte of the answer; for a streamed answer, to its head
/// @param silence  how long the other side may send nothing
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutboundRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        Optional<byte[]> body,
        Duration deadline,
        Duration silence) {
    /// Copies the headers.
    public OutboundRequest {
        headers = Map.copyOf(headers);
    }
}
