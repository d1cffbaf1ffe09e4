package mistmcp.mist;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The names of switch ports, and the keys of Mist's port maps: a name (`ge-0/0/7`), a range (`ge-0/0/0-10`),
/// or a comma list of both (`ge-0/0/0-3,ge-0/0/8,mge-0/0/1`).
public final class PortNames {
    private static final Pattern PORT = Pattern.compile("[a-z]{2,4}-[0-9]{1,2}/[0-9]{1,2}/[0-9]{1,3}");
    private static final Pattern OTHER = Pattern.compile("(ae|irb|reth|vme|me|em|fxp|lo|eth)[0-9]{0,4}");
    private static final Pattern RANGE =
            Pattern.compile("([a-z]{2,4}-[0-9]{1,2}/[0-9]{1,2}/)([0-9]{1,3})-([0-9]{1,3})");
    private static final Pattern NUMBER = Pattern.compile("(?<![0-9])[0-9]{1,5}(?![0-9])");
    private static final int MOST_PORTS = 1_000;

    private PortNames() {}

    /// Whether a text names one port.
    public static boolean isPort(String text) {
        return PORT.matcher(text).matches() || OTHER.matcher(text).matches();
    }

    /// The ports that a key covers, in its order; empty when the key is not of a form that we read.
    public static Optional<Set<String>> of(String key) {
        var ports = new LinkedHashSet<String>();
        for (var part : key.split(",", -1)) {
            var some = part(part.strip());
            if (some.isEmpty() || ports.size() + some.size() > MOST_PORTS) {
                return Optional.empty();
            }
            ports.addAll(some);
        }
        return Optional.of(ports);
    }

    /// Whether a key covers a port. A key of a form that we do not read covers only the port of its own name.
    public static boolean covers(String key, String port) {
        return of(key).map(ports -> ports.contains(port)).orElse(key.equals(port));
    }

    /// The keys that cover what a key covers less one port, runs of neighbours as ranges, in their order;
    /// empty when nothing is left.
    public static List<String> without(String key, String port) {
        var left = new ArrayList<>(of(key).orElse(Set.of()));
        left.remove(port);
        return grouped(left);
    }

    /// The shortest keys for ports in their order: neighbours that count up become a range.
    public static List<String> grouped(List<String> ports) {
        var keys = new ArrayList<String>();
        for (int i = 0; i < ports.size(); ) {
            int last = i;
            while (last + 1 < ports.size() && follows(ports.get(last), ports.get(last + 1))) {
                last++;
            }
            var first = ports.get(i);
            keys.add(last == i ? first : first + "-" + number(ports.get(last)));
            i = last + 1;
        }
        return keys;
    }

    /// A text by which ports sort as people count them: `ge-0/0/9` before `ge-0/0/10`.
    public static String sortKey(String port) {
        return NUMBER.matcher(port)
                .replaceAll(digits -> "0".repeat(6 - digits.group().length()) + digits.group());
    }

    private static List<String> part(String part) {
        var range = RANGE.matcher(part);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(2));
            int to = Integer.parseInt(range.group(3));
            var ports = new ArrayList<String>();
            for (int i = from; i <= to && ports.size() <= MOST_PORTS; i++) {
                ports.add(range.group(1) + i);
            }
            return ports;
        }
        return isPort(part) ? List.of(part) : List.of();
    }

    private static boolean follows(String port, String next) {
        return PORT.matcher(port).matches()
                && PORT.matcher(next).matches()
                && stem(port).equals(stem(next))
                && number(next) == number(port) + 1;
    }

    private static String stem(String port) {
        return port.substring(0, port.lastIndexOf('/') + 1);
    }

    private static int number(String port) {
        return Integer.parseInt(port.substring(port.lastIndexOf('/') + 1));
    }
}
