package mistmcp.http;

import java.util.Map;
import mistmcp.json.JsonObject;

/// An error answer of ours: `application/problem+json` (RFC 9457) with a stable `code`, `detail` and
/// `requestId`. Thrown by handlers; the edge writes it.
public final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String detail;
    private final transient JsonObject extra;
    private final transient Map<String, String> headers;

    /// A problem with nothing but its code and detail.
    public HttpProblem(int status, String code, String detail) {
        this(status, code, detail, JsonObject.EMPTY, Map.of());
    }

    /// A problem with further members and response headers.
    public HttpProblem(int status, String code, String detail, JsonObject extra, Map<String, String> headers) {
        // An answer, not a fault: whoever reads it wants no stack, which costs more than all else of a refusal.
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.extra = extra;
        this.headers = Map.copyOf(headers);
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The stable code.
    public String code() {
        return code;
    }

    /// What went wrong, for people.
    public String detail() {
        return detail;
    }

    /// Headers that go along, such as `WWW-Authenticate`.
    public Map<String, String> headers() {
        return headers;
    }

    /// The body.
    public JsonObject toJson(String requestId) {
        return JsonObject.of(
                        "type", "about:blank", "status", status, "code", code, "detail", detail, "requestId", requestId)
                .withAll(extra);
    }
}
