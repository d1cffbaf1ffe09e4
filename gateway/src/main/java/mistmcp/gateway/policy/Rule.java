package mistmcp.gateway.policy;

import mistmcp.gateway.identity.Role;

/// One line of the policy: a pattern that a role is allowed or denied. A new kind of rule is a new record
/// here.
sealed interface Rule {
    /// The place in the file and what stands there: ``roles.ReadOnly.allow[0] `mist-ro/*` ``.
    String label();

    /// What the line names.
    Pattern pattern();

    /// Lets a role call what the pattern names, unless something denies it.
    record Allow(Role role, int at, Pattern pattern, String label) implements Rule {
        Allow(Role role, int at, Pattern pattern) {
            this(role, at, pattern, place(role, "allow", at, pattern));
        }
    }

    /// Keeps a role from what the pattern names, whatever allows it.
    record Deny(Role role, int at, Pattern pattern, String label) implements Rule {
        Deny(Role role, int at, Pattern pattern) {
            this(role, at, pattern, place(role, "deny", at, pattern));
        }
    }

    private static String place(Role role, String list, int at, Pattern pattern) {
        return "roles." + role.text() + "." + list + "[" + at + "] `" + pattern.text() + "`";
    }
}
