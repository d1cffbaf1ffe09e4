package mistmcp.mcp.oauth;

import java.net.URI;
import mistmcp.http.HostText;
import mistmcp.http.Reach;

/// Judges the addresses that an MCP server or its authorization server names: `https`, with a plain `http`
/// allowed on this machine to a server that is on it. What a name stands for is judged by [Reach] when it is
/// connected to.
record LearnedAddress(URI server) {
    /// The address, when it may be used.
    ///
    /// @param what how the address is called in messages
    URI use(String what, String text) throws OAuthFault {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException unreadable) {
            throw refused(what, "is no address");
        }
        var host = address.getHost();
        if (host == null || address.getRawUserInfo() != null || address.getRawFragment() != null) {
            throw refused(what, "is no address of a server");
        }
        boolean secure = "https".equalsIgnoreCase(address.getScheme());
        if (!secure
                && !("http".equalsIgnoreCase(address.getScheme()) && HostText.onThisMachine(host) && serverIsHere())) {
            throw refused(what, "is not https");
        }
        if (HostText.literal(host)
                .filter(known -> !Reach.around(server.getHost()).covers(known))
                .isPresent()) {
            throw refused(what, "lies in a network that the server has no business with");
        }
        return address;
    }

    private boolean serverIsHere() {
        return HostText.onThisMachine(server.getHost());
    }

    private static OAuthFault refused(String what, String why) {
        return new OAuthFault("oauth_address_refused", "the " + what + " that was named " + why);
    }
}
