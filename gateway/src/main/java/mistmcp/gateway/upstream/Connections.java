package mistmcp.gateway.upstream;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonObject;
import mistmcp.mcp.client.ClientOptions;
import mistmcp.mcp.client.HttpMcpClient;
import mistmcp.mcp.client.McpClient;
import mistmcp.mcp.client.StdioMcpClient;

/// Makes the connection to an upstream from its configuration. Safe for several threads.
public final class Connections implements AutoCloseable {
    private static final int CONNECTIONS_PER_SERVER = 256;

    private final HttpClient http = new HttpClient(Duration.ofSeconds(3), CONNECTIONS_PER_SERVER);
    private final JsonObject clientInfo;

    /// Connections that name the gateway as their client.
    public Connections(String version) {
        this.clientInfo = JsonObject.of("name", "mist-mcp-gateway", "version", version);
    }

    /// The connection to one upstream; nothing is sent yet.
    McpClient connect(UpstreamSettings.Configured configured) {
        var era = switch (configured.era()) {
            case AUTO -> mistmcp.mcp.client.Era.AUTO;
            case MODERN -> mistmcp.mcp.client.Era.MODERN;
            case LEGACY -> mistmcp.mcp.client.Era.LEGACY;
        };
        var asked = asked(configured);
        var plain = ClientOptions.of(clientInfo).withEra(era).withRelay(asked);
        // While a person thinks, a server of the legacy era has nothing to say on its stream.
        var options = asked.isEmpty() ? plain : plain.withSilence(UpstreamSettings.PERSON);
        return switch (configured.transport()) {
            case UpstreamSettings.Transport.Http http -> new HttpMcpClient(this.http, http.url(), options);
            case UpstreamSettings.Transport.Stdio stdio ->
                new StdioMcpClient(stdio.command(), stdio.environment(), options);
        };
    }

    /// Log messages are told, not asked: nothing is declared for them.
    private static Set<String> asked(UpstreamSettings.Configured configured) {
        var asked = new HashSet<>(configured.relay());
        asked.remove("logging");
        return asked;
    }

    @Override
    public void close() {
        http.close();
    }
}
