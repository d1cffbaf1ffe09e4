package mistmcp.ro.tool;

import mistmcp.mcp.server.ToolResult;

/// Ends a call with an answer that tells the caller what is wrong with its arguments.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ToolResult answer;

    Refusal(ToolResult answer) {
        super("refused");
        this.answer = answer;
    }

    Refusal(String code, String message) {
        this(ToolResult.failed(code, message));
    }

    ToolResult answer() {
        return answer;
    }
}
