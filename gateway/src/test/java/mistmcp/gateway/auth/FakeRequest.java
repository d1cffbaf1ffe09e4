package mistmcp.gateway.auth;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpRequest;

/// A request that a test makes up: from this machine, unless it says otherwise.
record FakeRequest(String method, List<Map.Entry<String, String>> headerLines, String bodyText, String peerAddress)
        implements HttpRequest {
    static FakeRequest post(String body) {
        return new FakeRequest("POST", List.of(), body, "127.0.0.1")
                .with("Host", "localhost:8000")
                .with("Content-Type", "application/json");
    }

    /// As the page of the gateway sends it.
    static FakeRequest fromPage(String body) {
        return post(body).with("Origin", "http://localhost:8000");
    }

    FakeRequest with(String name, String value) {
        var more = new ArrayList<>(headerLines);
        more.add(Map.entry(name, value));
        return new FakeRequest(method, more, bodyText, peerAddress);
    }

    FakeRequest without(String name) {
        return new FakeRequest(
                method,
                headerLines.stream()
                        .filter(line -> !line.getKey().equalsIgnoreCase(name))
                        .toList(),
                bodyText,
                peerAddress);
    }

    FakeRequest from(String address) {
        return new FakeRequest(method, headerLines, bodyText, address);
    }

    FakeRequest as(String otherMethod) {
        return new FakeRequest(otherMethod, headerLines, bodyText, peerAddress);
    }

    @Override
    public String id() {
        return "request-1";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String pathParameter(String name) {
        throw new AssertionError("no path parameter");
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.empty();
    }

    @Override
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
        return headerLines.stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public Optional<String> cookie(String name) {
        return headers("Cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.substring(name.length() + 1))
                .findFirst();
    }

    @Override
    public byte[] body() {
        return bodyText.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public InetAddress peer() {
        return InetAddress.ofLiteral(peerAddress);
    }
}
