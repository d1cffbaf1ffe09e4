package mistmcp.gateway.change;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonObject;

/// A human who approves, and by which way: a browser session, or an elicitation that an MCP client answered.
///
/// @param principal  who
/// @param signedInAt when the human at the browser proved who they are; absent for an MCP client
public record Approver(Principal principal, Optional<Instant> signedInAt) {
    /// How long a sign-in counts as one that was made for a plan.
    static final Duration FRESH = Duration.ofMinutes(5);

    /// Somebody who answered an elicitation at an MCP client.
    public static Approver atClient(Principal principal) {
        return new Approver(principal, Optional.empty());
    }

    String channel() {
        return signedInAt.isPresent() ? "page" : "client";
    }

    /// How strong this approval is for a plan.
    Level levelFor(Plan plan, Instant now) {
        if (signedInAt.isEmpty()) {
            return Level.CLIENT;
        }
        if (!principal.key().equals(plan.principal())) {
            return Level.TWO_PERSON;
        }
        boolean fresh =
                signedInAt.get().isAfter(plan.createdAt()) && !signedInAt.get().isBefore(now.minus(FRESH));
        return fresh ? Level.FRESH_LOGIN : Level.PAGE;
    }

    JsonObject record(Plan plan, Instant now) {
        return JsonObject.of("by", principal.key())
                .withPresent("email", principal.email())
                .with("level", levelFor(plan, now).text())
                .with("at", now);
    }
}
