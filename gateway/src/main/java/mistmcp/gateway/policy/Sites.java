package mistmcp.gateway.policy;

import java.util.List;
import java.util.Optional;

/// Judges a call by the caller's sites. A site that is out of scope is spoken of as one that does not exist.
final class Sites {
    static final String SCOPE = "gateway:site-scope";
    static final String ALL_NEEDED = "gateway:all-sites-needed";

    private Sites() {}

    static Optional<Denial> refusal(Question question, boolean listed, List<String> trace) {
        if (question.sites().all() || question.reach() == Reach.NONE) {
            return Optional.empty();
        }
        if (!question.sitesNamed().stream().allMatch(question.sites()::covers)) {
            return refused(trace, "site_out_of_scope", SCOPE, "no such site among yours", "name one of your sites");
        }
        return switch (question.reach()) {
            case UNFILTERED ->
                refused(
                        trace,
                        "all_sites_needed",
                        ALL_NEEDED,
                        "`" + question.upstream() + "` cannot limit itself to your sites",
                        "ask for all sites, or an operator to configure the upstream with `\"sites\": \"none\"`");
            case ORGANISATION ->
                listed
                        ? Optional.empty()
                        : refused(
                                trace,
                                "all_sites_needed",
                                ALL_NEEDED,
                                "`" + Denials.name(question) + "` touches the whole organisation",
                                "ask for all sites, or an operator to allow it by its full name in the policy");
            case FILTERED ->
                question.writes() && question.sites().ids().isEmpty()
                        ? refused(
                                trace,
                                "site_out_of_scope",
                                SCOPE,
                                "you have no site to write to",
                                "ask for the sites you need")
                        : Optional.empty();
            case NONE -> Optional.empty();
        };
    }

    private static Optional<Denial> refused(
            List<String> trace, String code, String rule, String reason, String remedy) {
        trace.add(rule + ": " + reason);
        return Optional.of(new Denial(code, rule, reason, remedy));
    }
}
