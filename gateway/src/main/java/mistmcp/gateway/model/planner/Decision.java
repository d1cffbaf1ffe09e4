package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Optional;

/// Which tool a message is for.
sealed interface Decision {
    /// One tool, clearly.
    record Clear(ToolDoc doc, Filled filled) implements Decision {}

    /// Several could be meant, or one may be near enough.
    record Unclear(List<ToolDoc> candidates) implements Decision {
        /// Copies the list given.
        public Unclear {
            candidates = List.copyOf(candidates);
        }
    }

    /// No tool does that.
    ///
    /// @param missing what no tool knows of, in the person's word; empty when nothing can be named
    /// @param nearest the tools that come nearest
    record NoTool(Optional<String> missing, List<ToolDoc> nearest) implements Decision {
        /// Copies the list given.
        public NoTool {
            nearest = List.copyOf(nearest);
        }
    }
}
