package mistmcp.gateway.auth;

/// DEV keys that cannot be used; the message names the file and the fix in one line.
public final class UnusableKeys extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableKeys(String message) {
        super(message);
    }
}
