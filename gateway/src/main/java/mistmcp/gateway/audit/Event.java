package mistmcp.gateway.audit;

/// What a record is about; the name in the log is stable.
public enum Event {
    BOOT("boot"),
    RECOVERY("recovery"),
    SHUTDOWN("shutdown"),
    AUTH_DENIED("auth.denied"),
    SIGN_IN("auth.sign_in"),
    CALL_DECISION("call.decision"),
    CALL_OUTCOME("call.outcome"),
    CALL_QUESTION("call.question"),
    PLAN_CREATED("plan.created"),
    PLAN_APPROVED("plan.approved"),
    PLAN_DISCARDED("plan.discarded"),
    COMMIT_INTENT("commit.intent"),
    COMMIT_OUTCOME("commit.outcome"),
    POLICY_CHANGED("policy.changed"),
    TOOLS_CHANGED("tools.changed"),
    KEYS_CHANGED("keys.changed"),
    WRITES_CHANGED("writes.changed"),
    UPSTREAM_ACCESS("upstream.access");

    private final String text;

    Event(String text) {
        this.text = text;
    }

    /// The event as it stands in records.
    public String text() {
        return text;
    }
}
