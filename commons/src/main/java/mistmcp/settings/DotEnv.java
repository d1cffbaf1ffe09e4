package mistmcp.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads the text of a `.env` file: `NAME=value` lines, `#` comments. Single quotes are literal, double
/// quotes take the escapes `\n \t \" \\`, nothing is expanded. A name that is given twice is a fault.
public final class DotEnv {
    private static final Pattern LINE = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");

    private DotEnv() {}

    /// The settings of a file and what is wrong with it, a line each.
    public record Parsed(Map<String, String> values, List<String> faults) {
        /// Copies the collections given.
        public Parsed {
            values = Map.copyOf(values);
            faults = List.copyOf(faults);
        }
    }

    /// Reads the text of a file.
    public static Parsed parse(String text) {
        var values = new LinkedHashMap<String, String>();
        var faults = new ArrayList<String>();
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                faults.add("line " + number + ": expected `NAME=value`");
                continue;
            }
            var name = matcher.group(1);
            try {
                if (values.put(name, value(matcher.group(2).strip())) != null) {
                    faults.add("line " + number + ": `" + name + "` is given twice");
                }
            } catch (IllegalArgumentException unclosed) {
                faults.add("line " + number + ": `" + name + "` has a quote that is not closed");
            }
        }
        return new Parsed(values, faults);
    }

    private static String value(String raw) {
        if (raw.startsWith("'")) {
            int end = raw.indexOf('\'', 1);
            requireEnd(raw, end);
            return raw.substring(1, end);
        }
        if (raw.startsWith("\"")) {
            return doubleQuoted(raw);
        }
        int comment = raw.indexOf(" #");
        return (comment >= 0 ? raw.substring(0, comment) : raw).strip();
    }

    private static String doubleQuoted(String raw) {
        var value = new StringBuilder();
        int at = 1;
        while (at < raw.length() && raw.charAt(at) != '"') {
            char next = raw.charAt(at);
            if (next == '\\' && at + 1 < raw.length()) {
                at++;
                value.append(
                        switch (raw.charAt(at)) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            default -> raw.charAt(at);
                        });
            } else {
                value.append(next);
            }
            at++;
        }
        requireEnd(raw, at < raw.length() ? at : -1);
        return value.toString();
    }

    private static void requireEnd(String raw, int end) {
        var rest = end < 0 ? "x" : raw.substring(end + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            throw new IllegalArgumentException("the quote is not closed");
        }
    }
}
