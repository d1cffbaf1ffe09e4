package mistmcp.ro.tool;

import java.util.List;
import mistmcp.json.JsonObject;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;

/// The statistics of the sites in the caller's scope.
final class SiteStats {
    private SiteStats() {}

    static List<JsonObject> read(ReadCall call) throws InterruptedException {
        var scope = call.reading().scope();
        return call.reading().all(Operations.listOrgSiteStats(call.org())).stream()
                .filter(site -> site.string("id")
                        .flatMap(SiteId::of)
                        .filter(scope::covers)
                        .isPresent())
                .toList();
    }

    static long count(JsonObject site, String name) {
        return site.integer(name).orElse(0L);
    }
}
