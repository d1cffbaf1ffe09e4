package mistmcp.cli;

import java.io.Console;
import java.io.IOException;
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

    /// Whether standard input is a terminal, wherever the output goes: what is typed there would be shown.
    static boolean typedInto() throws InterruptedException {
        try {
            return new ProcessBuilder("test", "-t", "0")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            // No such program here: then there is nothing that could tell.
            return false;
        }
    }
}
