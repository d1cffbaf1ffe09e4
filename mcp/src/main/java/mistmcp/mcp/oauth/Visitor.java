package mistmcp.mcp.oauth;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Goes to an authorization server while a request waits.
@FunctionalInterface
public interface Visitor {
    /// For where people are asked at another time, by [OAuthClient#begin].
    Visitor NOBODY = new Visitor() {
        @Override
        public Optional<Map<String, String>> visit(URI address) {
            return Optional.empty();
        }

        @Override
        public boolean atHand() {
            return false;
        }
    };

    /// Visits the address and answers the parameters that came back to the redirect address; nothing when none
    /// came.
    Optional<Map<String, String>> visit(URI address);

    /// Whether it makes sense to ask it.
    default boolean atHand() {
        return true;
    }
}
