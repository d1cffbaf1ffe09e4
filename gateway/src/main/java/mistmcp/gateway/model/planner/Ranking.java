package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Chooses the tool for a message: BM25, how much of the message a tool covers, what the tool's name is
/// about, and whether its arguments take the message's values. Names in the message take no part.
final class Ranking {
    private static final double GOOD = 0.45;
    private static final double COVERED = 0.6;
    private static final double NEAR = 0.2;
    private static final double MARGIN = 0.05;
    private static final int MOST = 3;
    private static final Pattern HOW =
            Pattern.compile("(?i)^(how (do|can|could|to|would)|(can|could|may|am|should) i)\\b");

    private final Lexicon lexicon;
    private final Slots slots;

    Ranking(Lexicon lexicon, Slots slots) {
        this.lexicon = lexicon;
        this.slots = slots;
    }

    /// One tool with its score.
    ///
    /// @param whole whether it knows of every thing that the message names
    private record Scored(ToolDoc doc, Filled filled, double score, double cover, boolean whole) {}

    Decision decide(Catalogue catalogue, Reading reading) {
        var scored = scored(catalogue, reading);
        boolean order = reading.action().isPresent();
        boolean how = HOW.matcher(reading.message().strip()).find();
        var deeds = how && !order ? deeds(scored, reading) : List.<Scored>of();
        if (!deeds.isEmpty()) {
            return new Decision.Unclear(docs(deeds));
        }
        var fit = scored.stream()
                .filter(one -> one.doc().tool().write() == order)
                .filter(one -> !order || one.doc().does(reading.action().orElseThrow()))
                .toList();
        var good = fit.stream()
                .filter(one -> one.whole() && one.score() >= GOOD && one.cover() >= COVERED)
                .filter(_ -> order || tangible(reading))
                .toList();
        if (!good.isEmpty()) {
            var best = good.getFirst();
            boolean alone = good.size() == 1 || best.score() - good.get(1).score() >= MARGIN;
            return alone
                    ? new Decision.Clear(best.doc(), best.filled())
                    : new Decision.Unclear(docs(good.stream()
                            .filter(one -> best.score() - one.score() < MARGIN)
                            .toList()));
        }
        var missing = missing(catalogue, reading);
        var near = (how ? scored : order && fit.isEmpty() ? reads(scored) : fit)
                .stream().filter(one -> one.score() >= NEAR && one.cover() > 0).toList();
        boolean known = !order || !fit.isEmpty();
        boolean whole =
                !near.isEmpty() && near.getFirst().whole() && near.getFirst().cover() >= 0.4;
        boolean close = missing.isEmpty() && !near.isEmpty() && (how || (known && whole));
        return close
                ? new Decision.Unclear(docs(near))
                : new Decision.NoTool(missing, nearest(catalogue, reading, scored, near));
    }

    /// For a question whether or how something can be done: what does it.
    private static List<Scored> deeds(List<Scored> scored, Reading reading) {
        return scored.stream()
                .filter(Scored::whole)
                .filter(one -> reading.words()
                        .anyMatch(word -> word.term().kind() == Lexicon.Kind.ACTION
                                && one.doc().does(word.concept())))
                .toList();
    }

    private static List<Scored> reads(List<Scored> scored) {
        return scored.stream().filter(one -> !one.doc().tool().write()).toList();
    }

    private static List<ToolDoc> docs(List<Scored> scored) {
        return scored.stream().limit(MOST).map(Scored::doc).toList();
    }

    private List<Scored> scored(Catalogue catalogue, Reading reading) {
        var weights = weights(reading);
        var bm25 = catalogue.scores(weights.keySet());
        var scored = new ArrayList<Scored>();
        for (var doc : catalogue.docs()) {
            var filled = slots.fill(doc, reading);
            double cover = cover(doc, weights);
            double score = 0.45 * cover
                    + 0.2 * bm25.getOrDefault(doc, 0.0)
                    + 0.15 * head(doc, reading)
                    + values(doc, filled, reading)
                    + counting(catalogue, doc, reading)
                    - (strange(doc, reading) ? 0.08 : 0);
            scored.add(new Scored(doc, filled, score, cover, whole(doc, reading)));
        }
        scored.sort(Comparator.comparingDouble((Scored one) -> -one.score())
                .thenComparing(one -> one.doc().tool().name()));
        return scored;
    }

