package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.Authenticator;
import mistmcp.gateway.auth.BrowserSessions;
import mistmcp.gateway.auth.Callers;
import mistmcp.gateway.auth.DevKeyring;
import mistmcp.gateway.auth.DevMint;
import mistmcp.gateway.auth.DevSignIn;
import mistmcp.gateway.auth.OperatorAccess;
import mistmcp.gateway.auth.SignInEvent;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthEndpointsIT {
    private static final String FORM = "{\"sub\":\"anna\",\"roles\":[\"ReadWrite\"],\"ttl\":3600}";
    private static final GatewayFacts FACTS = new GatewayFacts(() -> true, true, "localhost", "planner/1");

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<SignInEvent> events = new ArrayList<>();
    private final OperatorAccess operator = new OperatorAccess();
    private DevKeyring keys;
    private HttpServer server;

    @BeforeEach
    void start() {
        var clock = InstantSource.system();
        var settings = (AuthSettings.Dev) AuthSettings.read(Env.of(Map.of("DATA_DIR", folder.toString())));
        keys = DevKeyring.open(settings.keys(), clock);
        var browsers = new BrowserSessions(settings.address(), clock);
        var callers = new Callers(new Authenticator(settings, keys, clock), browsers, events::add);
        var signIn = new DevSignIn(new DevMint(settings, keys, true, clock), operator, browsers, events::add, clock);
        var endpoints = new AuthEndpoints(
                settings,
                FACTS,
                callers,
                browsers,
                events::add,
                Optional.of(new AuthEndpoints.Dev(signIn, keys::jwks)),
                Optional.empty());
        server = HttpServer.start(ServerSettings.loopback(0), endpoints.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        keys.close();
        client.close();
    }

    private String base() {
        return "http://localhost:" + server.port();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request = java.net.http.HttpRequest.newBuilder(URI.create(base() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> response) {
        return Json.parseObject(response.body());
    }

    private String bearer() throws IOException, InterruptedException {
        return "Bearer "
                + json(send("POST", "/auth/dev/mint", FORM))
                        .string("access_token")
                        .orElseThrow();
    }

    private String code() throws IOException, InterruptedException {
        var run = folder.resolve("run/gateway.json");
        operator.publish(run, JsonObject.of("url", base()));
        var token =
                Json.parseObject(Files.readString(run)).string("operatorToken").orElseThrow();
        return json(send("POST", "/auth/dev/link", "", OperatorAccess.HEADER, token))
                .string("code")
                .orElseThrow();
    }

    @Test
    void aMintedTokenSaysWhoCalls() throws IOException, InterruptedException {
        var minted = json(send("POST", "/auth/dev/mint", FORM));
        assertThat(minted.string("token_type")).contains("Bearer");
        assertThat(minted.integer("expires_in")).contains(3600L);

        var who = send(
                "GET",
                "/whoami",
                "",
                "Authorization",
                "Bearer " + minted.string("access_token").orElseThrow());

        assertThat(who.statusCode()).isEqualTo(200);
        assertThat(json(who).without("expiresAt"))
                .isEqualTo(Json.parseObject("{\"iss\":\"mist-gateway-dev\",\"sub\":\"anna\",\"email\":null,"
                        + "\"role\":\"ReadWrite\",\"roleSource\":{\"claim\":\"roles\",\"value\":\"ReadWrite\"},"
                        + "\"sites\":[\"*\"],\"authMode\":\"dev\",\"writeEnabled\":true,"
                        + "\"mist\":{\"simulated\":true,\"host\":\"localhost\"},\"model\":\"planner/1\"}"));
        assertThat(who.body()).doesNotContain("csrf");
    }

    @Test
    void aBrowserSignsInWithACodeAndOutAgain() throws IOException, InterruptedException {
        var before = send("GET", "/auth/session", "");
        assertThat(before.statusCode()).isEqualTo(401);
        assertThat(json(before).bool("signInPermitted")).contains(false);

        var form = Json.parseObject(FORM).with("code", code()).toString();
        var signedIn = send("POST", "/auth/dev/session", form, "Origin", base());
        assertThat(signedIn.statusCode()).isEqualTo(200);
        var cookie = signedIn.headers().allValues("Set-Cookie").stream()
                .filter(value -> value.startsWith("__Host-mist="))
                .map(value -> value.split(";", 2)[0])
                .findFirst()
                .orElseThrow();

        var session = send("GET", "/auth/session", "", "Cookie", cookie);
        var csrf = json(session).string("csrf").orElseThrow();
        assertThat(json(session).string("sub")).contains("anna");
        assertThat(send("GET", "/whoami", "", "Cookie", cookie).statusCode()).isEqualTo(200);

        assertThat(json(send("POST", "/auth/logout", "", "Cookie", cookie, "Origin", base()))
                        .string("code"))
                .contains("csrf_missing");
        assertThat(send("GET", "/auth/session", "", "Cookie", cookie).statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/auth/logout", "", "Cookie", cookie, "Origin", base(), "X-CSRF-Token", csrf)
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("GET", "/auth/session", "", "Cookie", cookie).statusCode())
                .isEqualTo(401);
        assertThat(events)
                .hasAtLeastOneElementOfType(SignInEvent.LinkMade.class)
                .hasAtLeastOneElementOfType(SignInEvent.Opened.class)
                .hasAtLeastOneElementOfType(SignInEvent.Closed.class);
    }

    @Test
    void aBearerLeadsToNoBrowserSession() throws IOException, InterruptedException {
        var bearer = bearer();
        var attempts = List.of(
                send("POST", "/auth/dev/session", FORM, "Origin", base()),
                send("POST", "/auth/dev/session", FORM, "Origin", base(), "Authorization", bearer),
                send("POST", "/auth/dev/session", FORM, "Authorization", bearer),
                send("POST", "/auth/dev/link", "", "Authorization", bearer),
                send("POST", "/auth/dev/link", "", OperatorAccess.HEADER, bearer.substring(7)),
                send("GET", "/auth/session", "", "Authorization", bearer),
                send("GET", "/auth/session", "", "Cookie", "__Host-mist=" + bearer.substring(7)),
                send("POST", "/auth/logout", "", "Authorization", bearer, "Origin", base()));

        assertThat(attempts).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isBetween(400, 403);
            assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(answer.body()).doesNotContain(bearer.substring(7));
        });
        assertThat(events).noneMatch(SignInEvent.Opened.class::isInstance);
    }

    @Test
    void aRefusalPointsToTheMetadata() throws IOException, InterruptedException {
        var refused = send("GET", "/whoami", "");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer resource_metadata=\"" + base() + "/.well-known/oauth-protected-resource/mcp\"");

        for (var path : List.of("", "/mcp", "/mcp/other")) {
            var metadata = json(send("GET", "/.well-known/oauth-protected-resource" + path, ""));
            assertThat(metadata.string("resource")).contains(base() + "/mcp");
            assertThat(metadata.array("authorization_servers").map(JsonArray::size))
                    .contains(1);
        }
        var inAddress = send("GET", "/whoami?access_token=a.b.c", "");
        assertThat(json(inAddress).string("code")).contains("authorization_malformed");
    }

    @Test
    void publishesItsPublicKeysOnly() throws IOException, InterruptedException {
        var jwks = send("GET", "/.well-known/jwks.json", "");

        assertThat(json(jwks).array("keys").map(JsonArray::size)).contains(1);
        assertThat(json(jwks).array("keys").orElseThrow().objects().getFirst().names())
                .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "n", "e");
    }

    @Test
    void inOidcModeTheDevEndpointsDoNotExist() throws IOException, InterruptedException {
        var settings = AuthSettings.read(Env.of(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", "https://login.example.com/",
                "OIDC_JWKS_URL", "https://login.example.com/keys")));
        var clock = InstantSource.system();
        var browsers = new BrowserSessions(settings.address(), clock);
        var callers = new Callers(new Authenticator(settings, keys, clock), browsers, events::add);
        var minted = bearer();
        server.close();
        server = HttpServer.start(
                ServerSettings.loopback(0),
                new AuthEndpoints(settings, FACTS, callers, browsers, events::add, Optional.empty(), Optional.empty())
                        .routes());

        for (var path : List.of("/auth/dev/mint", "/auth/dev/session", "/auth/dev/link")) {
            assertThat(json(send("POST", path, FORM, "Origin", base())).string("code"))
                    .contains("not_found");
        }
        assertThat(send("GET", "/.well-known/jwks.json", "").statusCode()).isEqualTo(404);
        assertThat(json(send("GET", "/whoami", "", "Authorization", minted)).string("code"))
                .contains("token_invalid");
        assertThat(json(send("GET", "/.well-known/oauth-protected-resource", ""))
                        .array("authorization_servers")
                        .orElseThrow()
                        .strings())
                .containsExactly("https://login.example.com/");
    }
}
