package mistmcp.gateway.auth;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where a browser goes after its sign-in: a page of ours and nothing else. Letters that could turn a path
/// into another site's address (`//`, `\`, `%2f`, `..`, control characters) are not taken at all.
///
/// @param text begins with `/ui/`
record ReturnPath(String text) {
    /// The first page.
    static final ReturnPath HOME = new ReturnPath("/ui/");

    private static final int MAX_CHARS = 512;
    private static final Pattern OWN =
            Pattern.compile("/ui(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?(\\?[A-Za-z0-9._~=&%+:,-]*)?");

    /// The path asked for when it is one of ours, else the first page.
    static ReturnPath of(Optional<String> asked) {
        return asked.filter(
                        path -> path.length() <= MAX_CHARS && OWN.matcher(path).matches())
                .map(ReturnPath::new)
                .orElse(HOME);
    }
}