    /// How much each concept of the message counts.
    private static Map<String, Double> weights(Reading reading) {
        var weights = new LinkedHashMap<String, Double>();
        reading.words()
                .filter(word -> word.weight() > 0)
                .filter(word -> !reading.action().equals(Optional.of(word.concept())))
                .forEach(word -> weights.merge(word.concept(), word.weight(), Math::max));
        for (var value : reading.values()) {
            if (value.kind() == Piece.Kind.PORT) {
                weights.merge("port", 0.5, Math::max);
            }
        }
        return weights;
    }

    private double cover(ToolDoc doc, Map<String, Double> weights) {
        double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        if (all == 0) {
            return 0;
        }
        double covered = 0;
        for (var weight : weights.entrySet()) {
            covered += weight.getValue() * knows(doc, weight.getKey());
        }
        return covered / all;
    }

    private double knows(ToolDoc doc, String concept) {
        if (doc.known().contains(concept)) {
            return 1;
        }
        return lexicon.parent(concept).filter(doc.known()::contains).isPresent() ? 0.8 : 0;
    }

    private double head(ToolDoc doc, Reading reading) {
        if (doc.head().isEmpty() || reading.head().isEmpty()) {
            return 0;
        }
        var head = doc.head().get();
        var asked = reading.head().get();
        if (head.equals(asked) || lexicon.parent(asked).filter(head::equals).isPresent()) {
            return 1;
        }
        boolean beside = reading.words()
                .anyMatch(word -> !word.bound()
                        && (word.concept().equals(head)
                                || lexicon.parent(word.concept())
                                        .filter(head::equals)
                                        .isPresent()));
        return beside ? 0.6 : 0;
    }

    private double counting(Catalogue catalogue, ToolDoc doc, Reading reading) {
        if (!reading.counts()) {
            return doc.counts() ? -0.1 : 0.05;
        }
        if (doc.counts()) {
            return head(doc, reading) > 0 ? 0.05 : -0.25;
        }
        boolean counted = catalogue.docs().stream()
                .anyMatch(other -> other.counts() && head(other, reading) > 0 && whole(other, reading));
        return counted || reading.words().anyMatch(Piece.Word::grouped) ? -0.1 : 0.05;
    }

    /// Whether a tool is about something that the message does not speak of.
    private boolean strange(ToolDoc doc, Reading reading) {
        return doc.head().isPresent()
                && reading.words().anyMatch(word -> word.term().kind() == Lexicon.Kind.NOUN && !word.bound())
                && head(doc, reading) == 0;
    }

    private static double values(ToolDoc doc, Filled filled, Reading reading) {
        double fit = 0;
        for (var value : reading.values()) {
            boolean taken = !filled.unused().contains(value);
            fit += switch (value.kind()) {
                case NUMBER -> 0;
                case DURATION -> taken ? 0.03 : -0.05;
                case MAC, IP, PORT, UUID, PLAN, VLAN -> taken ? strength(doc, value) : -0.25;
                case QUOTED, NAME, CODE, EMAIL -> taken ? 0.06 : -0.12;
            };
        }
        boolean one = doc.required().stream()
                .filter(property -> !(reading.plural() && property.entity().equals(doc.head())))
                .anyMatch(property ->
                        property.entity().isPresent() && filled.arguments().has(property.name()));
        boolean country = doc.properties().stream()
                .anyMatch(property -> property.names().contains("country")
                        && filled.arguments().has(property.name()));
        double missing =
                (reading.action().isPresent() ? 0.02 : 0.2) * filled.missing().size();
        return Math.max(-0.5, Math.min(0.3, fit)) + (one ? 0.12 : 0) + (country ? 0.12 : 0) - missing;
    }

