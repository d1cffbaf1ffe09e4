package mistmcp.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the members of JSON objects in their bytes, and puts objects together from such parts. What is read
/// is checked as a whole in the same pass: UTF-8, grammar, depth, duplicate keys at every level.
public final class JsonSpans {
    private JsonSpans() {}

    /// An object and those of its members that were opened as well.
    ///
    /// @param inner the members of the opened members that are objects, by the opened member's name
    public record Opened(RawObject object, Map<String, RawObject> inner) {
        /// An opened member; empty when it is absent or no object.
        public java.util.Optional<RawObject> inner(String name) {
            return java.util.Optional.ofNullable(inner.get(name));
        }
    }

    /// The members of the object, each as the bytes of its value, in order.
    ///
    /// @throws InvalidJson when the bytes are not exactly one JSON object within the limits
    public static Map<String, RawJson> members(RawJson object, JsonLimits limits) {
        return open(object, limits, Set.of()).object().members();
    }

    /// The members of the object and, in the same pass, those of the members named.
    ///
    /// @throws InvalidJson when the bytes are not exactly one JSON object within the limits
    public static Opened open(RawJson object, JsonLimits limits, Set<String> names) {
        var finder = new Finder(object, names);
        var scanner = new JsonScanner(limits, finder);
        scanner.take(object.array(), object.start(), object.end());
        scanner.finish();
        return finder.opened();
    }

    /// Keeps the members as they are found.
    private static final class Finder implements JsonScanner.Found {
        private final RawJson text;
        private final Set<String> names;
        private final Members<RawJson> members = new Members<>();
        private final Map<String, RawObject> inner = new HashMap<>();
        private @Nullable Members<RawJson> open;

        Finder(RawJson text, Set<String> names) {
            this.text = text;
            this.names = names;
        }

        @Override
        public void begins(int depth, String name, int start) {
            if (depth == 1) {
                open = names.contains(name) && text.array()[text.start() + start] == '{' ? new Members<>() : null;
            }
        }

        @Override
        public void ends(int depth, String name, int start, int end) {
            var value = new RawJson(text.array(), text.start() + start, text.start() + end);
            var opened = open;
            if (depth == 1) {
                members.put(name, value);
                if (opened != null) {
                    inner.put(name, new RawObject(value, opened));
                }
            } else if (opened != null) {
                opened.put(name, value);
            }
        }

        Opened opened() {
            var object = trimmed(text);
            if (!object.isObject()) {
                throw new InvalidJson(InvalidJson.Reason.MALFORMED, "expected a JSON object");
            }
            return new Opened(new RawObject(object, members), inner);
        }

        private static RawJson trimmed(RawJson text) {
            int start = text.start();
            int end = text.end();
            while (start < end && text.array()[start] <= ' ') {
                start++;
            }
            while (end > start && text.array()[end - 1] <= ' ') {
                end--;
            }
            return new RawJson(text.array(), start, end);
        }
    }

    /// The members of an object that is known to be valid JSON, as [#members] finds them; the fast way,
    /// without checks.
    public static Map<String, RawJson> known(RawJson object) {
        var members = new Members<RawJson>();
        if (object.isObject()) {
            var scan = new TopLevel(object);
            while (scan.next()) {
                members.put(scan.name(), new RawJson(object.array(), scan.valueStart(), scan.valueEnd()));
            }
        }
        return members;
    }

    /// An object of the members given, each value to the byte as it stood.
    public static RawJson join(Map<String, RawJson> members) {
        var out = new Joined(256);
        out.write('{');
        members.forEach(out::member);
        out.write('}');
        return out.json();
    }

    /// The same object with members set: those it has are replaced where they stand, the others come last.
    /// Every other byte stays as it was. The object is known to be valid JSON.
    public static RawJson set(RawJson object, Map<String, RawJson> values) {
        return set(new RawObject(object, known(object)), values);
    }

    /// The same for an object whose members are known, which are windows of its own bytes.
    public static RawJson set(RawObject object, Map<String, RawJson> values) {
        return set(object, Map.of(), values);
    }

    /// The same, with members that the object does not have put before all others.
    public static RawJson set(RawObject object, Map<String, RawJson> first, Map<String, RawJson> values) {
        if (first.isEmpty() && values.isEmpty()) {
            return object.raw();
        }
        var raw = object.raw();
        var out = new Joined(raw.length() + space(first) + space(values));
        out.write('{');
        first.forEach(out::member);
        int copied = raw.start() + 1;
        if (!object.members().isEmpty()) {
            out.separate();
            for (var member : object.members().entrySet()) {
                var value = values.get(member.getKey());
                if (value != null) {
                    out.write(raw.array(), copied, member.getValue().start() - copied);
                    out.write(value.array(), value.start(), value.length());
                    copied = member.getValue().end();
                }
            }
        }
        out.write(raw.array(), copied, raw.end() - 1 - copied);
        values.forEach((name, value) -> {
            if (!object.members().containsKey(name)) {
                out.member(name, value);
            }
        });
        out.write('}');
        return out.json();
    }

    private static int space(Map<String, RawJson> values) {
        return values.values().stream().mapToInt(value -> value.length() + 24).sum();
    }

    /// The value of a member of an object that is known to be valid JSON; the fast way, without checks.
    public static java.util.Optional<RawJson> find(RawJson object, String name) {
        if (!object.isObject()) {
            return java.util.Optional.empty();
        }
        var scan = new TopLevel(object);
        while (scan.next()) {
            if (scan.name().equals(name)) {
                return java.util.Optional.of(new RawJson(object.array(), scan.valueStart(), scan.valueEnd()));
            }
        }
        return java.util.Optional.empty();
    }

    /// An object while it is put together.
    private static final class Joined extends ByteArrayOutputStream {
        private boolean any;

        Joined(int size) {
            super(size);
        }

        void separate() {
            if (any) {
                write(',');
            }
            any = true;
        }

        void member(String name, RawJson value) {
            separate();
            writeBytes(plain(name) ? quoted(name) : Json.bytes(new JsonString(name)));
            write(':');
            write(value.array(), value.start(), value.length());
        }

        /// What was written, not copied.
        RawJson json() {
            return new RawJson(buf, 0, count);
        }
    }

    private static byte[] quoted(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /// Whether a name needs no escape: nearly all are of letters.
    private static boolean plain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter < ' ' || letter > '~' || letter == '"' || letter == '\\') {
                return false;
            }
        }
        return true;
    }
}
