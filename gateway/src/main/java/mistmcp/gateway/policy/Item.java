package mistmcp.gateway.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is called, taken apart once for all the patterns that it is held against. A server may decode what a
/// URI holds in percent signs, so a resource is read twice: as it stands and decoded.
///
/// @param readings the segments of each reading
/// @param folded   the same in lower case
record Item(String upstream, Kind kind, List<List<String>> readings, List<List<String>> folded) {
    /// What there is to call.
    enum Kind {
        TOOL(""),
        RESOURCE("resource:"),
        PROMPT("prompt:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /// The kind of a name such as `resource:mist://org`.
        static Kind of(String name) {
            if (name.startsWith(RESOURCE.prefix)) {
                return RESOURCE;
            }
            return name.startsWith(PROMPT.prefix) ? PROMPT : TOOL;
        }

        /// The name without what tells the kind.
        String bare(String name) {
            return name.substring(prefix.length());
        }
    }

    static Item of(String upstream, String name) {
        var kind = Kind.of(name);
        var bare = kind.bare(name);
        var readings =
                kind == Kind.RESOURCE && bare.indexOf('%') >= 0 ? List.of(bare, percentDecoded(bare)) : List.of(bare);
        return new Item(upstream, kind, segments(readings, false), segments(readings, true));
    }

    private static List<List<String>> segments(List<String> texts, boolean folded) {
        var all = new ArrayList<List<String>>(texts.size());
        for (var text : texts) {
            all.add(Glob.segments(folded ? text.toLowerCase(Locale.ROOT) : text));
        }
        return all;
    }

    private static String percentDecoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); ) {
            int sign = text.codePointAt(at);
            if (sign == '%' && at + 2 < text.length() && hex(text, at + 1) >= 0 && hex(text, at + 2) >= 0) {
                bytes.write(hex(text, at + 1) << 4 | hex(text, at + 2));
                at += 3;
            } else {
                bytes.writeBytes(Character.toString(sign).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(sign);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(String text, int at) {
        return Character.digit(text.charAt(at), 16);
    }
}