    private static double strength(ToolDoc doc, Piece.Value value) {
        var kind = value.kind().toString().toLowerCase(java.util.Locale.ROOT);
        return doc.properties().stream()
                        .anyMatch(property ->
                                property.is(kind) || property.names().contains(kind))
                ? 0.3
                : -0.05;
    }

    /// Whether a tool knows of every thing that the message names and groups as the message wants.
    private boolean whole(ToolDoc doc, Reading reading) {
        return reading.words().allMatch(word -> switch (word.term().kind()) {
            case NOUN -> word.grouped() ? groups(doc, word) : knows(doc, word.concept()) > 0 && !sibling(doc, word);
            case ATTRIBUTE -> !word.grouped() || groups(doc, word);
            // What was done to a thing is another question than what it is.
            case ACTION ->
                reading.action().isPresent()
                        || (word.concept().equals("change") && !word.raw().startsWith("chang"))
                        || knows(doc, word.concept()) > 0;
            case STATE, READ, COUNT, UNKNOWN -> true;
        });
    }

    /// Whether a tool is for another kind of the same thing: for switches, where an access point is named.
    private boolean sibling(ToolDoc doc, Piece.Word word) {
        return lexicon.parent(word.concept()).isPresent()
                && !doc.known().contains(word.concept())
                && doc.kinds().stream()
                        .anyMatch(kind -> !kind.equals(word.concept())
                                && lexicon.parent(kind).equals(lexicon.parent(word.concept())));
    }

    /// Whether a message names a thing at all, and not only a state or a deed.
    private static boolean tangible(Reading reading) {
        return reading.head().isPresent()
                || reading.words().anyMatch(word -> word.term().kind() == Lexicon.Kind.ATTRIBUTE)
                || !reading.names().isEmpty();
    }

    private static boolean groups(ToolDoc doc, Piece.Word word) {
        return doc.properties().stream()
                .filter(Property::group)
                .flatMap(property -> property.options().stream())
                .anyMatch(option ->
                        option.equals(word.concept()) || Lexicon.stem(option).equals(Lexicon.stem(word.raw())));
    }

    /// The first thing in the message that no tool knows of.
    private Optional<String> missing(Catalogue catalogue, Reading reading) {
        return reading.words()
                .filter(word -> word.term().kind() == Lexicon.Kind.NOUN)
                .filter(word -> catalogue.docs().stream().noneMatch(doc -> knows(doc, word.concept()) > 0))
                .map(Piece.Word::raw)
                .findFirst();
    }

    /// What comes nearest to an ask that no tool is for: what does something like it, then what is about the
    /// same.
    private List<ToolDoc> nearest(Catalogue catalogue, Reading reading, List<Scored> scored, List<Scored> near) {
        var nearest = new java.util.LinkedHashSet<ToolDoc>();
        reading.action()
                .flatMap(lexicon::near)
                .ifPresent(like -> scored.stream()
                        .filter(one -> one.whole() && one.doc().does(like) && head(one.doc(), reading) > 0)
                        .forEach(one -> nearest.add(one.doc())));
        nearest.addAll(docs(near));
        if (nearest.isEmpty()) {
            reading.action()
                    .ifPresent(action -> scored.stream()
                            .filter(one -> one.whole() && one.doc().does(action))
                            .forEach(one -> nearest.add(one.doc())));
        }
        if (nearest.isEmpty()) {
            nearest.addAll(related(catalogue, reading));
        }
        if (nearest.isEmpty()) {
            scored.stream()
                    .filter(one -> !one.doc().tool().write() && head(one.doc(), reading) > 0)
                    .forEach(one -> nearest.add(one.doc()));
        }
        return nearest.stream().limit(MOST).toList();
    }

    /// Tools about something that has to do with what was asked.
    private List<ToolDoc> related(Catalogue catalogue, Reading reading) {
        var near = reading.concepts().stream()
                .flatMap(concept -> lexicon.near(concept).stream())
                .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new));
        if (near.isEmpty()) {
            return List.of();
        }
        Set<String> wanted = Set.copyOf(near);
        return catalogue.docs().stream()
                .filter(doc -> !doc.tool().write()
                        && doc.head().filter(wanted::contains).isPresent())
                .limit(MOST)
                .toList();
    }
}
