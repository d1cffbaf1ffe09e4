package mistmcp.gateway.chat;

import java.io.IOException;
import java.nio.file.Files;
import mistmcp.settings.Env;

/// What the chat is told at start.
///
/// @param instructions the system prompt of a real model
/// @param writeEnabled whether commits are switched on
public record ChatSettings(String instructions, boolean writeEnabled) {
    /// Reads the file at `PROMPT_PATH` (`rbac_prompt.txt`) and `WRITE_ENABLED`.
    public static ChatSettings read(Env env) {
        var path = env.path("PROMPT_PATH", "rbac_prompt.txt");
        var instructions = "";
        try {
            instructions = Files.readString(path);
        } catch (IOException unreadable) {
            env.fault("PROMPT_PATH", "names a file that cannot be read: `" + path + "`");
        }
        return new ChatSettings(instructions, env.bool("WRITE_ENABLED", false));
    }
}
