package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// A browser: keeps cookies for one gateway, and follows no redirect by itself.
record WebBrowser(HttpClient wire, String base, Map<String, String> cookies) {
    static WebBrowser at(String base, HttpClient wire) {
        return new WebBrowser(wire, base, new LinkedHashMap<>());
    }

    HttpResponse<String> send(String method, URI address, String... headers) throws IOException, InterruptedException {
        return exchange(method, address, "", headers);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", URI.create(base + path));
    }

    /// A call that changes something, as a page of the gateway makes it.
    HttpResponse<String> post(String path, JsonObject body) throws IOException, InterruptedException {
        return exchange(
                "POST",
                URI.create(base + path),
                body.toString(),
                "Origin",
                base,
                "Content-Type",
                "application/json",
                "X-CSRF-Token",
                session().string("csrf").orElse("none"));
    }

    /// From the login to the address that the provider sends the browser back to.
    URI toCallback(String login) throws IOException, InterruptedException {
        return URI.create(location(send("GET", URI.create(location(get(login))))));
    }

    /// The whole way; answers the page that it ends on.
    String signIn(String login) throws IOException, InterruptedException {
        return location(send("GET", toCallback(login)));
    }

    JsonObject session() throws IOException, InterruptedException {
        return Json.parseObject(get("/auth/session").body());
    }

    boolean signedIn() throws IOException, InterruptedException {
        return get("/auth/session").statusCode() == 200;
    }

    static String location(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(302);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> exchange(String method, URI address, String body, String... headers)
            throws IOException, InterruptedException {
        var lines = new ArrayList<>(List.of(headers));
        if (address.toString().startsWith(base) && !cookies.isEmpty()) {
            lines.add("Cookie");
            lines.add(cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; ")));
        }
        var request = java.net.http.HttpRequest.newBuilder(address)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!lines.isEmpty()) {
            request.headers(lines.toArray(String[]::new));
        }
        var response = wire.send(request.build(), HttpResponse.BodyHandlers.ofString());
        response.headers().allValues("Set-Cookie").forEach(line -> {
            var pair = line.split(";", 2)[0].split("=", 2);
            if (line.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return response;
    }
}
