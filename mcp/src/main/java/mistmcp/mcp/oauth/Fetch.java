package mistmcp.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// The few requests of this package: small, short, and never to where a redirect points.
final class Fetch {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 256 << 10;
    private static final JsonLimits LIMITS = new JsonLimits(MAX_BYTES, 32, 400);

    private final HttpClient http;

    Fetch(HttpClient http) {
        this.http = http;
    }

    /// An answer.
    ///
    /// @param body what it says; nothing when that is no JSON object
    record Answer(int status, Optional<JsonObject> body) {}

    Answer get(URI address) throws OAuthFault {
        return send("GET", address, Map.of(), Optional.empty());
    }

    Answer post(URI address, JsonObject body) throws OAuthFault {
        return send("POST", address, Map.of("Content-Type", "application/json"), Optional.of(Json.bytes(body)));
    }

    Answer post(URI address, Map<String, String> form, Map<String, String> headers) throws OAuthFault {
        var all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/x-www-form-urlencoded");
        return send("POST", address, all, Optional.of(form(form).getBytes(StandardCharsets.US_ASCII)));
    }

    /// Names and values as a form has them, and a query.
    static String form(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer send(String method, URI address, Map<String, String> headers, Optional<byte[]> body)
            throws OAuthFault {
        var all = new LinkedHashMap<>(headers);
        all.put("Accept", "application/json");
        var request = new OutboundRequest(method, address, all, body, DEADLINE, DEADLINE);
        try (var response = http.send(request)) {
            var bytes = response.body(MAX_BYTES);
            return new Answer(response.status(), object(bytes));
        } catch (IOException failed) {
            throw new OAuthFault(
                    "oauth_unreachable", "no answer of `" + address.getRawAuthority() + "` that can be used");
        }
    }

    private static Optional<JsonObject> object(byte[] bytes) {
        try {
            return Optional.of(Json.parseObject(bytes, LIMITS));
        } catch (InvalidJson other) {
            return Optional.empty();
        }
    }
}
