package mistmcp.mist;

import java.util.List;

/// What a name or id of a caller stands for, within the caller's scope.
///
/// @param <T> the kind of object
public sealed interface Match<T> {
    /// Exactly one object.
    record One<T>(T found) implements Match<T> {}

    /// No object, or none that the caller may see: the two look the same.
    record None<T>() implements Match<T> {}

    /// Several objects of the same name: the caller must give an id.
    record Several<T>(List<T> candidates) implements Match<T> {
        /// Copies the list given.
        public Several {
            candidates = List.copyOf(candidates);
        }
    }

    /// The match of a list of finds.
    static <T> Match<T> of(List<T> found) {
        return switch (found.size()) {
            case 0 -> new None<>();
            case 1 -> new One<>(found.getFirst());
            default -> new Several<>(found);
        };
    }
}
