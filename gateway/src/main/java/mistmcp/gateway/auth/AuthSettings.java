package mistmcp.gateway.auth;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mistmcp.http.HostText;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// How callers prove who they are: by tokens of our own on a developer's machine, or by those of a company's
/// provider.
public sealed interface AuthSettings {
    /// The default of `JWT_ISSUER`.
    String DEV_ISSUER = "mist-gateway-dev";

    /// What a token must say.
    TokenRules tokens();

    /// From claims to a role.
    RoleMapper roles();

    /// From claims to sites.
    SiteScopes sites();

    /// How callers reach this gateway.
    PublicAddress address();

    /// `dev` or `oidc`.
    String mode();

    /// DEV: tokens that this gateway makes itself, for whoever asks on this machine.
    ///
    /// @param keys          the files of the key pair
    /// @param mintReadWrite whether ReadWrite tokens are made beside a live Mist too
    record Dev(
            TokenRules tokens,
            RoleMapper roles,
            SiteScopes sites,
            PublicAddress address,
            DevKeyFiles keys,
            boolean mintReadWrite)
            implements AuthSettings {
        @Override
        public String mode() {
            return "dev";
        }

        /// The issuer of the tokens made here.
        public String issuer() {
            return tokens.issuers().getFirst();
        }

        /// The audience of the tokens made here.
        public String audience() {
            return tokens.audiences().getFirst();
        }
    }

    /// OIDC: tokens of a provider, checked with its published keys.
    ///
    /// @param jwksUrl      where the keys are published
    /// @param clientId     this gateway's own client, for signing in browsers
    /// @param clientSecret the secret of that client
    /// @param signIn       how browsers are signed in with that client
    /// @param ttl          how long a key set counts as fresh; it is renewed at half of it
    /// @param maxStale     how long the last good set serves while the provider is down
    /// @param savedKeys    where the last good set is kept for a restart
    record Oidc(
            TokenRules tokens,
            RoleMapper roles,
            SiteScopes sites,
            PublicAddress address,
            URI jwksUrl,
            Optional<String> clientId,
            Optional<Secret> clientSecret,
            SignInSettings signIn,
            Duration ttl,
            Duration maxStale,
            Path savedKeys)
            implements AuthSettings {
        @Override
        public String mode() {
            return "oidc";
        }
    }

    /// Reads the settings of the mode that `MODE_AUTH` names. Those of the other mode are not used, but
    /// faults in what both share are found in either.
    static AuthSettings read(Env env) {
        var mode = env.text("MODE_AUTH", "dev").toLowerCase(Locale.ROOT);
        var data = env.path("DATA_DIR", ".mist");
        var host = env.text("GATEWAY_HOST", "127.0.0.1");
        var publicUrl = env.address("PUBLIC_URL").map(url -> bare(env, url));
        var audiences = new ArrayList<>(env.list("JWT_AUDIENCE", "mcp-gateway"));
        if (audiences.isEmpty()) {
            env.fault("JWT_AUDIENCE", "expected one or more audiences");
            audiences.add("mcp-gateway");
        }
        boolean tls = env.file("TLS_CERT").isPresent();
        var base = publicUrl
                .map(URI::toString)
                .orElse((tls ? "https://" : "http://") + bracketed(host) + ":"
                        + env.integer("GATEWAY_PORT", 8000, 0, 65_535));
        audiences.add(base + "/mcp");
        var address = new PublicAddress(publicUrl);
        var devIssuer = env.text("JWT_ISSUER", DEV_ISSUER);
        var devKeys = new DevKeyFiles(
                env.path("DEV_JWKS_PATH", data.resolve("keys/dev-jwks.json").toString()),
                env.path(
                        "DEV_PRIVATE_KEY_PATH",
                        data.resolve("keys/dev-private.pem").toString()));
        boolean mintReadWrite = env.bool("DEV_MINT_READWRITE", false);
        var roles = RoleMapper.read(env);
        var clients = Set.copyOf(env.list("ALLOWED_CLIENTS", ""));
        var algorithms = algorithms(env);
        var oidcIssuers = env.list("OIDC_ISSUER", "");
        var jwksUrl = env.address("OIDC_JWKS_URL");
        var clientId = env.text("OIDC_CLIENT_ID");
        var clientSecret = env.secret("OIDC_CLIENT_SECRET");
        var signIn = SignInSettings.read(env);
        var ttl = env.duration("JWKS_TTL", Duration.ofMinutes(5));
        var maxStale = env.duration("JWKS_MAX_STALE", Duration.ofHours(24));
        return switch (mode) {
            case "dev" -> {
                var sites = SiteScopes.read(env, SiteScopes.BY_CLAIM);
                sites.check(env, List.of(devIssuer));
                if (!HostText.onThisMachine(host)) {
                    env.fault(
                            "GATEWAY_HOST",
                            "is `" + host + "`, but with `MODE_AUTH=dev` only a loopback address is allowed: use"
                                    + " `127.0.0.1`, or set up `MODE_AUTH=oidc`");
                }
                publicUrl
                        .filter(url -> !HostText.onThisMachine(url.getHost()))
                        .ifPresent(_ -> env.fault("PUBLIC_URL", "must be a loopback address with `MODE_AUTH=dev`"));
                var tokens = new TokenRules(List.of(devIssuer), audiences, Set.of(), Set.of("RS256"), DevKeys.MAX_LIFE);
                yield new Dev(tokens, RoleMapper.plain(), sites, address, devKeys, mintReadWrite);
            }
            case "oidc" -> {
                var sites = SiteScopes.read(env, SiteScopes.EVERYTHING);
                sites.check(env, oidcIssuers);
                checkOidc(env, oidcIssuers, devIssuer, jwksUrl, ttl, maxStale);
                checkSignIn(env, clientId, clientSecret, publicUrl);
                var tokens = new TokenRules(oidcIssuers, audiences, clients, algorithms, TokenRules.LONGEST_LIFE);
                yield new Oidc(
                        tokens,
                        roles,
                        sites,
                        address,
                        jwksUrl.orElse(URI.create("https://unset.invalid/")),
                        clientId,
                        clientSecret,
                        signIn,
                        ttl,
                        maxStale,
                        data.resolve("keys/oidc-jwks.json"));
            }
            default -> {
                env.fault("MODE_AUTH", "expected `dev` or `oidc`");
                var tokens = new TokenRules(List.of(devIssuer), audiences, Set.of(), Set.of(), DevKeys.MAX_LIFE);
                yield new Dev(tokens, roles, SiteScopes.BY_CLAIM, address, devKeys, false);
            }
        };
    }

