package mistmcp.mcp.oauth;

/// Why an authorization could not be got.
///
/// @param code   the stable code
/// @param detail one line for people
public record Refusal(String code, String detail) {}
