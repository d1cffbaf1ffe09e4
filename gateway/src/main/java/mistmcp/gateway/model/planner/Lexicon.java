package mistmcp.gateway.model.planner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import org.tartarus.snowball.ext.EnglishStemmer;

/// The words of network work: which of them mean the same, and what kind of word each is. Read from
/// `words.json`, which knows no tool and no name. Immutable.
final class Lexicon {
    private static final Pattern ENTRY = Pattern.compile("'([^']+)'|(\\S+)");
    private static final int LONGEST_PHRASE = 5;

    private final Map<String, Term> byStems = new HashMap<>();
    private final Map<String, Set<String>> verbs = new java.util.TreeMap<>();
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, String> near = new HashMap<>();
    private final Map<String, Term> exact = new HashMap<>();
    private final Set<String> stop;
    private final Set<String> greetings;
    private final Set<String> approvals;
    private final Set<String> help = new HashSet<>();

    /// What kind of word a term is.
    enum Kind {
        NOUN(1.0),
        ATTRIBUTE(0.4),
        STATE(0.6),
        ACTION(0.3),
        READ(0),
        COUNT(0),
        UNKNOWN(0.5);

        private final double weight;

        Kind(double weight) {
            this.weight = weight;
        }

        /// How much a term counts when an ask is compared with a tool.
        double weight() {
            return weight;
        }
    }

    /// One meaning: all words for it share the concept.
    record Term(String concept, Kind kind) {}

    private Lexicon(JsonObject words) {
        concepts(words, "reads", Kind.READ);
        concepts(words, "counts", Kind.COUNT);
        group(words, "actions", Kind.ACTION);
        group(words, "states", Kind.STATE);
        group(words, "attributes", Kind.ATTRIBUTE);
        group(words, "nouns", Kind.NOUN);
        var actions = words.object("actions").orElseThrow();
        for (var action : actions.names()) {
            verbs.put(action, Set.copyOf(entries(actions.string(action).orElseThrow())));
        }
        texts(words, "isa").forEach(parents::put);
        texts(words, "near").forEach(near::put);
        stop = Set.copyOf(entries(words.string("stop").orElseThrow()));
        greetings = Set.copyOf(entries(words.string("greetings").orElseThrow()));
        approvals = Set.copyOf(entries(words.string("approvals").orElseThrow()));
        Arrays.stream(words.string("help").orElseThrow().split(";"))
                .map(String::strip)
                .forEach(help::add);
    }

    /// The lexicon of this program.
    static Lexicon load() {
        return new Lexicon(resource("words.json"));
    }

    /// A JSON resource beside this class.
    static JsonObject resource(String name) {
        try (var in =
                Objects.requireNonNull(Lexicon.class.getResourceAsStream("/mistmcp/gateway/model/planner/" + name))) {
            return Json.parseObject(in.readAllBytes(), JsonLimits.TRUSTED);
        } catch (IOException unreadable) {
            throw new IllegalStateException("the program's own " + name + " cannot be read", unreadable);
        }
    }

    /// The term of words at a place and how many of them it takes; the longest phrase wins. Empty for a word
    /// that says nothing.
    Optional<Match> match(List<String> words, int at) {
        for (int length = Math.min(LONGEST_PHRASE, words.size() - at); length > 0; length--) {
            var phrase = words.subList(at, at + length);
            var term = term(String.join(" ", phrase), stems(phrase));
            if (term.isPresent()) {
                return Optional.of(new Match(term.get(), length));
            }
        }
        var word = words.get(at);
        return isStop(word) || word.length() < 2
                ? Optional.empty()
                : Optional.of(new Match(new Term(stem(word), Kind.UNKNOWN), 1));
    }

    /// A word as it stands goes before its stem: `set` is not `setting`, and `do` has the stem of `doing`,
    /// yet says nothing.
    private Optional<Term> term(String words, String stems) {
        var term = exact.get(words);
        if (term != null) {
            return Optional.of(term);
        }
        return isStop(words) ? Optional.empty() : Optional.ofNullable(byStems.get(stems));
    }

    /// The term that a word with one slip of the pen was meant for; the term itself when none or several
    /// could be. Never a deed: what changes something must be spelled right.
    Term corrected(Term term, String word) {
        if (term.kind() != Kind.UNKNOWN || word.length() < 4) {
            return term;
        }
        var meant = new HashSet<Term>();
        for (var known : exact.entrySet()) {
            var right = known.getKey();
            boolean fits = right.indexOf(' ') < 0
                    && right.charAt(0) == word.charAt(0)
                    && known.getValue().kind() != Kind.ACTION
                    && (Spelling.slip(word, right, Math.max(5, word.length() - 1))
                            || Spelling.slip(term.concept(), stem(right), 5)
                            || Spelling.swapped(word, right));
            if (fits) {
                meant.add(known.getValue());
            }
        }
        return meant.size() == 1 ? meant.iterator().next() : term;
    }

