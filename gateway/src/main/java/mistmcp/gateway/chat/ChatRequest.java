package mistmcp.gateway.chat;

import java.util.Optional;

/// One message to the chat.
///
/// @param message      what the person wrote; may be empty with a confirmation
/// @param thread       the chat it belongs to; empty begins one
/// @param commit       whether a write is meant to be applied; alone it only plans
/// @param confirmation the id of the plan to commit: then no model is asked
/// @param streamed     whether the answer is read as it comes, so that its reader can be asked something
public record ChatRequest(
        String message, Optional<String> thread, boolean commit, Optional<String> confirmation, boolean streamed) {
    /// How long a message may be, in UTF-16 characters.
    public static final int MAX_MESSAGE = 20_000;

    /// A message whose answer comes whole.
    public ChatRequest(String message, Optional<String> thread, boolean commit, Optional<String> confirmation) {
        this(message, thread, commit, confirmation, false);
    }

    /// The same message, its answer read as it comes.
    public ChatRequest asStream() {
        return new ChatRequest(message, thread, commit, confirmation, true);
    }
}
