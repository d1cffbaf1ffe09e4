package mistmcp.gateway.audit;

import mistmcp.json.JsonObject;

/// A record on its way to the disk. Its place in the log is settled already; whether it is durable shows when
/// waiting ends. Safe for several threads.
public interface Pending {
    /// The record's place in the log, counted from 0.
    long index();

    /// Waits until the record is on the disk, two seconds at most.
    ///
    /// @throws AuditUnavailable when it is not, or not in time; an interrupt counts as that and is kept
    void await();

    /// What the caller can hold against the log later: `{index, leafHash}`. Only after [#await] has returned.
    JsonObject receipt();
}
