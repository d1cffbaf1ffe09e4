package mistmcp.mist;

import mistmcp.json.JsonObject;

/// A site of the organisation.
///
/// @param name as Mist holds it: staff typed it, so it is not to be trusted
/// @param body the whole site object of `listOrgSites`
public record Site(SiteId id, String name, JsonObject body) {}
