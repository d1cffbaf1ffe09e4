package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpClient;
import mistmcp.http.HttpFailure;
import mistmcp.http.InboundResponse;
import mistmcp.http.OutboundRequest;

/// One look at what a provider publishes, over `https` or loopback, within five seconds and 256 KiB. Keeps
/// nothing.
record ProviderDocuments(HttpClient client) {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /// What came of a look.
    sealed interface Look {
        /// A document, and what time the provider's clock showed.
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Seen(byte[] body, Optional<Instant> date) implements Look {}

        /// No document, with the reason in words.
        record Missing(int status, String why) implements Look {}
    }

    Look get(URI address) throws InterruptedException {
        if (!ProviderMetadata.safe(address)) {
            return new Look.Missing(0, "is neither `https` nor on this machine, so it is not called");
        }
        var request = new OutboundRequest(
                "GET", address, Map.of("Accept", "application/json"), Optional.empty(), DEADLINE, DEADLINE);
        try (var response = client.send(request)) {
            return response.status() == 200
                    ? new Look.Seen(response.body(KeySet.MAX_BYTES), date(response))
                    : new Look.Missing(response.status(), "answered with status " + response.status());
        } catch (HttpFailure failed) {
            return new Look.Missing(0, "cannot be reached: " + failed.getMessage());
        } catch (IOException broken) {
            return new Look.Missing(0, "broke off in the middle of its answer");
        }
    }

    private static Optional<Instant> date(InboundResponse response) {
        try {
            return response.header("Date")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
