package mistmcp.gateway.auth;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.identity.Role;
import mistmcp.http.HttpClient;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// Looks at the company's provider with the eyes of the settings, for `mist doctor`: what the provider
/// publishes, whether the settings agree with it, and what has to be registered there. Changes nothing,
/// here or there.
///
/// Sources: OpenID Connect Discovery 1.0, RFC 8414, RFC 7517.
public final class ProviderCheck {
    private static final Duration SKEW_TOLD = Duration.ofSeconds(20);
    private static final JsonLimits LIMITS = new JsonLimits(KeySet.MAX_BYTES, 16, 2_000);

    private final AuthSettings.Oidc settings;
    private final String base;
    private final ProviderDocuments documents;
    private final InstantSource clock;
    private final List<DoctorFinding> findings = new ArrayList<>();

    private ProviderCheck(AuthSettings.Oidc settings, String base, HttpClient client, InstantSource clock) {
        this.settings = settings;
        this.base = base;
        this.documents = new ProviderDocuments(client);
        this.clock = clock;
    }

    /// Looks at everything once.
    ///
    /// @param base how the gateway is reached, without a slash at its end
    public static List<DoctorFinding> of(
            AuthSettings.Oidc settings, String base, HttpClient client, InstantSource clock)
            throws InterruptedException {
        var check = new ProviderCheck(settings, base, client, clock);
        var discovered = new ArrayList<JsonObject>();
        for (var issuer : settings.tokens().issuers()) {
            check.discovery(issuer).ifPresent(discovered::add);
        }
        check.keysAddress(discovered);
        check.keys();
        check.findings.add(audience(settings, base));
        check.roles();
        check.browserSignIn(discovered);
        return List.copyOf(check.findings);
    }

    /// The document of an issuer, when it can be read.
    private Optional<JsonObject> discovery(String issuer) throws InterruptedException {
        var addresses = Provider.addresses(issuer);
        if (addresses.isEmpty() || addresses.getFirst().getHost() == null) {
            findings.add(DoctorFinding.fail(
                    "discovery",
                    "the issuer " + PlainText.shown(issuer) + " is no address, so it publishes nothing",
                    "set OIDC_ISSUER to the issuer as the provider's tokens carry it"));
            return Optional.empty();
        }
        Optional<ProviderDocuments.Look.Missing> missing = Optional.empty();
        for (var address : addresses) {
            switch (documents.get(address)) {
                case ProviderDocuments.Look.Seen seen -> {
                    seen.date().ifPresent(this::clock);
                    return read(issuer, address, seen.body());
                }
                case ProviderDocuments.Look.Missing none -> {
                    if (missing.isEmpty()) {
                        missing = Optional.of(none);
                    }
                }
            }
        }
        missing.ifPresent(none -> findings.add(DoctorFinding.fail(
                "discovery",
                addresses.getFirst() + " " + none.why(),
                none.status() == 0
                        ? "check OIDC_ISSUER, and the network and the proxy of this machine"
                        : "set OIDC_ISSUER to the issuer as the provider's tokens carry it: realm, tenant and server"
                                + " belong to it")));
        return Optional.empty();
    }

    private Optional<JsonObject> read(String issuer, URI address, byte[] body) {
        try {
            var document = Json.parseObject(body, LIMITS);
            var named = document.string("issuer").orElse("");
            if (named.equals(issuer)) {
                findings.add(DoctorFinding.ok("discovery", address + " answers"));
                findings.add(
                        DoctorFinding.ok("issuer", "the provider calls itself `" + issuer + "`, as OIDC_ISSUER does"));
            } else {
                findings.add(DoctorFinding.fail(
                        "issuer",
                        "the provider calls itself " + PlainText.shown(named) + ", but OIDC_ISSUER says "
                                + PlainText.shown(issuer),
                        named.contains("{")
                                ? "put your tenant's id into OIDC_ISSUER: one tenant, not all of them"
                                : "set OIDC_ISSUER to the provider's own spelling, slash included"));
            }
            return Optional.of(document);
        } catch (InvalidJson garbled) {
            findings.add(DoctorFinding.fail(
                    "discovery",
                    address + " answers with something else than a discovery document",
                    "open that address in a browser: a proxy or a sign-in page may stand in between"));
            return Optional.empty();
        }
    }

    private void clock(Instant provider) {
        var off = Duration.between(provider, clock.instant()).abs();
        if (off.compareTo(ClaimRules.SKEW) > 0) {
            findings.add(DoctorFinding.fail(
                    "clock",
                    "this machine's clock and the provider's are " + off.toSeconds() + " s apart: good tokens will be"
                            + " refused",
                    "set this machine's clock by NTP"));
        } else if (off.compareTo(SKEW_TOLD) > 0) {
            findings.add(DoctorFinding.warn(
                    "clock",
                    "this machine's clock and the provider's are " + off.toSeconds() + " s apart; from 60 s on tokens"
                            + " are refused",
                    "set this machine's clock by NTP"));
        }
    }

    private void keysAddress(List<JsonObject> discovered) {
        var named = discovered.stream()
                .flatMap(document -> document.string("jwks_uri").stream())
                .toList();
        var set = settings.jwksUrl().toString();
        if (named.contains(set)) {
            findings.add(DoctorFinding.ok("OIDC_JWKS_URL", "is the one that the provider names"));
        } else if (!named.isEmpty()) {
            findings.add(DoctorFinding.warn(
                    "OIDC_JWKS_URL",
                    "is `" + set + "`, but the provider names " + PlainText.shown(named.getFirst()),
                    "set OIDC_JWKS_URL to what the provider names, unless you mean another one (a mirror, or Entra's"
                            + " `?appid=`)"));
        }
    }

