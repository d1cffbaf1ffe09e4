package mistmcp.http;

/// One endpoint: method, path (`/plans/{id}`), how long its body may be, and who answers.
public record Route(String method, String path, int maxBodyBytes, HttpHandler handler) {
    /// An endpoint whose body may have 64 KiB.
    public Route(String method, String path, HttpHandler handler) {
        this(method, path, 64 << 10, handler);
    }
}
