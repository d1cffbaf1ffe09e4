package mistmcp.jsonrpc;

/// The error codes of JSON-RPC 2.0 and those that MCP adds.
public final class ErrorCode {
    /// The text is no JSON.
    public static final int PARSE_ERROR = -32700;
    /// The JSON is no request.
    public static final int INVALID_REQUEST = -32600;
    /// There is no such method.
    public static final int METHOD_NOT_FOUND = -32601;
    /// The parameters are wrong; also an unknown tool, prompt or (2026-07-28) resource.
    public static final int INVALID_PARAMS = -32602;
    /// The receiver failed.
    public static final int INTERNAL_ERROR = -32603;
    /// Legacy: there is no such resource.
    public static final int RESOURCE_NOT_FOUND = -32002;
    /// 2026-07-28: a header says something else than the body.
    public static final int HEADER_MISMATCH = -32020;
    /// 2026-07-28: the client did not declare a capability that the request needs.
    public static final int MISSING_CLIENT_CAPABILITY = -32021;
    /// 2026-07-28: this protocol version is not served.
    public static final int UNSUPPORTED_PROTOCOL_VERSION = -32022;

    private ErrorCode() {}
}
