package mistmcp.gateway.api;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.BrowserSession;
import mistmcp.gateway.auth.BrowserSessions;
import mistmcp.gateway.auth.Callers;
import mistmcp.gateway.auth.DevSignIn;
import mistmcp.gateway.auth.OidcSignIn;
import mistmcp.gateway.auth.SignInEvent;
import mistmcp.gateway.auth.SignInJournal;
import mistmcp.gateway.identity.Principal;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Who am I, signing in and out, and what clients need to know to sign in. In OIDC mode the DEV endpoints do
/// not exist.
public final class AuthEndpoints {
    private final AuthSettings settings;
    private final GatewayFacts facts;
    private final Callers callers;
    private final BrowserSessions browsers;
    private final SignInJournal journal;
    private final Optional<Dev> dev;
    private final Optional<OidcSignIn> oidc;

    /// What only DEV has.
    ///
    /// @param signIn the ways in
    /// @param jwks   the public keys as they are published
    public record Dev(DevSignIn signIn, Supplier<JsonObject> jwks) {}

    /// The endpoints of a mode.
    ///
    /// @param dev  present in DEV only
    /// @param oidc present in OIDC mode with a client of our own
    public AuthEndpoints(
            AuthSettings settings,
            GatewayFacts facts,
            Callers callers,
            BrowserSessions browsers,
            SignInJournal journal,
            Optional<Dev> dev,
            Optional<OidcSignIn> oidc) {
        this.settings = settings;
        this.facts = facts;
        this.callers = callers;
        this.browsers = browsers;
        this.journal = journal;
        this.dev = dev;
        this.oidc = oidc;
    }

    /// The routes to serve.
    public List<Route> routes() {
        var routes = new ArrayList<>(List.of(
                new Route("GET", "/whoami", this::whoami),
                new Route("GET", "/auth/session", this::session),
                new Route("POST", "/auth/logout", this::logout),
                new Route("GET", "/.well-known/oauth-protected-resource", this::resource),
                new Route("GET", "/.well-known/oauth-protected-resource/mcp", this::resource),
                new Route("GET", "/.well-known/oauth-protected-resource/mcp/{server}", this::resource)));
        dev.ifPresent(only -> routes.addAll(List.of(
                new Route("POST", "/auth/dev/mint", (request, response) -> mint(only, request, response)),
                new Route("POST", "/auth/dev/link", (request, response) -> link(only, request, response)),
                new Route("POST", "/auth/dev/session", (request, response) -> signIn(only, request, response)),
                new Route("GET", "/.well-known/jwks.json", (_, response) -> jwks(only, response)))));
        if (settings instanceof AuthSettings.Oidc) {
            routes.add(new Route("GET", "/auth/login", 0, this::login));
            routes.add(new Route("GET", "/auth/callback", 0, this::callback));
        }
        return List.copyOf(routes);
    }

    private void login(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        goTo(signIn().begin(request, response), response);
    }

    private void callback(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        goTo(signIn().finish(request, response), response);
    }

    private OidcSignIn signIn() {
        return oidc.orElseThrow(() -> new HttpProblem(
                404,
                "sign_in_not_set_up",
                "signing in with a browser is not set up here: `OIDC_CLIENT_ID` is not set"));
    }

    /// The address may carry a code or a state: it is told to no other site and kept nowhere.
    private void goTo(String address, HttpResponse response) throws IOException {
        boolean ours = address.startsWith("/");
        response.header("Location", ours ? settings.address().path() + address : address)
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .send(302);
    }

    private void whoami(HttpRequest request, HttpResponse response) throws IOException {
        var principal = callers.any(request);
        response.header("Cache-Control", "no-store");
        response.json(200, describe(principal));
    }

    private void session(HttpRequest request, HttpResponse response) throws IOException {
        var session = browsers.current(request).orElseThrow(() -> notSignedIn(request));
        response.header("Cache-Control", "no-store");
        response.json(200, describe(session).withPresent("refusal", refusal(request)));
    }

    private void logout(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        var session = callers.browser(request);
        Optional<URI> next = Optional.empty();
        if (oidc.isPresent()) {
            next = oidc.get().end(request, response);
        } else {
            browsers.close(request, response);
        }
        journal.note(new SignInEvent.Closed(session.principal(), request.client(), request.id()));
        response.header("Cache-Control", "no-store");
        if (next.isPresent()) {
            response.json(200, JsonObject.of("next", next.get().toString()));
        } else {
            response.send(204);
        }
    }

