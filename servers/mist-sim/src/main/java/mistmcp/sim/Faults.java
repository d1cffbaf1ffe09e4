package mistmcp.sim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The faults that are waiting for a request. The first that matches is played and counted down. Safe for
/// several threads.
public final class Faults {
    private final List<Planned> planned = new ArrayList<>();

    /// Plays a fault for the next matching requests.
    ///
    /// @param method      the method, or `*` for any
    /// @param pathPattern a path in which `*` stands for one segment and `**` for anything
    /// @param times       for how many requests
    public void add(String method, String pathPattern, int times, Fault fault) {
        add(method, pathPattern, 0, times, fault);
    }

    /// Plays a fault after so many matching requests went through untouched.
    public synchronized void add(String method, String pathPattern, int after, int times, Fault fault) {
        planned.add(new Planned(method, pattern(pathPattern), after, times, fault));
    }

    /// Drops all faults.
    public synchronized void clear() {
        planned.clear();
    }

    synchronized Optional<Fault> take(String method, String path) {
        for (Iterator<Planned> all = planned.iterator(); all.hasNext(); ) {
            var one = all.next();
            if (!one.matches(method, path)) {
                continue;
            }
            if (one.after > 0) {
                one.after--;
                continue;
            }
            if (--one.times <= 0) {
                all.remove();
            }
            return Optional.of(one.fault);
        }
        return Optional.empty();
    }

    private static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (glob.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
            }
        }
        return Pattern.compile(regex.toString());
    }

    private static final class Planned {
        private final String method;
        private final Pattern path;
        private final Fault fault;
        private int after;
        private int times;

        Planned(String method, Pattern path, int after, int times, Fault fault) {
            this.method = method;
            this.path = path;
            this.after = after;
            this.times = times;
            this.fault = fault;
        }

        boolean matches(String requestMethod, String requestPath) {
            return (method.equals("*") || method.equals(requestMethod))
                    && path.matcher(requestPath).matches();
        }
    }
}
