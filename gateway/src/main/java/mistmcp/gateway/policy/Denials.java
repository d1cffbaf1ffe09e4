package mistmcp.gateway.policy;

/// The denials that the lines of the file bring about.
final class Denials {
    private Denials() {}

    static Denial byRule(Question question, String rule) {
        return new Denial(
                "denied_by_policy",
                rule,
                "the policy denies `" + name(question) + "` to the role "
                        + question.role().text(),
                "ask an operator; the rule names the line of the policy");
    }

    static Denial notAllowed(Question question) {
        return new Denial(
                "not_allowed",
                "gateway:deny-by-default",
                "no line of the policy allows `" + name(question) + "` to the role "
                        + question.role().text(),
                "ask an operator to add it to `roles." + question.role().text() + ".allow`");
    }

    static String name(Question question) {
        return question.upstream() + "/" + question.item();
    }
}