    private void mint(Dev only, HttpRequest request, HttpResponse response) throws IOException {
        var minted = only.signIn().mint(request);
        response.header("Cache-Control", "no-store");
        response.json(
                200,
                JsonObject.of(
                        "access_token", minted.token().reveal(),
                        "token_type", "Bearer",
                        "expires_in", minted.life().toSeconds()));
    }

    private void link(Dev only, HttpRequest request, HttpResponse response) throws IOException {
        var code = only.signIn().link(request);
        response.header("Cache-Control", "no-store");
        response.json(
                200,
                JsonObject.of(
                        "code",
                        code,
                        "expiresIn",
                        only.signIn().codeLife().toSeconds(),
                        "url",
                        settings.address().base(request) + "/#code=" + code));
    }

    private void signIn(Dev only, HttpRequest request, HttpResponse response) throws IOException {
        var step = only.signIn().signIn(request, response);
        response.header("Cache-Control", "no-store");
        response.json(
                200,
                switch (step) {
                    case DevSignIn.Step.Permitted(var life) ->
                        JsonObject.of("permitted", true, "expiresIn", life.toSeconds());
                    case DevSignIn.Step.SignedIn(var session) -> describe(session);
                });
    }

    private static void jwks(Dev only, HttpResponse response) throws IOException {
        response.header("Cache-Control", "max-age=60");
        response.json(200, only.jwks().get());
    }

    /// RFC 9728. One resource for all MCP endpoints. DEV has no authorization server: clients send a minted
    /// token.
    private void resource(HttpRequest request, HttpResponse response) throws IOException {
        var address = settings.address();
        var servers = switch (settings) {
            case AuthSettings.Dev _ -> List.of(address.base(request));
            case AuthSettings.Oidc oidc -> oidc.tokens().issuers();
        };
        response.header("Cache-Control", "max-age=60");
        response.json(
                200,
                JsonObject.of(
                        "resource",
                        address.resource(request),
                        "authorization_servers",
                        servers,
                        "bearer_methods_supported",
                        JsonArray.of("header"),
                        "resource_name",
                        "Mist MCP Gateway"));
    }

    private HttpProblem notSignedIn(HttpRequest request) {
        var how = JsonObject.of("authMode", settings.mode())
                .withPresent("signInPermitted", dev.map(only -> only.signIn().permitted(request)))
                .withPresent("refusal", refusal(request))
                .withPresent(
                        "ended",
                        browsers.ending(request)
                                .map(ending -> JsonObject.of("code", ending.code(), "detail", ending.detail())));
        if (settings instanceof AuthSettings.Oidc provider) {
            how = how.with("issuer", provider.tokens().issuers().getFirst()).with("signInSetUp", oidc.isPresent());
        }
        return new HttpProblem(401, "sign_in_required", "this browser is not signed in", how, Map.of());
    }

    private Optional<JsonObject> refusal(HttpRequest request) {
        return oidc.flatMap(signIn -> signIn.refusal(request))
                .map(refusal -> JsonObject.of(
                        "code", refusal.code(),
                        "detail", refusal.detail(),
                        "requestId", refusal.requestId(),
                        "at", refusal.at()));
    }

    private JsonObject describe(BrowserSession session) {
        return describe(session.principal())
                .with("csrf", session.csrf().reveal())
                .with("signedInAt", session.signedInAt())
                .withPresent("provenAt", session.provenAt())
                .with("endsAt", session.endsAt())
                .with("renews", session.renews())
                .withPresent("trouble", session.trouble());
    }

    private JsonObject describe(Principal principal) {
        return JsonObject.of(
                "iss", principal.issuer(),
                "sub", principal.subject(),
                "email", principal.email(),
                "role", principal.role().text(),
                "roleSource",
                        JsonObject.of(
                                "claim", principal.roleSource().claim(),
                                "value", principal.roleSource().value()),
                "sites", principal.sites().ids(),
                "authMode", settings.mode(),
                "writeEnabled", facts.writeEnabled().getAsBoolean(),
                "mist", JsonObject.of("simulated", facts.simulated(), "host", facts.mistHost()),
                "model", facts.model(),
                "expiresAt", principal.expiresAt());
    }
}
