package mistmcp.gateway.identity;

import java.util.Optional;

/// What a principal may do at most: read, or also write. There is no third role.
public enum Role {
    READ_ONLY("ReadOnly"),
    READ_WRITE("ReadWrite");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    /// The role as it stands in JSON and settings.
    public String text() {
        return text;
    }

    /// Whether the role may write at all.
    public boolean writes() {
        return this == READ_WRITE;
    }

    /// The role of a text, exactly as written.
    public static Optional<Role> of(String text) {
        for (var role : values()) {
            if (role.text.equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
