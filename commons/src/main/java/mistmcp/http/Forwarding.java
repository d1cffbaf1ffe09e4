package mistmcp.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds out who really calls. What proxies say about it (`X-Forwarded-For`, `-Proto`, `-Host`, or
/// `Forwarded` of RFC 7239) is believed from the proxies that are trusted, and as far back as they go; from
/// anybody else it is nothing.
record Forwarding(List<AddressRange> trusted) {
    private static final Pattern IPV4_PORT = Pattern.compile("([0-9.]+)(:[0-9]{1,5})?");
    private static final Pattern IPV6_PORT = Pattern.compile("\\[([0-9a-fA-F:.]+)](:[0-9]{1,5})?");
    private static final Pattern PAIR =
            Pattern.compile("\\s*([A-Za-z]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\";,\\s]*))\\s*(;|,|$)");

    /// Who calls, and how he called the first proxy that we trust.
    record Origin(InetAddress client, String scheme, Optional<String> host) {}

    private record Hop(Optional<String> from, Optional<String> scheme, Optional<String> host) {}

    Forwarding {
        trusted = List.copyOf(trusted);
    }

    /// @param scheme the scheme of the connection itself
    /// @throws HttpProblem 400 `forwarded_ambiguous` or `forwarded_malformed`
    Origin origin(HttpRequest request, String scheme) {
        var peer = request.peer();
        if (!trusts(peer)) {
            return new Origin(peer, scheme, single(request, "Host"));
        }
        boolean standard = !request.headers("Forwarded").isEmpty();
        boolean older = List.of("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host").stream()
                .anyMatch(name -> !request.headers(name).isEmpty());
        if (standard && older) {
            // A proxy writes one of the two and lets the caller's other one pass: there is no telling which.
            throw new HttpProblem(
                    400,
                    "forwarded_ambiguous",
                    "the request has `Forwarded` and `X-Forwarded-...` headers; send one kind");
        }
        return standard ? standard(request, scheme) : older(request, scheme);
    }

    private Origin older(HttpRequest request, String scheme) {
        var hops = request.headers("X-Forwarded-For").stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .map(String::strip)
                .toList();
        var client = request.peer();
        for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
            client = address(hops.get(i));
        }
        return new Origin(
                client,
                single(request, "X-Forwarded-Proto").map(Forwarding::scheme).orElse(scheme),
                single(request, "X-Forwarded-Host").or(() -> single(request, "Host")));
    }

    private Origin standard(HttpRequest request, String scheme) {
        var hops = hops(String.join(",", request.headers("Forwarded")));
        var client = request.peer();
        var origin = new Origin(client, scheme, single(request, "Host"));
        for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
            var hop = hops.get(i);
            client = address(hop.from().orElseThrow(Forwarding::malformed));
            origin = new Origin(
                    client,
                    hop.scheme().map(Forwarding::scheme).orElse(scheme),
                    hop.host().or(() -> single(request, "Host")));
        }
        return origin;
    }

    private boolean trusts(InetAddress address) {
        for (var range : trusted) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static List<Hop> hops(String text) {
        var hops = new ArrayList<Hop>();
        var hop = new Hop(Optional.empty(), Optional.empty(), Optional.empty());
        var pair = PAIR.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!pair.find(at) || pair.start() != at) {
                throw malformed();
            }
            var quoted = Optional.ofNullable(pair.group(2)).map(value -> value.replaceAll("\\\\(.)", "$1"));
            var value = quoted.or(() -> Optional.ofNullable(pair.group(3)));
            hop = switch (pair.group(1).toLowerCase(Locale.ROOT)) {
                case "for" -> new Hop(value, hop.scheme(), hop.host());
                case "proto" -> new Hop(hop.from(), value, hop.host());
                case "host" -> new Hop(hop.from(), hop.scheme(), value);
                default -> hop;
            };
            at = pair.end();
            if (!pair.group(4).equals(";")) {
                hops.add(hop);
                hop = new Hop(Optional.empty(), Optional.empty(), Optional.empty());
            }
        }
        return hops;
    }

    private static Optional<String> single(HttpRequest request, String name) {
        var lines = request.headers(name);
        boolean one = lines.size() == 1 && lines.getFirst().indexOf(',') < 0;
        if (!one && !lines.isEmpty()) {
            if (name.equals("Host")) {
                return Optional.empty();
            }
            throw malformed();
        }
        return one ? Optional.of(lines.getFirst()) : Optional.empty();
    }

    private static String scheme(String told) {
        return switch (told.strip().toLowerCase(Locale.ROOT)) {
            case "https" -> "https";
            case "http" -> "http";
            default -> throw malformed();
        };
    }

    private static InetAddress address(String told) {
        for (var form : List.of(IPV4_PORT, IPV6_PORT)) {
            var matcher = form.matcher(told);
            if (matcher.matches()) {
                return literal(matcher.group(1));
            }
        }
        return literal(told);
    }

    private static InetAddress literal(String text) {
        return HostText.literal(text).orElseThrow(Forwarding::malformed);
    }

    private static HttpProblem malformed() {
        return new HttpProblem(400, "forwarded_malformed", "the proxy's forwarded headers cannot be read");
    }
}
