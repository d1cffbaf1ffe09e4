package mistmcp.gateway.auth;

import java.time.Duration;
import java.util.Optional;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;

/// Our cookies: out of reach of scripts, of other sites and of other hosts. Chromium and Firefox take
/// `Secure` cookies from `http://localhost` and `http://127.0.0.1`; Safari does not, and cannot sign in
/// without TLS.
enum HostCookie {
    SESSION("__Host-mist", "Strict"),
    PERMIT("__Host-mist-permit", "Strict"),
    /// Lax, as it must come along when the provider sends the browser back.
    SIGN_IN("__Host-mist-sign-in", "Lax"),
    /// Lax, as it must come along when the authorization server of an upstream sends the browser back.
    UPSTREAM("__Host-mist-upstream", "Lax");

    private final String text;
    private final String attributes;

    HostCookie(String text, String sameSite) {
        this.text = text;
        this.attributes = "; Path=/; Secure; HttpOnly; SameSite=" + sameSite;
    }

    /// The cookie's value, when it has the form of our ids.
    Optional<String> read(HttpRequest request) {
        return request.cookie(text).filter(value -> value.matches("[A-Za-z0-9_-]{43}"));
    }

    void set(HttpResponse response, String value) {
        response.addHeader("Set-Cookie", text + "=" + value + attributes);
    }

    void set(HttpResponse response, String value, Duration life) {
        response.addHeader("Set-Cookie", text + "=" + value + attributes + "; Max-Age=" + life.toSeconds());
    }

    void clear(HttpResponse response) {
        response.addHeader("Set-Cookie", text + "=" + attributes + "; Max-Age=0");
    }
}
