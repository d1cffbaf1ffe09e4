package mistmcp.gateway.model;

import java.util.List;
import mistmcp.json.JsonObject;

/// One message to answer and all that a model may know for it.
///
/// @param system  the instructions for a real model
/// @param who     who asks
/// @param tools   every tool of the caller's catalogue, the denied ones marked
/// @param history the thread so far, oldest first, this message not among it
/// @param message what was asked
/// @param memory  what this model left behind in the thread with [Reply#memory]; `{}` at first
public record Ask(
        String system, Who who, List<ModelTool> tools, List<Message> history, String message, JsonObject memory) {
    /// Copies the lists given.
    public Ask {
        tools = List.copyOf(tools);
        history = List.copyOf(history);
    }

    /// Who asks, as words for people.
    ///
    /// @param name         e-mail or subject
    /// @param role         `ReadOnly` or `ReadWrite`
    /// @param sites        the site ids in scope, or exactly `*`
    /// @param writeEnabled whether commits are switched on
    public record Who(String name, String role, List<String> sites, boolean writeEnabled) {
        /// Copies the list given.
        public Who {
            sites = List.copyOf(sites);
        }
    }
}
