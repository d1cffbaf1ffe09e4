package mistmcp.gateway.auth;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.http.HttpResponse;

/// A response that keeps the cookies set.
final class FakeResponse implements HttpResponse {
    final List<String> cookies = new ArrayList<>();

    /// The `name=value` of a cookie that was set, as a browser sends it back.
    Optional<String> cookie(String name) {
        return cookies.stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.split(";", 2)[0])
                .findFirst();
    }

    @Override
    public HttpResponse header(String name, String value) {
        return this;
    }

    @Override
    public HttpResponse addHeader(String name, String value) {
        if (name.equals("Set-Cookie")) {
            cookies.add(value);
        }
        return this;
    }

    @Override
    public void send(int status, String contentType, byte[] body) {}

    @Override
    public void send(int status) {}

    @Override
    public OutputStream stream(int status, String contentType) {
        return OutputStream.nullOutputStream();
    }

    @Override
    public boolean begun() {
        return false;
    }
}
