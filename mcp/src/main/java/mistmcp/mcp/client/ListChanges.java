package mistmcp.mcp.client;

import java.util.Optional;

/// The notifications that say that a list has changed. Stateless.
final class ListChanges {
    private ListChanges() {}

    /// `tools`, `resources` or `prompts`; empty for any other notification.
    static Optional<String> kind(String method) {
        return switch (method) {
            case "notifications/tools/list_changed" -> Optional.of("tools");
            case "notifications/resources/list_changed" -> Optional.of("resources");
            case "notifications/prompts/list_changed" -> Optional.of("prompts");
            default -> Optional.empty();
        };
    }
}
