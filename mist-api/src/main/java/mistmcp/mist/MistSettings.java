package mistmcp.mist;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import mistmcp.http.Egress;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// Which Mist cloud, which organisation, and the token for it.
///
/// @param base   scheme, host and port of the API, without a path
/// @param org    the organisation; nothing outside it is read
/// @param token  the API token of this process
/// @param egress the way to the cloud
public record MistSettings(URI base, OrgId org, Secret token, Egress egress) {
    /// The hosts of Mist's clouds. No other host but loopback is ever called.
    public static final Set<String> HOSTS = Set.of(
            "api.mist.com",
            "api.gc1.mist.com",
            "api.ac2.mist.com",
            "api.gc2.mist.com",
            "api.gc4.mist.com",
            "api.eu.mist.com",
            "api.gc3.mist.com",
            "api.ac6.mist.com",
            "api.gc6.mist.com",
            "api.ac5.mist.com",
            "api.gc5.mist.com",
            "api.gc7.mist.com");

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final String NONE = "00000000-0000-0000-0000-000000000000";

    /// A cloud that is called directly.
    public MistSettings(URI base, OrgId org, Secret token) {
        this(base, org, token, Egress.DIRECT);
    }

    /// Reads `MIST_API_BASE`, `MIST_ORG_ID`, the token of the name given, and the way there. Faults stay in
    /// the Env.
    public static MistSettings read(Env env, String tokenName) {
        var base = env.address("MIST_API_BASE");
        if (base.isEmpty() && env.text("MIST_API_BASE").isEmpty()) {
            env.fault("MIST_API_BASE", "is missing: expected an address such as `https://api.mist.com`");
        }
        base.filter(uri -> !allowed(uri))
                .ifPresent(_ -> env.fault(
                        "MIST_API_BASE",
                        "expected `https://` and one of Mist's API hosts such as `api.mist.com` or `api.eu.mist.com`,"
                                + " or a loopback address, without a path"));
        var orgText = env.text("MIST_ORG_ID");
        var org = orgText.flatMap(OrgId::of);
        if (org.isEmpty()) {
            env.fault("MIST_ORG_ID", (orgText.isEmpty() ? "is missing: " : "") + "expected the id of an organisation");
        }
        var token = env.secret(tokenName);
        if (token.isEmpty()) {
            env.fault(tokenName, "is missing: expected a Mist API token");
        } else if (!token.get().reveal().matches("[\\x21-\\x7e]+")) {
            env.fault(tokenName, "expected a token of printable characters without blanks");
        }
        return new MistSettings(
                base.map(MistSettings::root).orElse(URI.create("http://127.0.0.1:1")),
                org.orElse(new OrgId(NONE)),
                token.orElse(new Secret("")),
                Egress.read(env));
    }

    /// Whether the cloud is simulated: only a simulated one is on a loopback address.
    public boolean simulated() {
        return LOOPBACK.contains(base.getHost());
    }

    private static boolean allowed(URI uri) {
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean plain = uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && (uri.getPath() == null
                        || uri.getPath().isEmpty()
                        || uri.getPath().equals("/"));
        boolean mist = uri.getScheme().equals("https")
                && HOSTS.contains(host)
                && (uri.getPort() == -1 || uri.getPort() == 443);
        return plain && (mist || LOOPBACK.contains(host));
    }

    private static URI root(URI uri) {
        var port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
        return URI.create(uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port);
    }
}
