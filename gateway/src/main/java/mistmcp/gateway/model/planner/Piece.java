package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Optional;

/// One piece of a message, in order: a word that means something, or a value.
sealed interface Piece {
    /// A word or phrase.
    ///
    /// @param raw     as written, lower case
    /// @param negated whether a word such as `not` or `without` stands right before
    /// @param grouped whether `per`, `by` or `each` stands right before
    /// @param bound   whether it only says what the value beside it is
    record Word(String raw, Lexicon.Term term, boolean negated, boolean grouped, boolean bound) implements Piece {
        String concept() {
            return term.concept();
        }

        /// How much the word counts when an ask is compared with a tool.
        double weight() {
            return bound ? Math.min(0.3, term.kind().weight()) : term.kind().weight();
        }
    }

    /// A value that a tool may take as an argument. Its text never takes part in choosing a tool.
    ///
    /// @param before the plain words right before it, nearest last
    /// @param left   what the words before say that it is
    /// @param right  what the word after says that it is
    /// @param start  where it begins in the message
    record Value(Kind kind, String text, List<String> before, Optional<String> left, Optional<String> right, int start)
            implements Piece {
        /// Copies the list given.
        public Value {
            before = List.copyOf(before);
        }

        /// The word right before; empty text at the beginning.
        String preposition() {
            return before.isEmpty() ? "" : before.getLast();
        }
    }

    /// What a value is.
    enum Kind {
        QUOTED,
        NAME,
        CODE,
        MAC,
        IP,
        UUID,
        EMAIL,
        PORT,
        VLAN,
        DURATION,
        NUMBER,
        PLAN;

        /// Whether it may be the name of something.
        boolean named() {
            return this == QUOTED || this == NAME || this == CODE;
        }
    }
}
