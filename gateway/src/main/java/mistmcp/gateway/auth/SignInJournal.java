package mistmcp.gateway.auth;

/// Takes what happens around signing in; the audit log stands behind it. Called on request threads: it must
/// not block for long, and under a flood of refusals it aggregates.
@FunctionalInterface
public interface SignInJournal {
    /// Notes an event.
    void note(SignInEvent event);
}
