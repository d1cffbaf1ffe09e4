package mistmcp.sim;

/// A seed that cannot be read, with the reason in one line.
public final class UnusableSeed extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableSeed(String message, Throwable cause) {
        super(message, cause);
    }
}
