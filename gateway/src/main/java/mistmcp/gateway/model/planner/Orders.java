package mistmcp.gateway.model.planner;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells an order from a question: only a verb in the place of an order asks for a change.
final class Orders {
    /// Stands where a value stood.
    static final String VALUE = "\u00a7";

    private static final Pattern CLAUSES =
            Pattern.compile("[.?!;:,\\n]+\\s|[.?!;:,]+$|\\b(?:and then|then|and|but)\\b");
    private static final Pattern POLITE =
            Pattern.compile("^(?:(?:please|kindly|now|just|ok|okay|so|hi|hello|hey|then|also|and|well"
                    + "|alright|next|first|finally|quickly|immediately)\\b[\\s,]*)+");
    private static final Pattern WISH =
            Pattern.compile("^(?:(?:can|could|would|will) (?:you|we)(?: please| kindly| also| just)?|i(?:'d| would)"
                    + " like (?:you )?to|i (?:want|need|wish) (?:you )?to|we (?:want|need|have|would"
                    + " like|should|must|ought)(?: you)? ?(?:to)?|you (?:should|must|need to|have to)|let(?:'s| us)|go"
                    + " ahead and|help me(?: to)?|(?:need|want|try|plan|time|remember|have) to|i (?:must|have to)|prepare"
                    + " to|make sure to|dry[ -]?run)\\s*[:,]?\\s*");
    private static final Pattern PASSIVE = Pattern.compile(
            "\\b(?:should|must|needs? to|ha(?:s|ve) to|ought to|to|shall)(?: all| both)? be (\\w+(?: \\w+)?)");
    private static final Pattern WANTED = Pattern.compile(
            "^(?:i|we)(?:'d| would| really)? (?:want|need|like) .*?" + VALUE + ".*?\\b(\\w+(?: \\w+)?)");
    private static final Pattern WANTED_LAST = Pattern.compile(
            "^(?:i|we)(?:'d| would| really)? (?:want|need|like) .*" + VALUE + "\\W*(?:to be |be )?(\\w+(?: \\w+)?)");
    private static final Pattern GIVEN =
            Pattern.compile("^(?:give|assign) (?:the )?(?:switch ?port |port |interface )?" + VALUE
                    + ".*\\b(?:the|an?|profile|usage)\\b(?!.*\\b(?:list|details?|status|overview)\\b).*"
                    + "(?:" + VALUE + "|\\b(?:profile|usage|description|label)\\b)");
    private static final Pattern LABELLED = Pattern.compile(
            "^(?:(?:label|describe|annotate|tag) .*" + VALUE + ".*\\b(?:as|with) ?|label .*" + VALUE + ",? )" + VALUE);
    private static final Set<String> ME = Set.of("me", "us");
    private static final Set<String> NOT_AN_ORDER = Set.of("of", "history", "log", "logs", "report", "list", "count");

    private final Lexicon lexicon;

    Orders(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    /// The action that a message orders; of several the first.
    Optional<String> action(String masked) {
        for (var clause : CLAUSES.split(masked.strip())) {
            var order = order(clause.strip());
            if (order.isPresent()) {
                return order;
            }
        }
        return Optional.empty();
    }

    private Optional<String> order(String clause) {
        var rest = POLITE.matcher(clause).replaceFirst("");
        rest = WISH.matcher(rest).replaceFirst("");
        rest = POLITE.matcher(rest).replaceFirst("").strip();
        if (GIVEN.matcher(rest).find() || LABELLED.matcher(rest).find()) {
            return Optional.of("change");
        }
        var words = words(rest);
        if (words.size() > 1 && !NOT_AN_ORDER.contains(words.get(1)) && !ME.contains(words.get(1))) {
            var verb = lexicon.verb(words, 0);
            boolean noun = verb.isPresent()
                    && verb.get().length() == 1
                    && words.getFirst().equals("switch")
                    && !words.contains("to");
            if (verb.isPresent() && !noun) {
                return parted(words).or(() -> verb.map(match -> match.term().concept()));
            }
        }
        for (var pattern : List.of(PASSIVE, WANTED, WANTED_LAST)) {
            var matcher = pattern.matcher(clause);
            if (matcher.find()) {
                var action = lexicon.participle(words(matcher.group(1)));
                if (action.isPresent()) {
                    return action;
                }
            }
        }
        return Optional.empty();
    }

    /// A verb whose second half comes later: `turn port 7 off`, `shut it down`, `mark them as acknowledged`.
    private Optional<String> parted(List<String> words) {
        var last = words.getLast();
        return switch (words.getFirst()) {
            case "turn", "switch" ->
                last.equals("off")
                        ? Optional.of("disable")
                        : last.equals("on") ? Optional.of("enable") : Optional.empty();
            case "mark", "set", "put" ->
                words.contains("acknowledged") || words.contains("acked")
                        ? Optional.of("ack")
                        : last.equals("down") || last.equals("disabled")
                                ? Optional.of("disable")
                                : last.equals("up") || last.equals("enabled")
                                        ? Optional.of("enable")
                                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[^\\p{L}\\p{N}'" + VALUE + "]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
