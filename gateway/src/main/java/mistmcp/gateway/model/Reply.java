package mistmcp.gateway.model;

import java.util.List;
import mistmcp.json.JsonObject;

/// How a model's answer ended.
public sealed interface Reply {
    /// It answered.
    ///
    /// @param text        the whole answer, as Markdown
    /// @param suggestions what could be asked next
    /// @param memory      what to hand back with the thread's next message; `{}` for nothing
    record Answered(String text, List<Suggestion> suggestions, JsonObject memory) implements Reply {
        /// Copies the list given.
        public Answered {
            suggestions = List.copyOf(suggestions);
        }
    }

    /// The provider gave no whole answer.
    ///
    /// @param code `model_unavailable`, `model_cut_off`, ...
    record Failed(String code, String message) implements Reply {}

    /// A message that the person could send next with one press.
    ///
    /// @param label   what the button says
    /// @param message what it sends
    record Suggestion(String label, String message) {}
}
