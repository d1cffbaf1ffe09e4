package mistmcp.rw.tool;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.mist.SiteId;
import mistmcp.mist.SiteScope;

/// What this process has sent to Mist, the latest 1,000, until it ends. The audit log of the gateway is the
/// record that lasts. Safe for several threads.
public final class ChangeLog {
    private static final int MOST = 1_000;

    private record Entry(JsonObject shown, Set<SiteId> sites) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /// Keeps what was sent, under the id of its plan.
    ///
    /// @param sites the sites touched; empty for the organisation itself
    synchronized void add(String planId, JsonObject shown, Set<SiteId> sites) {
        entries.remove(planId);
        entries.put(planId, new Entry(shown, Set.copyOf(sites)));
        if (entries.size() > MOST) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    /// What was sent under a plan, for a caller whose scope holds every site that it touched.
    public synchronized Optional<JsonObject> find(String planId, SiteScope scope) {
        return Optional.ofNullable(entries.get(planId))
                .filter(entry -> entry.sites().isEmpty()
                        ? scope.all()
                        : entry.sites().stream().allMatch(scope::covers))
                .map(Entry::shown);
    }
}
