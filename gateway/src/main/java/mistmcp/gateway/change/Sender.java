package mistmcp.gateway.change;

import mistmcp.json.JsonObject;
import mistmcp.mcp.McpReply;

/// The way from a change to its upstream: `gateway.call` implements it, so that previews and commits take the
/// one path of all calls. Safe for several threads.
public interface Sender {
    /// Asks the upstream what the change would do. Nothing is written.
    Previewed preview(Change change) throws InterruptedException;

    /// Sends the change of a plan, once. From here on it is not cancelled.
    Sent commit(Change change, Plan plan) throws InterruptedException;

    /// How a preview ended.
    sealed interface Previewed {
        /// What can be planned on.
        sealed interface Shown extends Previewed {
            /// As design section 7 describes it.
            JsonObject preview();
        }

        /// The effect, as the upstream sees it now.
        record Effect(JsonObject preview) implements Shown {}

        /// The arguments, in place of an effect that the upstream does not show: the same before the write and
        /// after it.
        record Unseen(JsonObject preview) implements Shown {}

        /// The upstream declined, and says why in a result or an error of its own.
        record Declined(McpReply reply) implements Previewed {}

        /// No usable preview came.
        record Failed(String code, String message) implements Previewed {}
    }

    /// How a commit ended.
    sealed interface Sent {
        /// The upstream reports on the write: `{status, sent, verified, mismatch?, http?, after?}`.
        record Reported(JsonObject report) implements Sent {}

        /// The upstream refused before anything was sent.
        record Refused(String code, String message) implements Sent {}

        /// No usable answer.
        ///
        /// @param maybeSent whether the write may have happened
        record Failed(String code, String message, boolean maybeSent) implements Sent {}
    }
}
