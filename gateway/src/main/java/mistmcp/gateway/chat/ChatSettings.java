package mistmcp.gateway.chat;

import java.io.IOException;
import java.nio.file.Files;
import mistmcp.settings.Env;

/// What the chat is told at start.
///
/// @param instructions the system prompt of a real model
public record ChatSettings(String instructions) {
    /// Reads the file at `PROMPT_PATH` (`rbac_prompt.txt`).
    public static ChatSettings read(Env env) {
        var path = env.path("PROMPT_PATH", "rbac_prompt.txt");
        var instructions = "";
        try {
            instructions = Files.readString(path);
        } catch (IOException unreadable) {
            env.fault("PROMPT_PATH", "names a file that cannot be read: `" + path + "`");
        }
        return new ChatSettings(instructions);
    }
}
