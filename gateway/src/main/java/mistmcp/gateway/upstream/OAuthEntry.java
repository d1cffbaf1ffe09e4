package mistmcp.gateway.upstream;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import mistmcp.http.HostText;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// Reads the `oauth` member of an upstream's entry; each fault is kept in `env`.
final class OAuthEntry {
    private static final Set<String> MEMBERS = Set.of("clientId", "clientSecret", "issuer", "scopes", "grant");
    private static final String CODE = "authorization_code";
    private static final String MACHINE = "client_credentials";

    private OAuthEntry() {}

    static Optional<UpstreamSettings.OAuth> read(Env env, String name, JsonObject entry) {
        if (!entry.has("oauth")) {
            return Optional.empty();
        }
        var member = entry.object("oauth");
        if (member.isEmpty()) {
            fault(env, name, "`oauth` takes an object");
            return Optional.empty();
        }
        if (entry.has("credential")) {
            fault(env, name, "expected either `oauth` or `credential`");
        }
        if (!entry.string("url").filter(OAuthEntry::protectedOnTheWay).isPresent()) {
            fault(env, name, "`oauth` needs an `https` address in `url`, or one on this machine");
        }
        return Optional.of(members(env, name, member.get()));
    }

    private static UpstreamSettings.OAuth members(Env env, String name, JsonObject oauth) {
        oauth.names().stream()
                .filter(known -> !MEMBERS.contains(known))
                .forEach(unknown -> fault(env, name, "`oauth` has an unknown member `" + unknown + "`"));
        var clientId = text(env, name, oauth, "clientId");
        var secret = secret(env, name, oauth);
        if (secret.isPresent() && clientId.isEmpty()) {
            fault(env, name, "`clientSecret` needs `clientId`");
        }
        var issuer = text(env, name, oauth, "issuer");
        if (issuer.filter(known -> !protectedOnTheWay(known)).isPresent()) {
            fault(env, name, "`issuer` takes an `https` address, or one on this machine");
        }
        var grant = oauth.has("grant") ? oauth.string("grant").orElse("") : CODE;
        if (!grant.equals(CODE) && !grant.equals(MACHINE)) {
            fault(env, name, "`grant` takes `" + CODE + "` or `" + MACHINE + "`");
        }
        if (grant.equals(MACHINE) && (clientId.isEmpty() || secret.isEmpty() || issuer.isEmpty())) {
            fault(env, name, "`" + MACHINE + "` needs `clientId`, `clientSecret` and `issuer`");
        }
        return new UpstreamSettings.OAuth(clientId, secret, issuer, scopes(env, name, oauth), grant.equals(MACHINE));
    }

    private static Set<String> scopes(Env env, String name, JsonObject oauth) {
        var scopes = new LinkedHashSet<>(UpstreamSettings.strings(env, name, oauth, "scopes"));
        if (scopes.stream().anyMatch(scope -> !scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,200}"))) {
            fault(env, name, "`scopes` takes words without blanks and quotes");
        }
        return scopes;
    }

    private static Optional<String> text(Env env, String name, JsonObject oauth, String member) {
        var text = oauth.string(member).filter(value -> !value.isBlank());
        if (oauth.has(member) && text.isEmpty()) {
            fault(env, name, "`" + member + "` takes a text");
        }
        return text;
    }

    private static Optional<Secret> secret(Env env, String name, JsonObject oauth) {
        if (!oauth.has("clientSecret")) {
            return Optional.empty();
        }
        var from = oauth.object("clientSecret").filter(object -> object.size() == 1);
        var secret = from.flatMap(object -> object.string("from")).flatMap(env::secret);
        if (secret.isEmpty()) {
            fault(env, name, "`clientSecret` takes `from`, the name of a setting that is set");
        }
        return secret;
    }

    /// A token on its way must not be readable.
    private static boolean protectedOnTheWay(String text) {
        try {
            var address = URI.create(text);
            var host = address.getHost();
            return host != null
                    && address.getRawUserInfo() == null
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme()) && HostText.onThisMachine(host)));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    private static void fault(Env env, String name, String message) {
        UpstreamSettings.fault(env, "`" + name + "`: " + message);
    }
}
