package mistmcp.sim.api;

/// Who calls: the holder of a token, with the role that Mist knows it by.
///
/// @param role    `read` or `write`
/// @param name    what the audit log calls it
/// @param adminId its id in the audit log
public record Caller(String role, String name, String adminId) {
    /// Whether the token may change anything.
    public boolean mayWrite() {
        return role.equals("write");
    }
}
