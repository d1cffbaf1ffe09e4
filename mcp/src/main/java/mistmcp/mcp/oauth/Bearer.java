package mistmcp.mcp.oauth;

import mistmcp.settings.Secret;

/// An access token, as it goes along with a request.
///
/// @param value the token itself
public record Bearer(Secret value) {
    /// The value of the header `Authorization`.
    public String header() {
        return "Bearer " + value.reveal();
    }
}
