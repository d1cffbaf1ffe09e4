package mistmcp.gateway.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One pattern of the policy: an upstream, what kind of item, and which. `upstream/*` means everything that the
/// upstream
/// has: tools, resources and prompts; any other pattern means one kind.
record Pattern(String text, Glob upstream, Kind kind, Glob item) {
    /// What a pattern is for.
    enum Kind {
        EVERYTHING(""),
        TOOL(""),
        RESOURCE("resource:"),
        PROMPT("prompt:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /// Reads a pattern; empty when it has not one of the three forms.
    static Optional<Pattern> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(0, slash).matches("[a-z0-9*-]{1,32}")) {
            return Optional.empty();
        }
        var upstream = new Glob(text.substring(0, slash));
        var rest = text.substring(slash + 1);
        if (rest.equals("*")) {
            return Optional.of(new Pattern(text, upstream, Kind.EVERYTHING, new Glob("*")));
        }
        var kind = kindOf(rest);
        var item = new Glob(rest.substring(kind.prefix.length()));
        boolean sound = switch (kind) {
            case TOOL -> item.text().matches("[a-zA-Z0-9_*-]{1,64}");
            case RESOURCE, PROMPT ->
                !item.text().isEmpty()
                        && item.text().chars().noneMatch(sign -> sign <= ' ' || Character.isISOControl(sign));
            case EVERYTHING -> true;
        };
        return sound ? Optional.of(new Pattern(text, upstream, kind, item)) : Optional.empty();
    }

    /// Whether the pattern names one item of one upstream, with no `*`.
    boolean literal() {
        return upstream.literal() && item.literal();
    }

    boolean matchesUpstream(String name) {
        return upstream.matches(name);
    }

    /// Whether an allow of this pattern covers an item. Every way to read the item must be covered.
    boolean allows(String upstreamName, String itemName) {
        return matchesUpstream(upstreamName)
                && sameKind(itemName)
                && readings(itemName).stream().allMatch(item::matches);
    }

    /// Whether a deny of this pattern covers an item. One way to read the item suffices, and case is no way around.
    boolean denies(String upstreamName, String itemName) {
        return matchesUpstream(upstreamName)
                && sameKind(itemName)
                && readings(itemName).stream().anyMatch(item::matchesIgnoringCase);
    }

    /// Whether the pattern can match `upstream/item`; `{name}` in a resource's URI stands for any text.
    boolean overlaps(String known) {
        int slash = known.indexOf('/');
        var itemName = known.substring(slash + 1);
        return slash > 0
                && matchesUpstream(known.substring(0, slash))
                && sameKind(itemName)
                && item.overlaps(new Glob(bare(itemName).replaceAll("\\{[^}]*\\}", "*")));
    }

    private boolean sameKind(String itemName) {
        return kind == Kind.EVERYTHING || kind == kindOf(itemName);
    }

    private static Kind kindOf(String itemName) {
        if (itemName.startsWith(Kind.RESOURCE.prefix)) {
            return Kind.RESOURCE;
        }
        return itemName.startsWith(Kind.PROMPT.prefix) ? Kind.PROMPT : Kind.TOOL;
    }

    private static String bare(String itemName) {
        return itemName.substring(kindOf(itemName).prefix.length());
    }

    /// A server may decode what a URI holds in percent signs, so a resource is judged as it stands and as decoded.
    private static Set<String> readings(String itemName) {
        var bare = bare(itemName);
        if (kindOf(itemName) != Kind.RESOURCE || bare.indexOf('%') < 0) {
            return Set.of(bare);
        }
        return Set.copyOf(List.of(bare, percentDecoded(bare)));
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
