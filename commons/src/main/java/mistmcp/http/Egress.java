package mistmcp.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// The way from here to servers that others run: through which proxy, and whose certificates count beside
/// those that Java trusts. Addresses on this machine are always called directly.
///
/// @param proxy       the proxy for `https` addresses
/// @param direct      what is called without it, as entries of `NO_PROXY`
/// @param authorities certificates that count as well
public record Egress(Optional<ForwardProxy> proxy, List<String> direct, List<X509Certificate> authorities) {
    /// No proxy, and the certificates that Java trusts.
    public static final Egress DIRECT = new Egress(Optional.empty(), List.of(), List.of());

    /// Copies the lists given.
    public Egress {
        direct = List.copyOf(direct);
        authorities = List.copyOf(authorities);
    }

    /// Reads `HTTPS_PROXY`, `NO_PROXY` and `EXTRA_CA_CERTS`.
    public static Egress read(Env env) {
        Optional<ForwardProxy> proxy = Optional.empty();
        var named = env.text("HTTPS_PROXY");
        if (named.isPresent()) {
            try {
                proxy = Optional.of(ForwardProxy.of(named.get()));
            } catch (IllegalArgumentException unusable) {
                env.fault("HTTPS_PROXY", "expected `http://host:port` or `http://user:password@host:port`");
            }
        }
        return new Egress(
                proxy,
                env.list("NO_PROXY", ""),
                env.file("EXTRA_CA_CERTS").map(file -> certificates(env, file)).orElse(List.of()));
    }

    /// The proxy that stands between here and an address.
    public Optional<ForwardProxy> proxyFor(URI address) {
        var host = address.getHost();
        return proxy.filter(_ ->
                host != null && "https".equalsIgnoreCase(address.getScheme()) && !direct(bare(host), port(address)));
    }

    /// The proxy's password, to be kept out of logs.
    public List<Secret> secrets() {
        return proxy.flatMap(ForwardProxy::credentials).map(ForwardProxy.Credentials::password).stream()
                .toList();
    }

    /// The certificates that count, when they are not just those of Java.
    Optional<SSLContext> trust() {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            var all = new ArrayList<>(authorities);
            for (var manager : trustManagers(null).getTrustManagers()) {
                if (manager instanceof X509TrustManager known) {
                    all.addAll(List.of(known.getAcceptedIssuers()));
                }
            }
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("authority-" + i, all.get(i));
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(store).getTrustManagers(), null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException missing) {
            throw new IllegalStateException("this Java cannot trust further certificates", missing);
        }
    }

    private static TrustManagerFactory trustManagers(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }

    private static List<X509Certificate> certificates(Env env, Path file) {
        try {
            var found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                env.fault("EXTRA_CA_CERTS", "names a file without a certificate: `" + file + "`");
            }
            return found;
        } catch (CertificateException unreadable) {
            env.fault("EXTRA_CA_CERTS", "names a file that is no list of PEM certificates: `" + file + "`");
        } catch (IOException unreadable) {
            env.fault("EXTRA_CA_CERTS", "names a file that cannot be read: `" + file + "`");
        }
        return List.of();
    }

    private boolean direct(String host, int port) {
        return HostText.onThisMachine(host)
                || direct.stream().anyMatch(entry -> covers(entry.toLowerCase(Locale.ROOT), host, port));
    }

    private static boolean covers(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        var address = HostText.literal(host);
        try {
            var range = AddressRange.of(bare(entry));
            return address.filter(range::contains).isPresent();
        } catch (IllegalArgumentException noRange) {
            int colon = entry.lastIndexOf(':');
            if (colon > 0 && colon == entry.indexOf(':')) {
                return entry.substring(colon + 1).equals(Integer.toString(port))
                        && covers(entry.substring(0, colon), host, port);
            }
            var name = entry.startsWith("*.") ? entry.substring(2) : entry.startsWith(".") ? entry.substring(1) : entry;
            return host.equals(name) || host.endsWith("." + name);
        }
    }

    private static String bare(String host) {
        var text = host.toLowerCase(Locale.ROOT);
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }

    private static int port(URI address) {
        return address.getPort() < 0 ? 443 : address.getPort();
    }
}
