package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the values in a message: addresses, ports, durations, quoted texts and names.
final class Values {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS;
    private static final String EDGE = "(?<![\\w./:-])";
    private static final String END = "(?![\\w/-])";

    /// In this order: at one place the first that fits wins.
    private static final List<Rule> RULES = List.of(
            rule(
                    Piece.Kind.QUOTED,
                    "(?<!\\w)\"([^\"]{1,300})\"|“([^”]{1,300})”|‘([^’]{1,300})’|«([^»]{1,300})»|`([^`]{1,300})`"),
            rule(Piece.Kind.QUOTED, "(?<!\\w)'([^']{1,300})'(?!\\w)"),
            rule(Piece.Kind.PLAN, EDGE + "(pl_[A-Za-z0-9]{20,40})" + END),
            rule(Piece.Kind.UUID, EDGE + "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})" + END),
            rule(
                    Piece.Kind.MAC,
                    EDGE + "((?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}[.:-]){2}[0-9a-f]{4}"
                            + "|(?=[0-9a-f]*[0-9])[0-9a-f]{12})" + END),
            rule(Piece.Kind.EMAIL, EDGE + "([\\w.+-]+@[\\w-]+\\.[\\w.-]*\\w)"),
            rule(Piece.Kind.IP, EDGE + "((?:[0-9]{1,3}\\.){3}[0-9]{1,3})" + END),
            rule(Piece.Kind.IP, EDGE + "((?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})[0-9a-f:]{3,39})" + END),
            rule(
                    Piece.Kind.PORT,
                    EDGE + "((?:ge|xe|et|mge|fe|te|xle|gi|eth)-?[0-9]{1,3}(?:/[0-9]{1,3}){0,2}(?::[0-9])?)" + END),
            rule(
                    Piece.Kind.PORT,
                    EDGE + "(?:port|interface)\\s+(?:number\\s+|no\\.?\\s+|#)?([0-9]{1,3}(?:/[0-9]{1,3}){0,2})" + END),
            rule(Piece.Kind.VLAN, EDGE + "vlan(?:\\s+id)?\\s*#?([0-9]{1,4})" + END),
            rule(
                    Piece.Kind.DURATION,
                    EDGE + "((?:(?:last|past|previous|in|over|within|for)\\s+(?:the\\s+)?(?:last\\s+|past\\s+)?)?"
                            + "(?:[0-9]{1,4}|an?|one|two|three|four|five|six|seven|ten|twelve|twenty-four)\\s*"
                            + "(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?))" + END),
            rule(Piece.Kind.DURATION, EDGE + "([0-9]{1,4}[mhdw])" + END),
            rule(
                    Piece.Kind.DURATION,
                    EDGE + "((?:since\\s+)?yesterday|today|tonight|last\\s+night|overnight|this\\s+morning"
                            + "|(?:this|last|past|previous)\\s+(?:the\\s+)?(?:minute|hour|day|week|month))" + END),
            rule(Piece.Kind.NUMBER, EDGE + "([0-9]{1,9})" + END),
            rule(Piece.Kind.CODE, EDGE + "([a-z][a-z0-9]*(?:_[a-z0-9]+)+)" + END));

    private static final Pattern NAMED_AFTER = Pattern.compile(
            "\\b(?:profile|usage|template|ssid|network|vlan)\\s+(?:named\\s+|called\\s+|to\\s+|=\\s*)?([\\w.-]*\\w)(?=\\s*(?:$|[,.;!?]"
                    + "|on\\b|for\\b|at\\b|of\\b|in\\b|and\\b|please\\b|with\\b))",
            FLAGS);
    private static final Pattern NAMED_BEFORE = Pattern.compile(
            "\\b(?:to|into|onto|use|using|with|in|on|as|be|the)\\s+(?:the\\s+|an?\\s+)?([\\w.-]*\\w)\\s+(?:port["
                    + " -])?(?:profile|usage|network|vlan)\\b",
            FLAGS);
    private static final Pattern NAMED_LAST = Pattern.compile(
            "\\b(?:profile|usage|network|vlan)\\b.*\\bto\\s+([\\w.-]*\\w)\\s*(?=$|[,;!?]|\\.(?:\\s|$))", FLAGS);
    private static final Pattern NAMED_AT_END = Pattern.compile(
            "\\b(?:to|into|onto)\\s+(?:the\\s+|an?\\s+)?([\\w.-]*\\w)\\s*(?:please\\s*)?[.!]?\\s*$", FLAGS);
    private static final Set<String> STRUCTURE = Set.of(
            "port",
            "ports",
            "profile",
            "usage",
            "template",
            "network",
            "switch",
            "same",
            "site",
            "new",
            "name",
            "vlan");

