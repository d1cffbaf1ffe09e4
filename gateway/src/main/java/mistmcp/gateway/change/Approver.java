package mistmcp.gateway.change;

import java.time.Instant;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonObject;

/// A human who approves, and by which way: a browser session, or an elicitation that an MCP client answered.
///
/// @param principal  who
/// @param signedInAt when the browser session was signed in; absent for an MCP client
public record Approver(Principal principal, Optional<Instant> signedInAt) {

    String channel() {
        return signedInAt.isPresent() ? "page" : "client";
    }

    /// How strong this approval is for a plan.
    Level levelFor(Plan plan) {
        if (signedInAt.isEmpty()) {
            return Level.CLIENT;
        }
        if (!principal.key().equals(plan.principal())) {
            return Level.TWO_PERSON;
        }
        return signedInAt.get().isAfter(plan.createdAt()) ? Level.FRESH_LOGIN : Level.PAGE;
    }

    JsonObject record(Plan plan, Instant now) {
        return JsonObject.of("by", principal.key())
                .withPresent("email", principal.email())
                .with("level", levelFor(plan).text())
                .with("at", now);
    }
}
