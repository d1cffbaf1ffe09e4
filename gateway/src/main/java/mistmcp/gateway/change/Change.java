package mistmcp.gateway.change;

import mistmcp.gateway.identity.Principal;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;

/// A write that somebody asks for, before anything is known of its effect.
///
/// @param principal        who asks
/// @param tool             the tool's name on the wire
/// @param upstream         the upstream that owns it
/// @param arguments        the arguments less `commit` and `confirmation`, to the byte as they will be sent
/// @param definitionDigest the digest of the tool's definition now
/// @param policyHash       the hash of the policy in force
/// @param level            the weakest approval that the policy takes
/// @param callId           the call that asks, for the audit
public record Change(
        Principal principal,
        String tool,
        String upstream,
        RawJson arguments,
        String definitionDigest,
        String policyHash,
        Level level,
        String callId) {

    /// The arguments as a tree.
    public JsonObject argumentsTree() {
        return (JsonObject) arguments.parse(JsonLimits.REQUEST);
    }

    /// The digest over the canonical form of the arguments.
    ///
    /// @throws InvalidJson when a number in them is not exact
    public String argumentsDigest() {
        return Sha256.of(argumentsTree());
    }
}
