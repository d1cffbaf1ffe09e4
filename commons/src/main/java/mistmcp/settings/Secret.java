package mistmcp.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A secret value, which prints as dots. Read it where it is used, and nowhere else.
public final class Secret {
    private final String value;

    /// Wraps a secret's text.
    public Secret(String value) {
        this.value = value;
    }

    /// The secret itself.
    public String reveal() {
        return value;
    }

    /// The secret as UTF-8.
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /// Whether both are the same, in time that does not depend on where they differ.
    public boolean matches(String other) {
        return MessageDigest.isEqual(bytes(), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "•••";
    }
}
