package mistmcp.mcp.client;

import java.time.Duration;
import java.util.Set;
import mistmcp.json.JsonObject;

/// How we behave towards a server.
///
/// @param era            how it is spoken to
/// @param relay          what it may ask of our caller: `elicitation`, `sampling`, `roots`; nothing else is
///                       declared
/// @param clientInfo     `{name, version}` of ours
/// @param maxResultBytes how long one message of its may be
/// @param silence        how long it may send nothing
/// @param maxSessions    MCP sessions that we keep with it; the one longest idle is ended
/// @param room           what its large answers may take in memory, together with those of others
public record ClientOptions(
        Era era,
        Set<String> relay,
        JsonObject clientInfo,
        int maxResultBytes,
        Duration silence,
        int maxSessions,
        Room room) {
    /// Copies the set given.
    public ClientOptions {
        relay = Set.copyOf(relay);
    }

    /// Relays nothing, finds out the era, takes results of up to 16 MiB.
    public static ClientOptions of(JsonObject clientInfo) {
        return new ClientOptions(Era.AUTO, Set.of(), clientInfo, 16 << 20, Duration.ofMinutes(2), 1_000, Room.shared());
    }

    /// The same with another era.
    public ClientOptions withEra(Era other) {
        return new ClientOptions(other, relay, clientInfo, maxResultBytes, silence, maxSessions, room);
    }

    /// The same with another relay.
    public ClientOptions withRelay(Set<String> other) {
        return new ClientOptions(era, other, clientInfo, maxResultBytes, silence, maxSessions, room);
    }

    /// The same with another bound for silence.
    public ClientOptions withSilence(Duration other) {
        return new ClientOptions(era, relay, clientInfo, maxResultBytes, other, maxSessions, room);
    }

    /// The same with another bound for results.
    public ClientOptions withMaxResultBytes(int bytes) {
        return new ClientOptions(era, relay, clientInfo, bytes, silence, maxSessions, room);
    }
}
