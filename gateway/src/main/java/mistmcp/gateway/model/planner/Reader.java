package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads messages and the texts of tool definitions with the same eyes. Stateless besides the lexicon.
final class Reader {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._'’/-]*");
    private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final Set<String> NEGATIONS = Set.of("not", "no", "non", "without", "never", "nobody", "un");
    private static final Map<String, String> OPPOSITES =
            Map.of("up", "down", "down", "up", "enable", "disable", "disable", "enable");
    /// `isn't`, and `isnt` where it is no other word.
    private static final Pattern NEGATED =
            Pattern.compile("(.+)n't|(are|is|was|were|do|does|did|has|have|had|could|would|should|ca)nt");
    /// What stands before a thing, and so after a verb, never after a name.
    private static final Set<String> DETERMINERS =
            Set.of("the", "all", "my", "our", "me", "us", "every", "any", "some", "a", "an");
    private static final Set<String> HELPING =
            Set.of("has", "have", "had", "been", "yet", "is", "are", "was", "were", "one");
    private static final Set<String> GROUPS = Set.of("per", "by", "each");
    private static final Pattern COUNTING =
            Pattern.compile("(?i)\\b(count|how many|number of|break ?down|broken down|distribution|total|tally)\\b");
    private static final Pattern SUPERLATIVE =
            Pattern.compile("(?i)\\b(?:which|what)\\s+\\w+\\s+(?:has|have|had|got|gets|with|sees|saw|shows)\\b.*"
                    + "\\b(?:most|fewest|least|highest number of|lowest number of)\\b");
    private static final Set<String> NAMING =
            Set.of("named", "called", "name", "the", "is", "id", "of", "to", "with", "as");
    private static final Set<String> LINE = Set.of("up", "down");
    private static final Set<Piece.Kind> STRICT = Set.of(Piece.Kind.PORT, Piece.Kind.MAC, Piece.Kind.IP);
    private static final Set<String> PRONOUNS =
            Set.of("anything", "something", "everything", "nothing", "what", "which", "things", "stuff", "whats");
    private static final Set<String> ASKING = Set.of("what", "which", "whats", "whose");
    private static final Pattern SHORT_IS = Pattern.compile("(who|what|where|how|when|that|there|here)'s");
    private static final Set<String> PLACES = Set.of("at", "in", "near", "named", "called", "inside");

    private final Lexicon lexicon;
    private final Orders orders;

    Reader(Lexicon lexicon) {
        this.lexicon = lexicon;
        this.orders = new Orders(lexicon);
    }

    /// A word or a value of a message as it stands in it.
    private record Atom(String text, Optional<Piece.Kind> value, int start, int end, boolean first) {
        String lower() {
            return text.toLowerCase(Locale.ROOT);
        }

        boolean capital() {
            return Character.isUpperCase(text.codePointAt(0));
        }
    }

    /// Reads a message.
    Reading read(String written) {
        // In a message all in capitals they say nothing.
        boolean loud = written.strip().contains(" ") && written.equals(written.toUpperCase(Locale.ROOT));
        var message = loud ? written.toLowerCase(Locale.ROOT) : written;
        boolean order = orders.action(masked(message, atoms(message, false))).isPresent();
        var atoms = names(message, atoms(message, order));
        var pieces = implied(pieces(atoms, groups(message)), atoms);
        var plain = atoms.stream()
                .filter(atom -> atom.value().isEmpty())
                .map(Atom::lower)
                .toList();
        return new Reading(message, plain, pieces, orders.action(masked(message, atoms)));
    }

    /// Whether a message asks which of some has the most of something.
    static boolean superlative(String message) {
        return SUPERLATIVE.matcher(message).find();
    }

    private static Set<String> groups(String message) {
        if (superlative(message)) {
            return Set.of("per", "which", "what");
        }
        return COUNTING.matcher(message).find() ? GROUPS : Set.of("per");
    }

