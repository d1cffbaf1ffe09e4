package mistmcp.gateway.api;

import java.io.IOException;
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

    /// What only DEV has.
    ///
    /// @param signIn the ways in
    /// @param jwks   the public keys as they are published
    public record Dev(DevSignIn signIn, Supplier<JsonObject> jwks) {}

    /// The endpoints of a mode.
    ///
    /// @param dev present in DEV only
    public AuthEndpoints(
            AuthSettings settings,
            GatewayFacts facts,
            Callers callers,
            BrowserSessions browsers,
            SignInJournal journal,
            Optional<Dev> dev) {
        this.settings = settings;
        this.facts = facts;
        this.callers = callers;
        this.browsers = browsers;
        this.journal = journal;
        this.dev = dev;
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
        return List.copyOf(routes);
    }

    private void whoami(HttpRequest request, HttpResponse response) throws IOException {
        var principal = callers.any(request);
        response.header("Cache-Control", "no-store");
        response.json(200, describe(principal));
    }

    private void session(HttpRequest request, HttpResponse response) throws IOException {
        var session = browsers.current(request).orElseThrow(() -> notSignedIn(request));
        response.header("Cache-Control", "no-store");
        response.json(200, describe(session));
    }

    private void logout(HttpRequest request, HttpResponse response) throws IOException {
        var session = callers.browser(request);
        browsers.close(request, response);
        journal.note(new SignInEvent.Closed(session.principal(), request.peer(), request.id()));
        response.header("Cache-Control", "no-store");
        response.send(204);
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

    /// RFC 9728. One resource for all MCP endpoints. DEV has no authorization server: clients send a minted token.
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
                .withPresent("signInPermitted", dev.map(only -> only.signIn().permitted(request)));
        return new HttpProblem(401, "sign_in_required", "this browser is not signed in", how, Map.of());
    }

    private JsonObject describe(BrowserSession session) {
        return describe(session.principal())
                .with("csrf", session.csrf().reveal())
                .with("signedInAt", session.signedInAt());
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
