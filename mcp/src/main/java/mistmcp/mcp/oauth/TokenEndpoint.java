package mistmcp.mcp.oauth;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// Gets tokens from an authorization server. Stateless.
final class TokenEndpoint {
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
    private static final int MAX_TOKEN = 16 << 10;

    private final Fetch fetch;

    TokenEndpoint(Fetch fetch) {
        this.fetch = fetch;
    }

    Tokens code(Pending asked, String code, String redirect, Instant now) throws OAuthFault {
        return ask(
                asked.server(),
                asked.client(),
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirect,
                        "code_verifier",
                        asked.verifier().reveal()),
                asked.resource(),
                asked.scopes(),
                now);
    }

    /// Renews tokens; what the answer does not replace stays.
    Tokens refresh(ServerMetadata server, ClientIdentity client, Tokens before, Secret refresh, Instant now)
            throws OAuthFault {
        var fresh = ask(
                server,
                client,
                Map.of("grant_type", "refresh_token", "refresh_token", refresh.reveal()),
                before.resource(),
                before.scopes(),
                now);
        return new Tokens(
                fresh.issuer(),
                fresh.resource(),
                fresh.access(),
                fresh.refresh().or(before::refresh),
                fresh.scopes(),
                fresh.issuedAt(),
                fresh.expiresAt());
    }

    Tokens machine(ServerMetadata server, ClientIdentity client, String resource, Set<String> scopes, Instant now)
            throws OAuthFault {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        return ask(server, client, form, resource, scopes, now);
    }

    private Tokens ask(
            ServerMetadata server,
            ClientIdentity client,
            Map<String, String> grant,
            String resource,
            Set<String> asked,
            Instant now)
            throws OAuthFault {
        var form = new LinkedHashMap<>(grant);
        form.put("resource", resource);
        var headers = prove(server, client, form);
        var answer = fetch.post(server.token(), form, headers);
        if (answer.status() != 200) {
            throw refused(answer);
        }
        return tokens(server.issuer(), resource, asked, answer.body().orElse(JsonObject.EMPTY), now);
    }

    private static Map<String, String> prove(ServerMetadata server, ClientIdentity client, Map<String, String> form) {
        var secret = client.secret();
        if (secret.isPresent() && method(server, client).equals("client_secret_basic")) {
            var pair =
                    Fetch.encode(client.id()) + ":" + Fetch.encode(secret.get().reveal());
            var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
            return Map.of("Authorization", "Basic " + encoded);
        }
        form.put("client_id", client.id());
        if (secret.isPresent() && method(server, client).equals("client_secret_post")) {
            form.put("client_secret", secret.get().reveal());
        }
        return Map.of();
    }

    /// What was agreed on at the registration; else what the server takes; without a word of it, Basic.
    private static String method(ServerMetadata server, ClientIdentity client) {
        var methods = server.methods();
        return client.method()
                .orElseGet(() -> methods.isEmpty() || methods.contains("client_secret_basic")
                        ? "client_secret_basic"
                        : methods.contains("client_secret_post") ? "client_secret_post" : "none");
    }

    /// A refusal of what was shown is another thing than a server that is not well, or a guard before it.
    private static OAuthFault refused(Fetch.Answer answer) {
        var error = answer.body().flatMap(body -> body.string("error"));
        boolean refusal = (answer.status() == 400 || answer.status() == 401 || answer.status() == 403)
                && error.filter(code -> !OAuthErrors.passes(code)).isPresent();
        if (!refusal) {
            return new OAuthFault(
                    "oauth_unreachable", "the token endpoint answered with HTTP status " + answer.status());
        }
        var code = error.filter(OAuthErrors::known).orElse("no reason given");
        return code.equals("invalid_client") || code.equals("unauthorized_client")
                ? new OAuthFault("oauth_client_refused", "the authorization server does not take the client: " + code)
                : new OAuthFault(
                        "oauth_token_refused", "the authorization server gives no token: " + code, error.orElseThrow());
    }

    private static Tokens tokens(String issuer, String resource, Set<String> asked, JsonObject body, Instant now)
            throws OAuthFault {
        var access = body.string("access_token").filter(TokenEndpoint::isToken);
        boolean bearer =
                body.string("token_type").filter("bearer"::equalsIgnoreCase).isPresent();
        if (access.isEmpty() || !bearer) {
            throw new OAuthFault(
                    "oauth_token_refused", "the authorization server gives no bearer token that can be used");
        }
        return new Tokens(
                issuer,
                resource,
                new Bearer(new Secret(access.get())),
                body.string("refresh_token")
                        .filter(text -> text.length() <= MAX_TOKEN)
                        .map(Secret::new),
                body.string("scope").map(Challenge::scopes).orElse(asked),
                now,
                life(body).map(now::plus));
    }

    private static Optional<Duration> life(JsonObject body) {
        return body.number("expires_in")
                .filter(seconds -> seconds >= 0 && seconds <= LONGEST_LIFE.toSeconds())
                .map(seconds -> Duration.ofSeconds(seconds.longValue()));
    }

    /// What can stand in a header (RFC 6750 section 2.1).
    private static boolean isToken(String text) {
        return text.length() <= MAX_TOKEN && text.matches("[A-Za-z0-9._~+/-]+=*");
    }
}
