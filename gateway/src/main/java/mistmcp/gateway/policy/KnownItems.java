package mistmcp.gateway.policy;

import java.util.Set;

/// What the upstreams offer now: patterns of the policy are held against it, so that a typing error shows.
///
/// @param items  `upstream/tool`, `upstream/resource:<uri or uri template>`, `upstream/prompt:<name>`
/// @param silent upstreams that are configured but have not listed what they have; patterns for them are not
///               judged. `*` among them means that nothing is known yet
public record KnownItems(Set<String> items, Set<String> silent) {
    /// Nothing is known yet, so no pattern is judged.
    public static final KnownItems UNHEARD = new KnownItems(Set.of(), Set.of("*"));

    /// Copies the sets given.
    public KnownItems {
        items = Set.copyOf(items);
        silent = Set.copyOf(silent);
    }

    /// Whether a pattern is for something that exists, or for an upstream that has not said what it has.
    boolean mayMatch(Pattern pattern) {
        return silent.contains("*")
                || silent.stream().anyMatch(pattern::matchesUpstream)
                || items.stream().anyMatch(pattern::overlaps);
    }
}
