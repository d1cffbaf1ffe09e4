package mistmcp.gateway.model;

import mistmcp.json.Sha256;

/// The fence around text that strangers may have written, when a model is told of it.
public final class Untrusted {
    private Untrusted() {}

    /// The text between two marks that it cannot forge: their name is drawn from the text itself.
    public static String fenced(String text) {
        var mark = "untrusted-"
                + Sha256.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .substring(7, 19);
        return "<" + mark + ">\n" + text + "\n</" + mark + ">";
    }
}
