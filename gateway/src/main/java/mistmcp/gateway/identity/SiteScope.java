package mistmcp.gateway.identity;

import java.util.List;

/// The Mist sites that a principal may touch: all, or those listed; an empty list is none.
///
/// @param ids site ids; exactly `*` means all
public record SiteScope(List<String> ids) {
    /// Every site, also those to come.
    public static final SiteScope ALL = new SiteScope(List.of("*"));

    /// No site.
    public static final SiteScope NONE = new SiteScope(List.of());

    /// Sorts and copies; a list that holds `*` is all.
    public SiteScope {
        ids = ids.contains("*")
                ? List.of("*")
                : ids.stream().sorted().distinct().toList();
    }

    /// Whether all sites are in scope.
    public boolean all() {
        return ids.equals(List.of("*"));
    }

    /// Whether a site is in scope.
    public boolean covers(String siteId) {
        return all() || ids.contains(siteId);
    }
}
