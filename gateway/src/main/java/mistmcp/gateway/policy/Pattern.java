package mistmcp.gateway.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One pattern of the policy: an upstream, what kind of item, and which. `upstream/*` means everything that
/// the upstream has: tools, resources and prompts; any other pattern means one kind.
///
/// @param kind   what kind of item is meant; null for all of them
/// @param folded the glob of the item in lower case
record Pattern(String text, Glob upstream, Item.@Nullable Kind kind, Glob item, Glob folded) {
    /// Reads a pattern; empty when it has not one of the three forms.
    static Optional<Pattern> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(0, slash).matches("[a-z0-9*-]{1,32}")) {
            return Optional.empty();
        }
        var upstream = Glob.of(text.substring(0, slash));
        var name = text.substring(slash + 1);
        if (name.equals("*")) {
            return Optional.of(new Pattern(text, upstream, null, Glob.of(name), Glob.of(name)));
        }
        var kind = Item.Kind.of(name);
        var item = Glob.of(kind.bare(name));
        boolean sound = switch (kind) {
            case TOOL -> name.matches("[a-zA-Z0-9_*-]{1,64}");
            case RESOURCE, PROMPT ->
                !item.text().isEmpty()
                        && item.text().chars().noneMatch(sign -> sign <= ' ' || Character.isISOControl(sign));
        };
        return sound ? Optional.of(new Pattern(text, upstream, kind, item, item.lowerCase())) : Optional.empty();
    }

    /// Whether the pattern names one item of one upstream, with no `*`.
    boolean literal() {
        return upstream.literal() && item.literal();
    }

    boolean matchesUpstream(String name) {
        return upstream.matches(name);
    }

    /// Whether an allow of this pattern covers an item. Every way to read the item must be covered.
    boolean allows(Item called) {
        return isFor(called) && called.readings().stream().allMatch(item::matches);
    }

    /// Whether a deny of this pattern covers an item. One way to read the item suffices, and case is no way
    /// around.
    boolean denies(Item called) {
        return isFor(called) && called.folded().stream().anyMatch(folded::matches);
    }

    /// Whether the pattern can match `upstream/item`; `{name}` in a resource's URI stands for any text.
    boolean overlaps(String known) {
        int slash = known.indexOf('/');
        var name = known.substring(slash + 1);
        var knownKind = Item.Kind.of(name);
        return slash > 0
                && matchesUpstream(known.substring(0, slash))
                && (kind == null || kind == knownKind)
                && item.overlaps(Glob.of(knownKind.bare(name).replaceAll("\\{[^}]*\\}", "*")));
    }

    private boolean isFor(Item called) {
        return (kind == null || kind == called.kind()) && matchesUpstream(called.upstream());
    }
}
