package mistmcp.gateway.change;

import java.util.Locale;

/// Where a plan stands; the table of states is in the design's section 7.
public enum PlanState {
    PLANNED,
    APPROVED,
    SENDING,
    APPLIED,
    VERIFIED,
    MISMATCH,
    UNKNOWN,
    REJECTED,
    ABORTED,
    STALE,
    EXPIRED,
    DISCARDED,
    AWAITING_KEEP,
    KEPT,
    ROLLED_BACK,
    ROLLBACK_BLOCKED;

    /// The state as it stands in JSON.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether nothing has been sent yet and it still can be.
    public boolean open() {
        return this == PLANNED || this == APPROVED;
    }
}
