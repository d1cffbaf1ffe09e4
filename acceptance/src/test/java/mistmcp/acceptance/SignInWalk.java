package mistmcp.acceptance;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a browser does on the way through Keycloak's sign-in page: follows redirects, keeps the cookies of
/// each host, and posts the form with a name and its password. Not thread-safe.
final class SignInWalk {
    private static final int MOST = 10;
    private static final Pattern FORM = Pattern.compile("<form[^>]*id=\"kc-form-login\"[^>]*action=\"([^\"]+)\"");

    private final Map<String, Map<String, String>> cookies = new HashMap<>();
    private final List<URI> visited = new ArrayList<>();

    /// The addresses that were asked, the last one last.
    List<URI> visited() {
        return List.copyOf(visited);
    }

    /// Opens an address and goes where it leads.
    RawHttp.Reply open(String address) {
        return follow("GET", URI.create(address), Optional.empty());
    }

    /// Opens an address that leads to the sign-in page, signs in, and goes where that leads.
    RawHttp.Reply signIn(String address, String user) {
        var page = open(address);
        var form = FORM.matcher(page.text());
        if (!form.find()) {
            throw new AssertionError("no sign-in page: " + page.status() + " " + page.text());
        }
        var fields = Map.of("username", user, "password", user + "-password");
        return follow("POST", URI.create(form.group(1).replace("&amp;", "&")), Optional.of(fields));
    }

    private RawHttp.Reply follow(String method, URI address, Optional<Map<String, String>> form) {
        var reply = send(method, address, form);
        for (int i = 0; i < MOST && (reply.status() == 302 || reply.status() == 303); i++) {
            var to = visited.getLast().resolve(reply.headers("Location").getFirst());
            reply = send("GET", to, Optional.empty());
        }
        return reply;
    }

    private RawHttp.Reply send(String method, URI address, Optional<Map<String, String>> form) {
        visited.add(address);
        var kept = cookies.computeIfAbsent(address.getHost(), _ -> new LinkedHashMap<>());
        var headers = new LinkedHashMap<>(Map.of("Host", address.getAuthority(), "Accept", "text/html"));
        if (!kept.isEmpty()) {
            headers.put("Cookie", pairs(kept, "; "));
        }
        form.ifPresent(_ -> headers.put("Content-Type", "application/x-www-form-urlencoded"));
        var target = address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
        var reply = RawHttp.send(
                address.getPort(),
                method,
                target,
                headers,
                form.map(fields -> pairs(encoded(fields), "&").getBytes(StandardCharsets.US_ASCII)));
        for (var cookie : reply.headers("Set-Cookie")) {
            var pair = cookie.split(";", 2)[0].split("=", 2);
            if (cookie.contains("Max-Age=0")) {
                kept.remove(pair[0]);
            } else {
                kept.put(pair[0], pair[1]);
            }
        }
        return reply;
    }

    private static Map<String, String> encoded(Map<String, String> fields) {
        var encoded = new LinkedHashMap<String, String>();
        fields.forEach((name, value) -> encoded.put(name, URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return encoded;
    }

    private static String pairs(Map<String, String> pairs, String between) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining(between));
    }
}
