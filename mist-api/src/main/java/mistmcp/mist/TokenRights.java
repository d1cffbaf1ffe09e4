package mistmcp.mist;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// What a token may do, as `getSelf` tells it.
///
/// @param ofOrganisation whether the token is good for the organisation asked about
/// @param canWrite       whether any role there is more than `read`: also help desk and installer roles
///                       change things
/// @param admin          whether a role there is `admin`
/// @param widerThanOrg   whether the token reaches other organisations too
public record TokenRights(boolean ofOrganisation, boolean canWrite, boolean admin, boolean widerThanOrg) {
    /// The rights of an answer of `getSelf`.
    public static TokenRights of(JsonObject self, OrgId org) {
        var privileges = self.array("privileges").orElse(JsonArray.EMPTY).objects();
        var own = privileges.stream().filter(one -> isOf(one, org)).toList();
        return new TokenRights(
                !own.isEmpty(),
                own.stream().anyMatch(one -> !role(one).equals("read")),
                own.stream().anyMatch(one -> role(one).equals("admin")),
                own.size() < privileges.size() || spans(own));
    }

    /// Whether a privilege holds in the organisation. One of a managed service provider names no
    /// organisation: it is taken to hold.
    public static boolean isOf(JsonObject privilege, OrgId org) {
        return privilege
                .string("org_id")
                .map(id -> Optional.of(org).equals(OrgId.of(id)))
                .orElse(scope(privilege).equals("msp") || scope(privilege).equals("orggroup"));
    }

    private static boolean spans(List<JsonObject> privileges) {
        return privileges.stream()
                .anyMatch(one -> scope(one).equals("msp") || scope(one).equals("orggroup"));
    }

    private static String scope(JsonObject privilege) {
        return privilege.string("scope").orElse("");
    }

    private static String role(JsonObject privilege) {
        return privilege.string("role").orElse("");
    }
}