    private void keys() throws InterruptedException {
        var fix = "set OIDC_JWKS_URL to the `jwks_uri` of the discovery document";
        switch (documents.get(settings.jwksUrl())) {
            case ProviderDocuments.Look.Missing none ->
                findings.add(DoctorFinding.fail("keys", settings.jwksUrl() + " " + none.why(), fix));
            case ProviderDocuments.Look.Seen seen -> {
                try {
                    var keys = KeySet.parse(seen.body(), settings.tokens().algorithms(), false);
                    findings.add(DoctorFinding.ok("keys", "usable: " + String.join("; ", keys.described())));
                    keys.dropped().forEach(this::dropped);
                } catch (InvalidKeySet invalid) {
                    findings.add(DoctorFinding.fail("keys", "the key set " + invalid.getMessage(), fix));
                }
            }
        }
    }

    /// A key for encryption stands in many sets; one that is too weak or odd is worth a look.
    private void dropped(String key) {
        findings.add(
                key.endsWith("is not for signatures")
                        ? DoctorFinding.ok("keys", "left out: " + key)
                        : DoctorFinding.warn(
                                "keys",
                                "left out: " + key,
                                "tokens signed with it are refused: replace that key at the provider"));
    }

    /// Whether the audiences of the settings can be those of the provider's tokens.
    static DoctorFinding audience(AuthSettings.Oidc settings, String base) {
        var own = base + "/mcp";
        var configured = settings.tokens().audiences().stream()
                .filter(audience -> !audience.equals(own))
                .toList();
        var shown = String.join(", ", configured.stream().map(PlainText::shown).toList());
        boolean entra = settings.tokens().issuers().stream()
                .anyMatch(issuer -> issuer.startsWith("https://login.microsoftonline.com/")
                        || issuer.startsWith("https://sts.windows.net/"));
        if (entra && configured.equals(List.of("mcp-gateway"))) {
            return DoctorFinding.fail(
                    "audience",
                    "JWT_AUDIENCE is `mcp-gateway`, which no Entra token is ever for",
                    "set JWT_AUDIENCE to the API's client id (v2 tokens), or to its `api://` address (v1 tokens); a list"
                            + " takes both");
        }
        return DoctorFinding.ok("audience", "a token must be for one of " + shown + ", or for `" + own + "`");
    }

    private void roles() {
        var mapped = new ArrayList<String>();
        for (var role : Role.values()) {
            var values = settings.roles().values().get(role);
            if (values != null) {
                mapped.add(String.join(
                                ", ",
                                values.stream().sorted().map(PlainText::shown).toList()) + " to " + role.text());
            }
        }
        var claims = "ROLE_CLAIM reads "
                + String.join(
                        ", ",
                        settings.roles().claims().stream().map(PlainText::shown).toList());
        findings.add(DoctorFinding.ok("roles", claims + "; ROLE_MAP_JSON maps " + String.join("; ", mapped)));
    }

    private void browserSignIn(List<JsonObject> discovered) {
        if (settings.clientId().isEmpty()) {
            findings.add(DoctorFinding.warn(
                    "browser sign-in",
                    "OIDC_CLIENT_ID is not set: nobody can sign in at the pages, and nothing can be approved there",
                    "register a web application at the provider, and set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"));
            return;
        }
        findings.add(DoctorFinding.ok(
                "browser sign-in",
                "as the client `" + settings.clientId().get() + "`, "
                        + (settings.clientSecret().isPresent()
                                ? "with a secret"
                                : "without a secret: it must be a public client at the provider")));
        opaque(settings).ifPresent(findings::add);
        findings.add(
                settings.address().publicUrl().isPresent()
                        ? DoctorFinding.ok(
                                "redirect", "register at the provider, to the letter: " + base + "/auth/callback")
                        : DoctorFinding.warn(
                                "redirect",
                                "register at the provider, to the letter: " + base + "/auth/callback",
                                "set PUBLIC_URL when people reach the gateway by another address"));
        for (var document : discovered) {
            for (var name : List.of("authorization_endpoint", "token_endpoint")) {
                if (document.string(name).isEmpty()) {
                    findings.add(DoctorFinding.fail(
                            "browser sign-in",
                            "the discovery document names no `" + name + "`",
                            "take the issuer of a server that people sign in at"));
                }
            }
            var challenges = document.array("code_challenge_methods_supported").map(JsonArray::strings);
            if (challenges.isPresent() && !challenges.get().contains("S256")) {
                findings.add(DoctorFinding.warn(
                        "browser sign-in",
                        "the provider does not name PKCE with S256, which the gateway always uses",
                        "turn PKCE on for the client at the provider"));
            }
        }
    }

    /// Whether browsers are to be signed in by access tokens of a provider whose access tokens nobody can
    /// check.
    static Optional<DoctorFinding> opaque(AuthSettings.Oidc settings) {
        boolean google = settings.tokens().issuers().getFirst().equals("https://accounts.google.com");
        return google && settings.signIn().token() == SignInSettings.Token.ACCESS
                ? Optional.of(DoctorFinding.fail(
                        "browser sign-in",
                        "Google's access tokens are opaque: nothing in them can be checked",
                        "set OIDC_SIGN_IN_TOKEN=id; docs/providers/google.md says what that means"))
                : Optional.empty();
    }
}
