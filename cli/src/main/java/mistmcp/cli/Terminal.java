package mistmcp.cli;

import java.io.Console;
import java.util.Optional;
import mistmcp.settings.Secret;

/// The person at the keyboard, when there is one.
final class Terminal {
    private Terminal() {}

    /// Whether standard input and output are a terminal, not a pipe or a file.
    static boolean present() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /// Asks for a secret, which is not shown while it is typed or pasted.
    static Optional<Secret> secret(String prompt) {
        return Optional.ofNullable(System.console())
                .map(console -> console.readPassword("%s", prompt))
                .map(typed -> new String(typed).strip())
                .filter(typed -> !typed.isEmpty())
                .map(Secret::new);
    }
}
