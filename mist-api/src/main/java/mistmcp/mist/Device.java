package mistmcp.mist;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// A device in the organisation's inventory.
///
/// @param name as Mist holds it, else its MAC address; not to be trusted
/// @param type `ap`, `switch` or `gateway`
/// @param site where it is assigned; empty for an unassigned one
/// @param body its whole inventory entry
public record Device(DeviceId id, String name, String type, Mac mac, Optional<SiteId> site, JsonObject body) {}
