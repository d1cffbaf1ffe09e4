package mistmcp.gateway.call;

/// What became of a principal's wish to watch a resource.
public sealed interface Watched {
    /// It is watched.
    ///
    /// @param end lets go of it; once is enough
    record Watching(Runnable end) implements Watched {}

    /// It is not there, or hidden from this principal: both look alike.
    record Unknown() implements Watched {}

    /// Its upstream does not tell of its changes.
    record NotTold() implements Watched {
        /// The stable code of this end.
        public static final String CODE = "updates_not_told";
    }

    /// This principal, or all together, watch as many as they may.
    record TooMany() implements Watched {
        /// The stable code of this end.
        public static final String CODE = "too_many_subscriptions";
    }

    /// Nothing is watched for a reason of ours.
    ///
    /// @param code    `rate_limited`, `audit_unavailable`, `internal`
    /// @param message one line for people
    record Failed(String code, String message) implements Watched {}
}
