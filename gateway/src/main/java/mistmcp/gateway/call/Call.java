package mistmcp.gateway.call;

import java.time.Duration;
import mistmcp.gateway.identity.Principal;
import mistmcp.ids.Ids;

/// One call on its way through the gate.
///
/// @param id         names it in the audit
/// @param startNanos when it came in, by the monotonic clock
record Call(String id, long startNanos, Principal principal, Invocation invocation) {
    static Call begin(Principal principal, Invocation invocation) {
        return new Call(Ids.next(), System.nanoTime(), principal, invocation);
    }

    String kind() {
        return switch (invocation.kind()) {
            case TOOL -> "tool";
            case RESOURCE, RESOURCE_COMPLETION -> "resource";
            case PROMPT, PROMPT_COMPLETION -> "prompt";
        };
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
