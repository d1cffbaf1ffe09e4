package mistmcp.mcp.oauth;

import java.util.Optional;

/// What a client of an MCP server asks before a request and tells after it. Safe for several threads.
public interface Authorization {
    /// For a server that wants no authorization, or a fixed header.
    Authorization NONE = new Authorization() {
        @Override
        public Optional<Bearer> bearer() {
            return Optional.empty();
        }

        @Override
        public boolean answers() {
            return false;
        }

        @Override
        public void accepted() {}

        @Override
        public Verdict challenged(Challenge challenge, Optional<Bearer> sent) {
            return new Verdict.Failed("upstream_needs_authorization", "the server wants an authorization");
        }
    };

    /// The token to send now, renewed before it ends; nothing when there is none.
    Optional<Bearer> bearer();

    /// Whether it is to be told of challenges.
    boolean answers();

    /// Says that a request with a token was let in.
    void accepted();

    /// Says that the server refused a request, and with what; answers what to do.
    ///
    /// @param sent what went along with the request
    Verdict challenged(Challenge challenge, Optional<Bearer> sent);

    /// What to do about a refusal.
    sealed interface Verdict {
        /// Send the request again: there is another token now.
        record Again() implements Verdict {}

        /// Give up.
        ///
        /// @param code   the stable code
        /// @param detail one line for people
        record Failed(String code, String detail) implements Verdict {}
    }
}
