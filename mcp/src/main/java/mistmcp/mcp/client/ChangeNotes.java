package mistmcp.mcp.client;

import java.util.Optional;
import mistmcp.jsonrpc.Envelope;

/// The notifications of a server that say that something has changed, and belong to no request. Stateless.
final class ChangeNotes {
    private ChangeNotes() {}

    /// Tells of the change that a notification speaks of; false when it speaks of none.
    static boolean told(Envelope.Notification note, ServerChanges changes) {
        var kind = kind(note.method());
        kind.ifPresent(changes::listChanged);
        if (note.method().equals("notifications/resources/updated")) {
            note.params().string("uri").ifPresent(changes::resourceUpdated);
            return true;
        }
        return kind.isPresent();
    }

    /// `tools`, `resources` or `prompts`; empty for any other notification.
    private static Optional<String> kind(String method) {
        return switch (method) {
            case "notifications/tools/list_changed" -> Optional.of("tools");
            case "notifications/resources/list_changed" -> Optional.of("resources");
            case "notifications/prompts/list_changed" -> Optional.of("prompts");
            default -> Optional.empty();
        };
    }
}