    private Values() {}

    /// A value and where it stands.
    record Found(Piece.Kind kind, String text, int start, int end) {}

    private record Rule(Piece.Kind kind, Pattern pattern) {}

    /// The values that have a form of their own, in their order; names are found later, among the words left.
    static List<Found> of(String message) {
        var found = new ArrayList<Found>();
        for (var rule : RULES) {
            var matcher = rule.pattern().matcher(message);
            while (matcher.find()) {
                int start = matcher.start();
                int end = matcher.end();
                if (found.stream().noneMatch(other -> start < other.end() && other.start() < end)) {
                    text(matcher)
                            .ifPresent(
                                    text -> found.add(new Found(rule.kind(), normal(rule.kind(), text), start, end)));
                }
            }
        }
        found.sort(java.util.Comparator.comparingInt(Found::start));
        return found;
    }

    /// The values of an order, in which the word beside `profile`, `network` and the like is a name, known or
    /// not.
    static List<Found> ofOrder(String message, Lexicon lexicon) {
        var found = new ArrayList<>(of(message));
        for (var pattern : List.of(NAMED_AFTER, NAMED_BEFORE, NAMED_LAST)) {
            var matcher = pattern.matcher(message);
            while (matcher.find()) {
                int start = matcher.start(1);
                int end = matcher.end(1);
                var word = matcher.group(1).toLowerCase(Locale.ROOT);
                boolean free = found.stream().noneMatch(other -> start < other.end() && other.start() < end);
                if (free && !lexicon.isStop(word) && !STRUCTURE.contains(word)) {
                    found.add(new Found(Piece.Kind.NAME, matcher.group(1), start, end));
                }
            }
        }
        var last = NAMED_AT_END.matcher(message);
        if (last.find()) {
            int start = last.start(1);
            int end = last.end(1);
            var word = last.group(1).toLowerCase(Locale.ROOT);
            boolean free = found.stream().noneMatch(other -> start < other.end() && other.start() < end);
            if (free && !lexicon.isStop(word) && !STRUCTURE.contains(word) && !lexicon.isState(word)) {
                found.add(new Found(Piece.Kind.NAME, last.group(1), start, end));
            }
        }
        found.sort(java.util.Comparator.comparingInt(Found::start));
        return found;
    }

    /// Twelve hex digits of a MAC address, lower case; empty when it is none.
    static Optional<String> mac(String text) {
        var digits = text.toLowerCase(Locale.ROOT).replaceAll("[:.-]", "");
        return digits.matches("[0-9a-f]{12}") ? Optional.of(digits) : Optional.empty();
    }

    /// A duration in words as a number of hours, at least one.
    static int hours(String text) {
        var words = text.toLowerCase(Locale.ROOT);
        var number = Pattern.compile("[0-9]+").matcher(words);
        int amount = number.find() ? Integer.parseInt(number.group()) : spelled(words);
        if (words.matches(".*(minute|min|[0-9]m).*")) {
            return Math.max(1, (amount + 59) / 60);
        }
        if (words.matches(".*(week|[0-9]w).*")) {
            return amount * 168;
        }
        if (words.contains("month")) {
            return amount * 720;
        }
        if (words.matches(".*(hour|hr|[0-9]h).*")) {
            return amount;
        }
        return amount * 24;
    }

    private static int spelled(String words) {
        var numbers = List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
        for (int i = 0; i < numbers.size(); i++) {
            if (Set.of(words.split("\\W+")).contains(numbers.get(i))) {
                return i + 1;
            }
        }
        return words.contains("twenty-four") ? 24 : words.contains("twelve") ? 12 : 1;
    }

    private static Optional<String> text(Matcher matcher) {
        for (int group = 1; group <= matcher.groupCount(); group++) {
            var text = Optional.ofNullable(matcher.group(group)).map(String::strip);
            if (text.isPresent() && !text.get().isEmpty()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static String normal(Piece.Kind kind, String text) {
        return switch (kind) {
            case MAC -> mac(text).orElse(text);
            case UUID, PORT, IP -> text.toLowerCase(Locale.ROOT);
            case QUOTED, NAME, CODE, EMAIL, VLAN, DURATION, NUMBER, PLAN -> text;
        };
    }

    private static Rule rule(Piece.Kind kind, String pattern) {
        return new Rule(kind, Pattern.compile(pattern, FLAGS));
    }
}
