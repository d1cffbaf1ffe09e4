package mistmcp.rw;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFault;
import mistmcp.mist.Operations;
import mistmcp.mist.OrgId;
import mistmcp.mist.SiteScope;
import mistmcp.mist.TokenRights;

/// What Mist says about the token that writes.
///
/// @param faults   why it cannot be used
/// @param warnings what should be better about it
record TokenCheck(List<String> faults, List<String> warnings) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    TokenCheck {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    /// Asks Mist. When it does not answer, nothing is known against the token.
    static TokenCheck ask(MistApi api) throws InterruptedException {
        return switch (api.reading(SiteScope.ALL, PATIENCE).answer(Operations.getSelf())) {
            case MistAnswer.Read self ->
                of(
                        TokenRights.of(self.object(), api.settings().org()),
                        api.settings().org());
            case MistAnswer.Failed(MistFault.TokenRefused _) ->
                new TokenCheck(List.of("`MIST_TOKEN_RW` is refused by Mist: expected a valid API token"), List.of());
            case MistAnswer.Failed(var fault) ->
                new TokenCheck(List.of(), List.of("the token was not checked: " + fault.message()));
        };
    }

    /// Judges the token by its rights.
    static TokenCheck of(TokenRights rights, OrgId org) {
        if (!rights.ofOrganisation()) {
            return new TokenCheck(
                    List.of("`MIST_ORG_ID` names an organisation that the token of `MIST_TOKEN_RW` is not for"),
                    List.of());
        }
        var warnings = new ArrayList<String>();
        if (rights.widerThanOrg()) {
            warnings.add("the token of `MIST_TOKEN_RW` reaches more than the organisation " + org
                    + ": use one of this organisation only");
        }
        if (rights.admin()) {
            warnings.add("the token of `MIST_TOKEN_RW` has the role `admin`: the role `write` is enough");
        }
        if (!rights.canWrite()) {
            warnings.add("the token of `MIST_TOKEN_RW` may only read: commits will be rejected");
        }
        return new TokenCheck(List.of(), warnings);
    }
}
