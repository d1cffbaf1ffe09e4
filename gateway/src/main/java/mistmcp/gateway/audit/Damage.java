package mistmcp.gateway.audit;

import mistmcp.json.JsonObject;

/// Bytes of the log that are no records.
///
/// @param kind    `torn_tail` (a crash cut the last write), `corruption` (records before or behind are
///                sound), `gap` (records are missing), `poisoned` (the disk failed while this was being made
///                durable)
/// @param segment the segment's file
/// @param offset  the first bad byte
/// @param bytes   how many there are
record Damage(String kind, String segment, long offset, long bytes) {
    static final String TORN_TAIL = "torn_tail";
    static final String CORRUPTION = "corruption";
    static final String GAP = "gap";
    static final String POISONED = "poisoned";

    /// Whether records that were acknowledged may be lost or altered.
    boolean serious() {
        return kind.equals(CORRUPTION) || kind.equals(GAP);
    }

    JsonObject toJson() {
        return JsonObject.of("kind", kind, "segment", segment, "offset", offset, "bytes", bytes);
    }
}
