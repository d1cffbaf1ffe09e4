package mistmcp.mist;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The Mist sites that a caller may touch: all of them, or those named.
///
/// @param all   whether all sites are in scope, also those to come
/// @param sites the sites in scope when not all are
public record SiteScope(boolean all, Set<SiteId> sites) {
    /// All sites.
    public static final SiteScope ALL = new SiteScope(true, Set.of());

    /// Copies the set given.
    public SiteScope {
        sites = Set.copyOf(sites);
    }

    /// The scope of site ids as a service assertion carries them; `*` means all. What is no site id covers
    /// nothing.
    public static SiteScope of(List<String> sites) {
        if (sites.contains("*")) {
            return ALL;
        }
        return new SiteScope(
                false, sites.stream().flatMap(site -> SiteId.of(site).stream()).collect(Collectors.toSet()));
    }

    /// Whether a site is in scope.
    public boolean covers(SiteId site) {
        return all || sites.contains(site);
    }

    /// The scope as one text, the same for the same sites: for keys and digests.
    public String text() {
        return all
                ? "*"
                : String.join(
                        ",", new TreeSet<>(sites.stream().map(SiteId::value).toList()));
    }
}
