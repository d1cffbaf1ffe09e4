package mistmcp.gateway.auth;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;

/// Admits calls that come straight from this machine: the peer and the Host are loopback, and no proxy has
/// put its mark on them.
final class LocalCall {
    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");
    private static final List<String> FORWARDED = List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Forwarded-Server",
            "X-Forwarded-Ssl",
            "X-Original-Host",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-Real-IP",
            "X-Client-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "Via");

    private LocalCall() {}

    /// @throws HttpProblem 403 `loopback_only` or `forwarded_call`
    static void require(HttpRequest request) {
        refusal(request).ifPresent(refused -> {
            throw refused;
        });
    }

    static Optional<HttpProblem> refusal(HttpRequest request) {
        var hosts = request.headers("Host");
        if (!request.peer().isLoopbackAddress()
                || hosts.size() != 1
                || !LOOPBACK_HOST.matcher(hosts.getFirst()).matches()) {
            return Optional.of(
                    new HttpProblem(403, "loopback_only", "this is for callers on the gateway's own machine"));
        }
        if (FORWARDED.stream().anyMatch(name -> !request.headers(name).isEmpty())) {
            return Optional.of(new HttpProblem(403, "forwarded_call", "this takes no calls that came through a proxy"));
        }
        return Optional.empty();
    }

    /// @throws HttpProblem 415 `content_type_not_supported`
    static void requireJson(HttpRequest request) {
        var type = request.header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/json")) {
            throw new HttpProblem(415, "content_type_not_supported", "send `application/json` here");
        }
    }
}