    /// The cookies of a sign-in are kept by browsers on `https` or on this machine only.
    private static void checkSignIn(
            Env env, Optional<String> clientId, Optional<Secret> clientSecret, Optional<URI> publicUrl) {
        if (clientId.isEmpty()) {
            clientSecret.ifPresent(_ -> env.fault("OIDC_CLIENT_SECRET", "is set, but `OIDC_CLIENT_ID` is not"));
            return;
        }
        publicUrl
                .filter(url -> !"https".equals(url.getScheme()) && !HostText.onThisMachine(url.getHost()))
                .ifPresent(_ -> env.fault(
                        "PUBLIC_URL", "expected an `https` address, as browsers sign in with `OIDC_CLIENT_ID`"));
    }

    private static void checkOidc(
            Env env, List<String> issuers, String devIssuer, Optional<URI> jwksUrl, Duration ttl, Duration maxStale) {
        if (issuers.isEmpty()) {
            env.fault("OIDC_ISSUER", "is not set: expected the provider's issuer, exactly as its tokens carry it");
        }
        if (issuers.contains(devIssuer)) {
            env.fault("OIDC_ISSUER", "names `" + devIssuer + "`, the issuer of DEV tokens");
        }
        for (var issuer : issuers) {
            if (issuer.endsWith("/common/v2.0") || issuer.endsWith("/organizations/v2.0")) {
                env.fault("OIDC_ISSUER", "expected one tenant's issuer, with its id in place of `" + issuer + "`");
            }
        }
        if (jwksUrl.isEmpty() && !env.faults().stream().anyMatch(fault -> fault.contains("OIDC_JWKS_URL"))) {
            env.fault("OIDC_JWKS_URL", "is not set: expected the address of the provider's keys");
        }
        jwksUrl.filter(url -> !"https".equals(url.getScheme()) && !HostText.onThisMachine(url.getHost()))
                .ifPresent(_ -> env.fault("OIDC_JWKS_URL", "expected an `https` address"));
        if (ttl.compareTo(Duration.ofSeconds(10)) < 0 || ttl.compareTo(Duration.ofHours(24)) > 0) {
            env.fault("JWKS_TTL", "expected a duration from `10s` to `24h`");
        }
        if (maxStale.compareTo(ttl) < 0 || maxStale.compareTo(Duration.ofDays(7)) > 0) {
            env.fault("JWKS_MAX_STALE", "expected a duration from `JWKS_TTL` to `7d`");
        }
    }

    private static Set<String> algorithms(Env env) {
        var named = Set.copyOf(env.list("JWT_ALGORITHMS", ""));
        var unknown = named.stream()
                .filter(name -> !TokenRules.PUBLIC_KEY_ALGORITHMS.contains(name))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            env.fault(
                    "JWT_ALGORITHMS",
                    "holds `" + unknown.getFirst() + "`: expected names such as `RS256`, `PS256`, `ES256`");
        }
        return named.isEmpty() ? TokenRules.PUBLIC_KEY_ALGORITHMS : named;
    }

    private static URI bare(Env env, URI url) {
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            env.fault("PUBLIC_URL", "expected an address without user, query and fragment");
        }
        var text = url.toString();
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
