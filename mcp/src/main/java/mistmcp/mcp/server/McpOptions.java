package mistmcp.mcp.server;

import java.time.Duration;
import java.time.InstantSource;
import mistmcp.json.JsonLimits;

/// How an endpoint behaves on the wire.
///
/// @param limits            what a message may have
/// @param sessions          whether a legacy `initialize` opens an MCP session; without one the caller can be
///                          asked nothing, sets no log level and has no GET stream, and all else works
/// @param maxSessions       MCP sessions in all; the one longest idle makes room
/// @param maxSessionsPerKey MCP sessions of one caller
/// @param sessionIdle       how long an unused MCP session lives
/// @param sseAfter          an answer that takes longer becomes an event stream, where the caller takes one
/// @param heartbeat         how often a comment goes out on a silent stream, so that a gone caller is
///                          noticed: at the second one after it went, and so within 2 s
/// @param maxParked         calls that wait for input of a modern caller, in all; a quarter of it for one
///                          caller
/// @param maxListeners      open listen streams, in all; a quarter of it for one caller
/// @param clock             what the idle times count by
public record McpOptions(
        JsonLimits limits,
        boolean sessions,
        int maxSessions,
        int maxSessionsPerKey,
        Duration sessionIdle,
        Duration sseAfter,
        Duration heartbeat,
        int maxParked,
        int maxListeners,
        InstantSource clock) {
    /// For a server that asks its callers nothing.
    public static final McpOptions STATELESS = new McpOptions(
            JsonLimits.REQUEST,
            false,
            0,
            0,
            Duration.ofMinutes(30),
            Duration.ofMillis(250),
            Duration.ofMillis(900),
            64,
            64,
            InstantSource.system());

    /// For a server that asks its callers: MCP sessions for legacy callers, 32 each, 10,000 in all.
    public static final McpOptions SESSIONS = new McpOptions(
            JsonLimits.REQUEST,
            true,
            10_000,
            32,
            Duration.ofMinutes(30),
            Duration.ofMillis(250),
            Duration.ofMillis(900),
            1_000,
            1_000,
            InstantSource.system());

    /// The same with other limits.
    public McpOptions withLimits(JsonLimits other) {
        return new McpOptions(
                other,
                sessions,
                maxSessions,
                maxSessionsPerKey,
                sessionIdle,
                sseAfter,
                heartbeat,
                maxParked,
                maxListeners,
                clock);
    }
}
