package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// What a message says of a change that the change could not take in: a plan that leaves it out would be for
/// more, or for something else, than was asked. So it is named, and nothing is planned.
final class Sweep {
    private static final Set<String> CONDITIONS = Set.of(
            "except",
            "excepting",
            "excluding",
            "exclude",
            "besides",
            "unless",
            "if",
            "until",
            "when",
            "whenever",
            "tomorrow",
            "later",
            "tonight",
            "schedule",
            "instead",
            "but",
            "not",
            "without",
            "never",
            "minus",
            "skip",
            "skipping",
            "below",
            "above",
            "beneath",
            "higher",
            "lower",
            "older",
            "newer",
            "before",
            "after",
            "between",
            "than");
    /// Said of many things, these mean some of them.
    private static final Set<String> SOME = Set.of(
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "single", "first", "last",
            "latest", "newest", "oldest", "this", "that", "these", "those", "some", "few", "several", "another",
            "other", "others", "same", "rest", "most", "half");
    private static final List<List<String>> PHRASES = List.of(
            List.of("but", "not"), List.of("other", "than"), List.of("apart", "from"), List.of("rather", "than"));
    private static final Set<String> PLAIN = Set.of("organisation", "time", "reason");

    private final Slots slots;

    Sweep(Slots slots) {
        this.slots = slots;
    }

    /// The words and values that an order would leave out, as they were written.
    List<String> leftOut(ToolDoc doc, Filled filled, Reading reading) {
        var left = new ArrayList<String>();
        filled.unused().forEach(value -> left.add(value.text()));
        reading.values().stream()
                .filter(value -> value.kind() == Piece.Kind.NUMBER && !taken(value, doc, reading))
                .forEach(value -> left.add(value.text()));
        var inside = reading.words()
                .filter(word -> word.raw().contains(" "))
                .flatMap(word -> Arrays.stream(word.raw().split(" ")))
                .collect(Collectors.toSet());
        reading.plain().stream()
                .filter(word -> CONDITIONS.contains(word) && !inside.contains(word))
                .forEach(left::add);
        for (var phrase : PHRASES) {
            if (java.util.Collections.indexOfSubList(reading.plain(), phrase) >= 0) {
                left.add(String.join(" ", phrase));
            }
        }
        // A change of one named thing says what it is for; only one of many could be meant for fewer.
        if (doc.required().isEmpty()) {
            reading.plain().stream().filter(SOME::contains).forEach(left::add);
            one(doc, reading).ifPresent(left::add);
            var all = filled.arguments();
            reading.words()
                    .filter(word -> !word.bound() && overruled(doc, reading, word, all))
                    .forEach(word -> left.add(word.raw()));
            reading.words()
                    .filter(word -> !word.bound() && !known(doc, word))
                    .filter(word ->
                            slots.fill(doc, reading.without(word)).arguments().equals(all))
                    .forEach(word -> left.add(word.raw()));
        }
        return left.stream().distinct().toList();
    }

    private boolean taken(Piece.Value value, ToolDoc doc, Reading reading) {
        var whole = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value.text()) + "(?![\\p{L}\\p{N}])");
        return whole.matcher(Json.text(slots.fill(doc, reading).arguments())).find();
    }

    /// Whether a word alone would set an argument that all words together do not: `critical and warn`, where
    /// the tool takes one of them.
    private boolean overruled(ToolDoc doc, Reading reading, Piece.Word word, JsonObject all) {
        var alone = new Reading(reading.message(), List.of(), List.of(word), reading.action());
        return slots.fill(doc, alone).arguments().members().entrySet().stream()
                .anyMatch(argument -> !all.get(argument.getKey())
                        .filter(argument.getValue()::equals)
                        .isPresent());
    }

    /// `an alarm` is one of them, whichever.
    private Optional<String> one(ToolDoc doc, Reading reading) {
        var heads = reading.words()
                .filter(word -> doc.head().filter(word.concept()::equals).isPresent())
                .map(Piece.Word::raw)
                .collect(Collectors.toSet());
        var plain = reading.plain();
        return IntStream.range(1, plain.size())
                .filter(at -> Set.of("a", "an").contains(plain.get(at - 1)) && heads.contains(plain.get(at)))
                .mapToObj(at -> plain.get(at - 1) + " " + plain.get(at))
                .findFirst();
    }

    private static boolean known(ToolDoc doc, Piece.Word word) {
        return switch (word.term().kind()) {
            case READ, COUNT, ACTION -> true;
            case NOUN, ATTRIBUTE, STATE ->
                !word.negated() && (doc.told().contains(word.concept()) || PLAIN.contains(word.concept()));
            case UNKNOWN -> word.raw().length() < 3;
        };
    }
}
