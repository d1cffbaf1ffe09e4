package mistmcp.gateway.upstream;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import mistmcp.http.HttpClient;
import mistmcp.http.Reach;
import mistmcp.json.JsonObject;
import mistmcp.mcp.client.ClientOptions;
import mistmcp.mcp.client.HttpMcpClient;
import mistmcp.mcp.client.McpClient;
import mistmcp.mcp.client.StdioMcpClient;
import mistmcp.mcp.oauth.Authorization;
import mistmcp.mcp.oauth.ClientIdentity;
import mistmcp.mcp.oauth.OAuthClient;
import mistmcp.mcp.oauth.OAuthOptions;
import mistmcp.mcp.oauth.Refusal;
import mistmcp.mcp.oauth.Visitor;

/// Makes the connection to an upstream from its configuration. Safe for several threads.
public final class Connections implements AutoCloseable {
    private static final int CONNECTIONS_PER_SERVER = 256;
    private static final String CLIENT_NAME = "Mist MCP Gateway";

    private final HttpClient http = new HttpClient(Duration.ofSeconds(3), CONNECTIONS_PER_SERVER);
    private final List<HttpClient> confined = new ArrayList<>();
    private final JsonObject clientInfo;
    private final Home home;
    private final InstantSource clock;

    /// Connections that name the gateway as their client.
    ///
    /// @param home where the gateway stands, for upstreams that want an authorization
    public Connections(String version, Home home, InstantSource clock) {
        this.clientInfo = JsonObject.of("name", "mist-mcp-gateway", "version", version);
        this.home = home;
        this.clock = clock;
    }

    /// A connection.
    ///
    /// @param authorization what lets it in, where it wants that
    record Connected(McpClient client, Optional<OAuthClient> authorization) {}

    /// The connection to one upstream; nothing is sent yet.
    ///
    /// @param onLost told when its authorization is gone
    Connected connect(UpstreamSettings.Configured configured, Consumer<Refusal> onLost) {
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
            case UpstreamSettings.Transport.Http(URI url) -> {
                var authorization = configured.oauth().map(oauth -> authorization(configured, url, oauth, onLost));
                yield new Connected(
                        new HttpMcpClient(
                                http,
                                url,
                                options,
                                authorization.<Authorization>map(one -> one).orElse(Authorization.NONE)),
                        authorization);
            }
            case UpstreamSettings.Transport.Stdio stdio ->
                new Connected(new StdioMcpClient(stdio.command(), stdio.environment(), options), Optional.empty());
        };
    }

    /// The gateway's own, the same for all callers.
    private OAuthClient authorization(
            UpstreamSettings.Configured configured, URI url, UpstreamSettings.OAuth oauth, Consumer<Refusal> onLost) {
        // What its metadata names leads no further than the internet and the zone of the upstream itself.
        var client = new HttpClient(Duration.ofSeconds(3), 4, Reach.around(url.getHost()));
        confined.add(client);
        return new OAuthClient(
                url,
                new OAuthOptions(
                        CLIENT_NAME,
                        home.callback(),
                        home.document(),
                        oauth.clientId().map(id -> ClientIdentity.registered(id, oauth.clientSecret())),
                        oauth.issuer(),
                        oauth.scopes(),
                        oauth.machine(),
                        oauth.machine()
                                ? "look at `oauth` of `" + configured.name() + "` in `UPSTREAMS_PATH`"
                                : "run `./mist upstreams authorize " + configured.name() + "`"),
                client,
                new FileVault(home.folder(), configured.name(), url),
                clock,
                Visitor.NOBODY,
                onLost);
    }

    /// What the gateway says of itself as a client, where others can fetch it.
    Optional<JsonObject> document() {
        return home.document()
                .map(address -> OAuthClient.document(OAuthOptions.of(CLIENT_NAME, home.callback(), ""), address));
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
        confined.forEach(HttpClient::close);
    }
}
