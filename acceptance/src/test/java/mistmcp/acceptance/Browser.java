package mistmcp.acceptance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// What a browser does for a person: keeps cookies, names its Origin and shows the CSRF token. Not
/// thread-safe.
final class Browser {
    private final RunningStack stack;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String csrf = "";

    private Browser(RunningStack stack) {
        this.stack = stack;
    }

    /// A browser that has shown nothing yet.
    static Browser fresh(RunningStack stack) {
        return new Browser(stack);
    }

    /// A browser that has opened the operator's link and filled in the form.
    static Browser signedIn(RunningStack stack, String subject, String role) {
        var browser = fresh(stack);
        var opened = browser.post("/auth/dev/session", JsonObject.of("code", stack.linkCode()));
        if (opened.status() != 200) {
            throw new AssertionError("the sign-in code was refused: " + opened.text());
        }
        var signed = browser.post("/auth/dev/session", JsonObject.of("sub", subject, "roles", List.of(role)));
        if (signed.status() != 200) {
            throw new AssertionError("the sign-in was refused: " + signed.text());
        }
        browser.csrf =
                browser.get("/auth/session").body().string("csrf").orElseThrow(() -> new AssertionError("no csrf"));
        return browser;
    }

    /// The token that pages send along.
    String csrf() {
        return csrf;
    }

    /// All cookies, as a header.
    String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    RawHttp.Reply get(String path) {
        return send("GET", path, Map.of(), Optional.empty());
    }

    /// As a page of the gateway posts.
    RawHttp.Reply post(String path, JsonObject body) {
        return post(path, body, Map.of());
    }

    /// As a page posts, with some headers changed; an empty value leaves the header out.
    RawHttp.Reply post(String path, JsonObject body, Map<String, String> changed) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Origin", stack.url());
        if (!csrf.isEmpty()) {
            headers.put("X-CSRF-Token", csrf);
        }
        headers.putAll(changed);
        headers.values().removeIf(String::isEmpty);
        return send("POST", path, headers, Optional.of(body));
    }

    private RawHttp.Reply send(String method, String path, Map<String, String> headers, Optional<JsonObject> body) {
        var all = new LinkedHashMap<>(headers);
        if (!cookies.isEmpty()) {
            all.putIfAbsent("Cookie", cookieHeader());
        }
        var reply = RawHttp.send(stack.port(), method, path, all, body.map(Json::bytes));
        for (var cookie : reply.headers("Set-Cookie")) {
            var pair = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        }
        return reply;
    }
}
