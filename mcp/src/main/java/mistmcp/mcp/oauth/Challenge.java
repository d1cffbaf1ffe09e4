package mistmcp.mcp.oauth;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a server's refusal says about how to be let in (RFC 6750 section 3, RFC 9728 section 5).
///
/// @param status           401 or 403
/// @param resourceMetadata where it describes itself
/// @param scopes           what the request needs
public record Challenge(int status, Optional<String> resourceMetadata, Set<String> scopes) {
    private static final int MAX_HEADER = 8192;
    private static final int MAX_SCOPES = 100;

    /// Copies the set given.
    public Challenge {
        scopes = Set.copyOf(scopes);
    }

    /// The challenge in a refusal; nothing when the answer asks for no other authorization. A 403 is one only
    /// when it says which scopes are missing.
    ///
    /// @param headers the values of `WWW-Authenticate`
    public static Optional<Challenge> of(int status, List<String> headers) {
        if (status != 401 && status != 403) {
            return Optional.empty();
        }
        var bearer = headers.stream()
                .filter(header -> header.length() <= MAX_HEADER)
                .flatMap(header -> new Reader(header).bearer().stream())
                .findFirst();
        var parameters = bearer.orElse(Map.of());
        var scopes = scopes(parameters.getOrDefault("scope", ""));
        boolean scopeIsMissing = !scopes.isEmpty()
                && parameters.getOrDefault("error", "insufficient_scope").equals("insufficient_scope");
        return status == 401 || scopeIsMissing
                ? Optional.of(new Challenge(status, Optional.ofNullable(parameters.get("resource_metadata")), scopes))
                : Optional.empty();
    }

    /// The scopes of a list divided by blanks, in its order; what cannot be a scope is left out (RFC 6749
    /// section 3.3).
    static Set<String> scopes(String list) {
        var scopes = new LinkedHashSet<String>();
        for (var scope : list.split(" ", -1)) {
            if (isScope(scope) && scopes.size() < MAX_SCOPES) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    static boolean isScope(String text) {
        return !text.isEmpty()
                && text.chars().allMatch(c -> c == 0x21 || (c >= 0x23 && c <= 0x5B) || (c >= 0x5D && c <= 0x7E));
    }

    /// Reads one header, which may hold challenges of several schemes.
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        /// The parameters of its `Bearer` challenge; the first of a name counts.
        Optional<Map<String, String>> bearer() {
            Optional<Map<String, String>> found = Optional.empty();
            boolean within = false;
            while (skipTo()) {
                var word = word();
                if (word.isEmpty()) {
                    // What belongs to no parameter, as the filling of a token68.
                    at++;
                    continue;
                }
                blanks();
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    blanks();
                    var value = value();
                    if (within) {
                        found.orElseThrow().putIfAbsent(word.toLowerCase(Locale.ROOT), value);
                    }
                } else {
                    within = word.equalsIgnoreCase("Bearer") && found.isEmpty();
                    if (within) {
                        found = Optional.of(new LinkedHashMap<>());
                    }
                }
            }
            return found;
        }

        private boolean skipTo() {
            while (at < text.length() && (blank() || text.charAt(at) == ',')) {
                at++;
            }
            return at < text.length();
        }

        private void blanks() {
            while (at < text.length() && blank()) {
                at++;
            }
        }

        private boolean blank() {
            return text.charAt(at) == ' ' || text.charAt(at) == '\t';
        }

        private String word() {
            int from = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }

        private String value() {
            if (at >= text.length() || text.charAt(at) != '"') {
                return word();
            }
            var value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }
    }
}
