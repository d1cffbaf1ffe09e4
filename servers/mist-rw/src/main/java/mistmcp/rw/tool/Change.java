package mistmcp.rw.tool;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// A change that is planned, and how to see afterwards whether Mist holds it.
///
/// @param preview  what is shown
/// @param expected what Mist should hold afterwards
/// @param readBack reads what Mist holds, in the shape of `expected`, with a patience of its own
record Change(Preview preview, JsonObject expected, ReadBack readBack) {
    /// Reads what Mist holds after a write.
    @FunctionalInterface
    interface ReadBack {
        /// What Mist holds.
        ///
        /// @param answer the body that the write was answered with, when it was an object
        /// @throws mistmcp.mist.MistFailed when it cannot be read
        JsonObject read(Optional<JsonObject> answer) throws InterruptedException;
    }
}
