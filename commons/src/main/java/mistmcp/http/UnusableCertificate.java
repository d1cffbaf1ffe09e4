package mistmcp.http;

/// A certificate or key that a server cannot use; the message says why in one line, with the file.
public final class UnusableCertificate extends Exception {
    private static final long serialVersionUID = 1;

    UnusableCertificate(String message) {
        super(message);
    }
}
