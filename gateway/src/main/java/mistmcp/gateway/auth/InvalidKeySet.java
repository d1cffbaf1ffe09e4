package mistmcp.gateway.auth;

/// A key set that is not taken; the message says why in one line.
final class InvalidKeySet extends Exception {
    private static final long serialVersionUID = 1;

    InvalidKeySet(String why) {
        super(why);
    }
}
