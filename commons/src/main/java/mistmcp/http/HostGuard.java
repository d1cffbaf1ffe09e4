package mistmcp.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/// What a Host or Origin header names, checked against the names that this server answers to (DNS
/// rebinding).
record HostGuard(Set<String> allowed) {
    void check(HttpRequest request) {
        var host = request.host();
        if (request.headers("Host").size() != 1 || host.isEmpty() || !known(hostOf(host.get()))) {
            throw new HttpProblem(
                    403, "host_not_allowed", "the Host header names a host that this server does not answer to");
        }
        var origins = request.headers("Origin");
        if (origins.size() > 1 || origins.stream().anyMatch(origin -> !knownOrigin(origin))) {
            throw new HttpProblem(
                    403, "origin_not_allowed", "the Origin header names a site that may not call this server");
        }
    }

    private boolean knownOrigin(String origin) {
        try {
            var uri = URI.create(origin);
            return uri.getHost() != null && known(uri.getHost());
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    private boolean known(String host) {
        return switch (host.toLowerCase(Locale.ROOT)) {
            case "localhost", "127.0.0.1", "[::1]" -> true;
            case String name -> allowed.contains(name) || allowed.contains("*");
        };
    }

    private static String hostOf(String header) {
        int colon = header.lastIndexOf(':');
        return colon > header.lastIndexOf(']') && colon >= 0 ? header.substring(0, colon) : header;
    }
}
