package mistmcp.rw.tool;

import mistmcp.mist.SiteScope;

/// Who calls, how far they may reach, and what this one call may do.
///
/// @param principal `issuer|subject`, or `stdio` for the user of a desktop client
/// @param scope     the sites that they may touch
/// @param mode      what this call may do
public record Caller(String principal, SiteScope scope, Mode mode) {
    /// What a call may do.
    public sealed interface Mode {
        /// Look at what is listed: tools, resources, prompts.
        record Read() implements Mode {}

        /// Show what a change would do.
        record DryRun() implements Mode {}

        /// Make exactly the change that was approved.
        ///
        /// @param planId       the plan that was approved
        /// @param changeDigest the digest of the change that was shown
        /// @param beforeHash   the hash of the state that it was planned on
        record Commit(String planId, String changeDigest, String beforeHash) implements Mode {}
    }
}