    /// A term found in a text.
    record Match(Term term, int length) {}

    /// The action that words at a place order, as a verb in its base form, and how many words it takes.
    Optional<Match> verb(List<String> words, int at) {
        for (int length = Math.min(3, words.size() - at); length > 0; length--) {
            var phrase = String.join(" ", words.subList(at, at + length));
            for (var action : verbs.entrySet()) {
                if (action.getValue().contains(phrase)) {
                    return Optional.of(new Match(new Term(action.getKey(), Kind.ACTION), length));
                }
            }
        }
        return Optional.empty();
    }

    /// The action of a verb in any form: `disabled`, `shut down`.
    Optional<String> participle(List<String> words) {
        for (int length = words.size(); length > 0; length--) {
            var stems = stems(words.subList(0, length));
            for (var action : verbs.entrySet()) {
                if (action.getValue().stream()
                        .anyMatch(verb -> stems(List.of(verb.split(" "))).equals(stems))) {
                    return Optional.of(action.getKey());
                }
            }
        }
        return Optional.empty();
    }

    /// Whether a word stands for a concept.
    boolean names(String concept, String word) {
        return Optional.ofNullable(byStems.get(stem(word)))
                .filter(term -> term.concept().equals(concept))
                .isPresent();
    }

    /// Whether all of some words are known, be it as words that say nothing.
    boolean knows(List<String> words) {
        for (int at = 0; at < words.size(); ) {
            var match = match(words, at);
            boolean strange =
                    match.filter(found -> found.term().kind() == Kind.UNKNOWN).isPresent();
            if (strange && !greetings.contains(words.get(at))) {
                return false;
            }
            at += match.map(Match::length).orElse(1);
        }
        return true;
    }

    /// Whether a word asks for something to be read.
    boolean reads(String word) {
        return Optional.ofNullable(byStems.get(stem(word)))
                .filter(term -> term.kind() == Kind.READ || term.kind() == Kind.COUNT)
                .isPresent();
    }

    boolean isState(String word) {
        return Optional.ofNullable(byStems.get(stem(word)))
                .filter(term -> term.kind() == Kind.STATE)
                .isPresent();
    }

    boolean isStop(String word) {
        return stop.contains(word);
    }

    boolean isGreeting(List<String> words) {
        return !words.isEmpty() && greetings.containsAll(words);
    }

    boolean isHelp(String text) {
        return help.contains(text);
    }

    boolean isApproval(List<String> words) {
        return !words.isEmpty() && words.size() <= 8 && approvals.containsAll(words);
    }

    /// The wider concept: a switch is a device.
    Optional<String> parent(String concept) {
        return Optional.ofNullable(parents.get(concept));
    }

    /// A concept that may help when there is no tool for this one.
    Optional<String> near(String concept) {
        return Optional.ofNullable(near.get(concept));
    }

    static String stem(String word) {
        var stemmer = new EnglishStemmer();
        stemmer.setCurrent(word);
        stemmer.stem();
        return stemmer.getCurrent();
    }

    private static String stems(List<String> words) {
        if (words.size() == 1) {
            return stem(words.getFirst());
        }
        return String.join(" ", words.stream().map(Lexicon::stem).toList());
    }

    private void concepts(JsonObject words, String name, Kind kind) {
        for (var entry : entries(words.string(name).orElseThrow())) {
            exact.put(entry, new Term(name, kind));
            byStems.put(stems(List.of(entry.split(" "))), new Term(name, kind));
        }
    }

    private void group(JsonObject words, String name, Kind kind) {
        var group = words.object(name).orElseThrow();
        for (var concept : group.names()) {
            for (var entry : entries(group.string(concept).orElseThrow())) {
                var plain = entry.toLowerCase(Locale.ROOT).replace('-', ' ').replace(".", " ");
                exact.put(plain, new Term(concept, kind));
                byStems.put(stems(List.of(plain.split(" "))), new Term(concept, kind));
            }
        }
    }

    private static Map<String, String> texts(JsonObject words, String name) {
        var map = new HashMap<String, String>();
        var object = words.object(name).orElseThrow();
        object.names().forEach(key -> map.put(key, object.string(key).orElseThrow()));
        return map;
    }

    private static List<String> entries(String text) {
        var entries = new ArrayList<String>();
        var matcher = ENTRY.matcher(text);
        while (matcher.find()) {
            entries.add(Optional.ofNullable(matcher.group(1)).orElseGet(matcher::group));
        }
        return entries;
    }
}
