package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A message as the planner reads it.
///
/// @param message the text as written
/// @param plain   its words, lower case, values left out
/// @param pieces  words that mean something and values, in order
/// @param action  what it orders to be done; empty when it only asks
record Reading(String message, List<String> plain, List<Piece> pieces, Optional<String> action) {
    /// Copies the lists given.
    Reading {
        plain = List.copyOf(plain);
        pieces = List.copyOf(pieces);
    }

    Stream<Piece.Word> words() {
        return pieces.stream().filter(Piece.Word.class::isInstance).map(Piece.Word.class::cast);
    }

    List<Piece.Value> values() {
        return pieces.stream()
                .filter(Piece.Value.class::isInstance)
                .map(Piece.Value.class::cast)
                .toList();
    }

    Set<String> concepts() {
        return words().map(Piece.Word::concept).collect(Collectors.toSet());
    }

    boolean says(String concept) {
        return words().anyMatch(word -> word.concept().equals(concept));
    }

    /// Whether it asks for a number rather than a list.
    boolean counts() {
        return words().anyMatch(word -> word.term().kind() == Lexicon.Kind.COUNT || word.grouped());
    }

    /// What it is about: the first thing named that is not merely the kind of a value.
    Optional<String> head() {
        return words().filter(word -> word.term().kind() == Lexicon.Kind.NOUN && !word.bound() && !word.grouped())
                .map(Piece.Word::concept)
                .findFirst()
                .or(() -> values().stream()
                        .filter(value -> value.kind() == Piece.Kind.PORT)
                        .map(_ -> "port")
                        .findFirst())
                .or(() -> words().filter(word -> word.term().kind() == Lexicon.Kind.NOUN)
                        .map(Piece.Word::concept)
                        .findFirst());
    }

    /// The same without grouping, as for `which site has the most clients` where nothing counts by site.
    Reading ungrouped() {
        var plainly = pieces.stream()
                .map(piece -> piece instanceof Piece.Word word && word.grouped()
                        ? new Piece.Word(word.raw(), word.term(), word.negated(), false, word.bound())
                        : piece)
                .toList();
        return new Reading(message, plain, plainly, action);
    }

    /// The same without one word.
    Reading without(Piece.Word word) {
        return new Reading(
                message,
                plain,
                pieces.stream().filter(piece -> !piece.equals(word)).toList(),
                action);
    }

    /// Whether it is about many of a kind: `switches`, not `switch`.
    boolean plural() {
        return words().filter(word -> word.term().kind() == Lexicon.Kind.NOUN && !word.bound())
                .findFirst()
                .filter(word -> word.raw().endsWith("s") && !word.raw().endsWith("ss"))
                .isPresent();
    }

    /// The names among its values.
    List<Piece.Value> names() {
        return values().stream()
                .filter(value -> value.kind().named()
                        || value.kind() == Piece.Kind.MAC
                        || value.kind() == Piece.Kind.IP
                        || value.kind() == Piece.Kind.UUID)
                .toList();
    }
}
