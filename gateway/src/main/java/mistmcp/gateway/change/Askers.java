package mistmcp.gateway.change;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.gateway.identity.SiteScope;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Who asked for a plan, as kept beside it, and who else may see it.
final class Askers {
    private Askers() {}

    static JsonObject toJson(Principal principal) {
        return JsonObject.of(
                        "iss", principal.issuer(),
                        "sub", principal.subject(),
                        "role", principal.role().text(),
                        "sites", principal.sites().ids())
                .withPresent("email", principal.email());
    }

    /// The principal as it was when it asked; for looking only, never for a decision.
    static Principal fromJson(JsonObject asker) {
        return new Principal(
                asker.string("iss").orElse(""),
                asker.string("sub").orElse(""),
                asker.string("email"),
                asker.string("role").flatMap(Role::of).orElse(Role.READ_ONLY),
                new Principal.RoleSource("plan", "stored"),
                new SiteScope(asker.array("sites").map(JsonArray::strings).orElse(List.of())),
                Optional.empty(),
                Map.of(),
                Instant.MAX);
    }

    static boolean maySee(Principal principal, Plan plan) {
        return plan.principal().equals(principal.key())
                || (plan.level() == Level.TWO_PERSON && principal.role().writes() && covers(principal, plan));
    }

    /// Whether a principal's sites cover all targets; a target without a site needs all sites.
    static boolean covers(Principal principal, Plan plan) {
        return principal.sites().all()
                || plan.preview().array("targets").orElse(JsonArray.EMPTY).objects().stream()
                        .allMatch(target -> target.string("siteId")
                                .filter(principal.sites()::covers)
                                .isPresent());
    }
}
