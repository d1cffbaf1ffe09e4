package mistmcp.gateway.auth;

import java.util.Optional;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;

/// Our cookies: out of reach of scripts, of other sites and of other hosts. Chromium and Firefox take `Secure`
/// cookies from `http://localhost` and `http://127.0.0.1`; Safari does not, and cannot sign in without TLS.
enum HostCookie {
    SESSION("__Host-mist"),
    PERMIT("__Host-mist-permit");

    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private final String text;

    HostCookie(String text) {
        this.text = text;
    }

    /// The cookie's value, when it has the form of our ids.
    Optional<String> read(HttpRequest request) {
        return request.cookie(text).filter(value -> value.matches("[A-Za-z0-9_-]{43}"));
    }

    void set(HttpResponse response, String value) {
        response.addHeader("Set-Cookie", text + "=" + value + ATTRIBUTES);
    }

    void clear(HttpResponse response) {
        response.addHeader("Set-Cookie", text + "=" + ATTRIBUTES + "; Max-Age=0");
    }
}