    /// What is on or off line without being named is a device: `is anything offline`.
    private static List<Piece> implied(List<Piece> pieces, List<Atom> atoms) {
        boolean state = pieces.stream()
                .anyMatch(piece -> piece instanceof Piece.Word word
                        && LINE.contains(word.concept())
                        && word.term().kind() == Lexicon.Kind.STATE);
        boolean named = pieces.stream().anyMatch(piece -> switch (piece) {
            case Piece.Word word ->
                (word.term().kind() == Lexicon.Kind.NOUN && !word.bound())
                        || word.term().kind() == Lexicon.Kind.ACTION;
            case Piece.Value value -> STRICT.contains(value.kind());
        });
        boolean open = atoms.stream().anyMatch(atom -> atom.value().isEmpty() && PRONOUNS.contains(atom.lower()));
        if (!state || named || !open) {
            return pieces;
        }
        var with = new ArrayList<>(pieces);
        with.addFirst(new Piece.Word("", new Lexicon.Term("device", Lexicon.Kind.NOUN), false, false, false));
        return with;
    }

    /// The terms of a text that holds no values, as a tool's name or description.
    List<Lexicon.Term> terms(String text) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(CAMEL.matcher(text).replaceAll(" ").replace('_', ' '));
        while (matcher.find()) {
            split(matcher.group(), words);
        }
        var terms = new ArrayList<Lexicon.Term>();
        for (int at = 0; at < words.size(); ) {
            var match = lexicon.match(words, at);
            match.ifPresent(found -> terms.add(found.term()));
            at += match.map(Lexicon.Match::length).orElse(1);
        }
        return terms;
    }

    private List<Atom> atoms(String message, boolean order) {
        var found = order ? Values.ofOrder(message, lexicon) : Values.of(message);
        var atoms = new ArrayList<Atom>();
        found.forEach(value ->
                atoms.add(new Atom(value.text(), Optional.of(value.kind()), value.start(), value.end(), false)));
        var matcher = WORD.matcher(message);
        for (int from = 0; from < message.length() && matcher.find(from); ) {
            int start = matcher.start();
            var inside = found.stream()
                    .filter(value -> value.start() <= start && start < value.end())
                    .findFirst();
            if (inside.isPresent()) {
                from = inside.get().end();
                continue;
            }
            int end = found.stream()
                    .mapToInt(Values.Found::start)
                    .filter(next -> next > start)
                    .reduce(matcher.end(), Math::min);
            var word = message.substring(start, end)
                    .replaceAll("(?i)(?<!who|what|where|how|when|that|there|here)['’]s$", "")
                    .replaceAll("[._'’/-]+$", "");
            if (!word.isEmpty()) {
                atoms.add(new Atom(word, Optional.empty(), start, start + word.length(), first(message, start)));
            }
            from = end;
        }
        atoms.sort(Comparator.comparingInt(Atom::start));
        return atoms;
    }

    private static boolean first(String message, int start) {
        var before = message.substring(0, start).stripTrailing();
        return before.isEmpty() || ".?!:;\n".indexOf(before.charAt(before.length() - 1)) >= 0;
    }

    /// Turns the words that must be names into values.
    private List<Atom> names(String message, List<Atom> atoms) {
        var named = new ArrayList<Atom>();
        for (int at = 0; at < atoms.size(); ) {
            int end = run(message, atoms, at);
            if (end > at) {
                var start = atoms.get(at).start();
                var last = atoms.get(end - 1).end();
                named.add(new Atom(message.substring(start, last), Optional.of(Piece.Kind.NAME), start, last, false));
                at = end;
            } else {
                named.add(atoms.get(at++));
            }
        }
        return named;
    }

    /// Where the name that begins at a place ends; the place itself when none begins there.
    private int run(String message, List<Atom> atoms, int at) {
        var atom = atoms.get(at);
        if (atom.value().isPresent()) {
            return at;
        }
        if (coined(atom.text())) {
            return at + 1;
        }
        if (atom.capital() && !(atom.first() && (known(atom) || determined(atoms, at + 1)))) {
            int end = at;
            boolean strange = false;
            while (end < atoms.size() && joins(message, atoms, at, end)) {
                strange |= !known(atoms.get(end)) && atoms.get(end).value().isEmpty();
                end++;
            }
            // A common word at the end of a run of capitals belongs to the sentence, not to the name.
            return strange ? end : at;
        }
        boolean placed = at > 0
                && atoms.get(at - 1).value().isEmpty()
                && (PLACES.contains(atoms.get(at - 1).lower())
                        || lexicon.names("site", atoms.get(at - 1).lower()));
        return placed
                        && !known(atom)
                        && atom.text().length() > 2
                        && !atom.text().matches(".*(ing|ed)$")
                ? at + 1
                : at;
    }

    private static boolean determined(List<Atom> atoms, int at) {
        return at < atoms.size()
                && atoms.get(at).value().isEmpty()
                && DETERMINERS.contains(atoms.get(at).text());
    }

    private boolean joins(String message, List<Atom> atoms, int begin, int at) {
        var atom = atoms.get(at);
        if (at == begin) {
            return true;
        }
        boolean adjacent =
                message.substring(atoms.get(at - 1).end(), atom.start()).equals(" ");
        boolean fits = atom.value().isEmpty()
                ? atom.capital() || coined(atom.text())
                : atom.value().get() == Piece.Kind.NUMBER;
        return adjacent && fits;
    }

    /// Whether a word is no word of a language: `core-sw1`, `printer4`, `srv.example.net`.
    private boolean coined(String word) {
        boolean digit = word.chars().anyMatch(Character::isDigit);
        boolean letter = word.chars().anyMatch(Character::isLetter);
        if (word.matches("(?i)[0-9]+(st|nd|rd|th|ghz|mhz|g|x|k|m)")) {
            return false;
        }
        if (digit && letter) {
            return true;
        }
        return word.matches(".*[-._/].*") && letter && !known(word);
    }

    private boolean known(Atom atom) {
        return atom.value().isEmpty() && known(atom.text());
    }

    private boolean known(String text) {
        var words = new ArrayList<String>();
        split(text, words);
        return lexicon.knows(words);
    }

    private List<Piece> pieces(List<Atom> atoms, Set<String> groups) {
        var pieces = new ArrayList<Piece>();
        var words = new ArrayList<String>();
        for (int at = 0; at < atoms.size(); at++) {
            var atom = atoms.get(at);
            if (atom.value().isEmpty()) {
                split(atom.text(), words);
                continue;
            }
            var left = flush(words, pieces, groups).or(() -> inside(atom));
            var right = right(atoms, at + 1, atom.value().get());
            pieces.add(new Piece.Value(
                    atom.value().get(),
                    atom.text(),
                    words.subList(Math.max(0, words.size() - 3), words.size()),
                    left,
                    right,
                    atom.start()));
            words.clear();
        }
        flush(words, pieces, groups);
        return pieces;
    }

    /// Adds the pieces of the words so far; answers what the last of them says about the value that follows.
    private Optional<String> flush(List<String> words, List<Piece> pieces, Set<String> groups) {
        Optional<String> last = Optional.empty();
        int lastPiece = -1;
        int since = 0;
        for (int at = 0; at < words.size(); ) {
            var match = lexicon.match(words, at);
            int length = match.map(Lexicon.Match::length).orElse(1);
            if (match.isPresent()) {
                var term = lexicon.corrected(match.get().term(), words.get(at));
                boolean says = term.kind() == Lexicon.Kind.NOUN || term.kind() == Lexicon.Kind.ATTRIBUTE;
                var raw = String.join(" ", words.subList(at, at + length));
                var before = at == 0 ? "" : words.get(at - 1);
                pieces.add(word(raw, term, negated(words, at), groups.contains(before)));
                boolean naming = NAMING.contains(raw);
                if (!naming) {
                    // `what model is x` asks for the model; it does not say that x is one.
                    last = says && !ASKING.contains(before) ? Optional.of(term.concept()) : Optional.empty();
                    lastPiece = pieces.size() - 1;
                    since = 0;
                }
            } else {
                since += NAMING.contains(words.get(at)) ? 0 : 1;
            }
            at += length;
        }
        if (last.isEmpty() || since > 0 || lastPiece < 0) {
            return Optional.empty();
        }
        var word = (Piece.Word) pieces.get(lastPiece);
        boolean linked =
                !words.isEmpty() && Set.of("to", "of", "on", "with", "as").contains(words.getLast());
        if (linked) {
            return Optional.empty();
        }
        pieces.set(
                lastPiece,
                new Piece.Word(word.raw(), word.term(), word.negated(), word.grouped(), !plural(word.raw())));
        return last;
    }

    /// What is not up is down, and the like: then nothing is negated any more.
    private static Piece.Word word(String raw, Lexicon.Term term, boolean negated, boolean grouped) {
        var opposite = Optional.ofNullable(OPPOSITES.get(term.concept()))
                .filter(_ -> negated && term.kind() == Lexicon.Kind.STATE);
        return opposite.map(
                        concept -> new Piece.Word(raw, new Lexicon.Term(concept, term.kind()), false, grouped, false))
                .orElseGet(() -> new Piece.Word(raw, term, negated, grouped, false));
    }

    /// What a name says of itself by its last word, as in `North Office`.
    private Optional<String> inside(Atom atom) {
        if (atom.value()
                        .filter(kind -> kind == Piece.Kind.NAME || kind == Piece.Kind.QUOTED)
                        .isEmpty()
                || !atom.text().contains(" ")) {
            return Optional.empty();
        }
        var words = new ArrayList<String>();
        split(atom.text().replaceAll("[ 0-9]+$", "").replaceAll(".* ", ""), words);
        return words.isEmpty()
                ? Optional.empty()
                : lexicon.match(words, 0)
                        .filter(match -> match.term().kind() == Lexicon.Kind.NOUN)
                        .map(match -> match.term().concept());
    }

    /// Whether a negation stands right before, helping verbs left out: `nobody has seen`, `not yet sent`.
    private static boolean negated(List<String> words, int at) {
        int before = at - 1;
        while (before >= 0 && HELPING.contains(words.get(before))) {
            before--;
        }
        return before >= 0 && NEGATIONS.contains(words.get(before));
    }

    private static boolean plural(String word) {
        return word.endsWith("s") && !word.endsWith("ss");
    }

    private Optional<String> right(List<Atom> atoms, int next, Piece.Kind kind) {
        var words = new ArrayList<String>();
        for (int at = next; at < atoms.size() && atoms.get(at).value().isEmpty() && words.size() < 3; at++) {
            split(atoms.get(at).text(), words);
        }
        if (words.isEmpty()) {
            return Optional.empty();
        }
        return lexicon.match(words, 0)
                .filter(match ->
                        match.term().kind() == Lexicon.Kind.NOUN || match.term().kind() == Lexicon.Kind.ATTRIBUTE)
                .filter(match -> kind != Piece.Kind.NAME || !plural(words.get(match.length() - 1)))
                .map(match -> match.term().concept());
    }

    private static void split(String word, List<String> words) {
        for (var part : word.toLowerCase(Locale.ROOT).split("[-._/]")) {
            var plain = part.replace("’", "'");
            var negated = NEGATED.matcher(plain);
            if (negated.matches()) {
                words.add(Optional.ofNullable(negated.group(1)).orElse(negated.group(2)));
                words.add("not");
            } else if (SHORT_IS.matcher(plain).matches()) {
                words.add(plain.substring(0, plain.length() - 2));
                words.add("is");
            } else if (!plain.isEmpty()) {
                words.add(plain.replaceAll("'(s|t|re|ve|ll|d|m)$", ""));
            }
        }
    }

    /// The message in lower case with a mark in the place of each value.
    private static String masked(String message, List<Atom> atoms) {
        var out = new StringBuilder();
        int from = 0;
        for (var atom : atoms) {
            if (atom.value().isPresent()) {
                out.append(message, from, atom.start()).append(Orders.VALUE);
                from = atom.end();
            }
        }
        return out.append(message.substring(from)).toString().toLowerCase(Locale.ROOT);
    }
}
