package mistmcp.cli;

import java.io.Console;
import java.util.Optional;

/// Whether a person reads the output.
final class Terminal {
    private Terminal() {}

    /// Whether standard input and output are a terminal, not a pipe or a file.
    static boolean present() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
