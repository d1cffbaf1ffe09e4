package mistmcp.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// A real Keycloak in development mode, as its makers ship it, on a port of its own with its database in a
/// folder that goes away. The build has unpacked the distribution; what Keycloak makes of its own program
/// files stays there, so that only the first start takes long. Its realm `corp` is
/// `keycloak/corp-realm.json`.
final class Keycloak implements AutoCloseable {
    private static final String REALM = "/realms/corp";
    private static final String ADMIN = "acceptance-admin";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// The exit code with which Keycloak asks to be started once more, as its program files are now in order.
    private static final int START_AGAIN = 10;

    private final Path home;
    private final int port;
    private Process process;

    private Keycloak(Path home, int port) {
        this.home = home;
        this.port = port;
        this.process = run(false);
    }

    /// Starts one and waits until the realm answers.
    ///
    /// @param gateway the address at which the gateway will be, for the redirects
    static Keycloak start(String gateway) {
        var keycloak = new Keycloak(home(gateway), RunningStack.freePort());
        keycloak.await();
        return keycloak;
    }

    private static Path home(String gateway) {
        try {
            var home = Files.createTempDirectory("keycloak-acceptance");
            var distribution = distribution();
            for (var part : List.of("bin", "conf", "lib", "providers", "themes", "version.txt")) {
                Files.createSymbolicLink(home.resolve(part), distribution.resolve(part));
            }
            var imports = Files.createDirectories(home.resolve("data").resolve("import"));
            try (var realm = Keycloak.class.getResourceAsStream("/keycloak/corp-realm.json")) {
                var text = new String(Optional.ofNullable(realm).orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
                Files.writeString(imports.resolve("corp-realm.json"), text.replace("GATEWAY", gateway));
            }
            return home;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path distribution() throws IOException {
        var unpacked =
                RunningStack.root().resolve("acceptance").resolve("target").resolve("keycloak");
        if (Files.isDirectory(unpacked)) {
            try (var folders = Files.list(unpacked)) {
                var found = folders.filter(folder -> Files.exists(folder.resolve("lib/quarkus-run.jar")))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new AssertionError(
                "there is no Keycloak in acceptance/target/keycloak: the build fetches it from Maven Central once"
                        + " (177 MB), so run `./mist test` with a network");
    }

    private Process run(boolean again) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Dfile.encoding=UTF-8",
                "-Duser.language=en",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf")));
        if (again) {
            command.add("-Dkc.config.built=true");
        }
        command.addAll(List.of(
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                "start-dev",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=" + origin(),
                "--import-realm"));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("keycloak.log").toFile()));
        var environment = builder.environment();
        environment.keySet().removeIf(name -> !List.of("PATH", "HOME", "LANG").contains(name));
        environment.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        environment.put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void await() {
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            if (!process.isAlive()) {
                if (process.exitValue() != START_AGAIN) {
                    throw new AssertionError("Keycloak has ended: " + log());
                }
                process = run(true);
            }
            if (answers()) {
                return;
            }
            RunningStack.pause();
        }
        close();
        throw new AssertionError("Keycloak was not ready in time: " + log());
    }

    private boolean answers() {
        try {
            return RawHttp.send(port, "GET", REALM + "/.well-known/openid-configuration", Map.of(), Optional.empty())
                            .status()
                    == 200;
        } catch (UncheckedIOException down) {
            return false;
        }
    }

    /// The end of its log.
    private String log() {
        try {
            var text = Files.readString(home.resolve("keycloak.log"));
            return text.substring(Math.max(0, text.length() - 4_000));
        } catch (IOException none) {
            return "";
        }
    }

    /// Another name for loopback than the gateway's, so that a browser takes the two for different sites.
    private String origin() {
        return "http://localhost:" + port;
    }

    /// The realm's issuer.
    String issuer() {
        return origin() + REALM;
    }

    /// Where a browser that the realm knows gets a part in its session for another program: Keycloak's own
    /// account pages.
    String signInAtItsAccountPages() {
        return issuer() + "/protocol/openid-connect/auth?client_id=account-console&response_type=code&scope=openid"
                + "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                + "&redirect_uri=" + URLEncoder.encode(issuer() + "/account/", StandardCharsets.UTF_8);
    }

    /// Where the realm's keys are.
    String keysUrl() {
        return issuer() + "/protocol/openid-connect/certs";
    }

    /// Kills it, as a crash would.
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /// Starts it again on the same port and database.
    void restart() {
        process = run(false);
        await();
    }

    /// The tokens of a person, by name and password at a client: `access_token`, `refresh_token`, and
    /// `id_token`.
    JsonObject tokens(String client, String user) {
        return grant(Map.of(
                "grant_type",
                "password",
                "client_id",
                client,
                "username",
                user,
                "password",
                user + "-password",
                "scope",
                "openid"));
    }

    /// The access token of a person at the client that has an audience mapper.
    String accessToken(String user) {
        return tokens("mist-desk", user).string("access_token").orElseThrow();
    }

    /// The access token of the machine client.
    String robotToken() {
        return grant(Map.of("grant_type", "client_credentials", "client_id", "robot", "client_secret", "robot-secret"))
                .string("access_token")
                .orElseThrow();
    }

    /// What a device shows a person (RFC 8628): `verification_uri_complete`, and the `device_code` that it
    /// keeps.
    JsonObject deviceCode() {
        return granted(posted("/auth/device", Map.of("client_id", "mist-device", "scope", "openid")));
    }

    /// What the device is told when it asks for its token.
    RawHttp.Reply deviceToken(JsonObject device) {
        return posted(
                "/token",
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:device_code",
                        "client_id",
                        "mist-device",
                        "device_code",
                        device.string("device_code").orElseThrow()));
    }

    private JsonObject grant(Map<String, String> form) {
        return granted(posted("/token", form));
    }

    private static JsonObject granted(RawHttp.Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
        return reply.body();
    }

    private RawHttp.Reply posted(String path, Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return RawHttp.send(
                port,
                "POST",
                REALM + "/protocol/openid-connect" + path,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                Optional.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    /// The ids of the realm's providers of signing keys.
    List<String> signingKeys() {
        return keyProviders().stream()
                .filter(provider -> provider.string("providerId")
                        .filter("rsa-generated"::equals)
                        .isPresent())
                .map(provider -> provider.string("id").orElseThrow())
                .toList();
    }

    /// Adds a key that from now on signs all tokens; those before it stay published.
    void addSigningKey() {
        var priority = Integer.toString(1_000 + signingKeys().size());
        var config = new LinkedHashMap<String, Object>();
        config.put("priority", JsonArray.of(priority));
        config.put("enabled", JsonArray.of("true"));
        config.put("active", JsonArray.of("true"));
        config.put("keySize", JsonArray.of("2048"));
        config.put("algorithm", JsonArray.of("RS256"));
        var members = new ArrayList<Object>();
        config.forEach((name, value) -> members.addAll(List.of(name, value)));
        admin(
                "POST",
                "/components",
                Optional.of(JsonObject.of(
                        "name",
                        "acceptance-" + priority,
                        "providerId",
                        "rsa-generated",
                        "providerType",
                        "org.keycloak.keys.KeyProvider",
                        "parentId",
                        admin("GET", "", Optional.empty()).body().string("id").orElseThrow(),
                        "config",
                        JsonObject.of(members.toArray()))));
    }

    /// Takes a key away for good.
    void removeSigningKey(String id) {
        admin("DELETE", "/components/" + id, Optional.empty());
    }

    /// Sets how long the access tokens of a client live, until it is set again.
    void tokenLife(String client, Duration life) {
        var at = "/clients/" + id("/clients?clientId=" + client);
        var found = admin("GET", at, Optional.empty()).body();
        var attributes = found.object("attributes")
                .orElse(JsonObject.EMPTY)
                .with("access.token.lifespan", Long.toString(life.toSeconds()));
        admin("PUT", at, Optional.of(found.with("attributes", attributes)));
    }

    /// Lets the pages of one more gateway sign people in and out.
    void alsoServes(String gateway) {
        var at = "/clients/" + id("/clients?clientId=mist-web");
        var found = admin("GET", at, Optional.empty()).body();
        var callback = gateway + "/auth/callback";
        var redirects =
                new ArrayList<>(found.array("redirectUris").orElseThrow().strings());
        redirects.add(callback);
        var attributes = found.object("attributes").orElseThrow();
        var after = attributes.string("post.logout.redirect.uris").orElseThrow() + "##" + callback;
        admin(
                "PUT",
                at,
                Optional.of(found.with("redirectUris", redirects)
                        .with("attributes", attributes.with("post.logout.redirect.uris", after))));
    }

    /// Registers a client as an operator does for an upstream: with a secret, an address to come back to, and
    /// the right to ask as itself.
    void registers(String client, String secret, String callback) {
        admin(
                "POST",
                "/clients",
                Optional.of(JsonObject.of(
                        "clientId",
                        client,
                        "secret",
                        secret,
                        "publicClient",
                        false,
                        "standardFlowEnabled",
                        true,
                        "serviceAccountsEnabled",
                        true,
                        "redirectUris",
                        JsonArray.of(callback),
                        "attributes",
                        JsonObject.of("pkce.code.challenge.method", "S256"))));
    }

    /// Offers a scope to a client; a token that was asked for with it is for that audience.
    void offers(String client, String scope, String audience) {
        admin(
                "POST",
                "/client-scopes",
                Optional.of(JsonObject.of(
                        "name",
                        scope,
                        "protocol",
                        "openid-connect",
                        "attributes",
                        JsonObject.of("include.in.token.scope", "true"),
                        "protocolMappers",
                        JsonArray.of(JsonObject.of(
                                "name",
                                "audience",
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                "oidc-audience-mapper",
                                "config",
                                JsonObject.of(
                                        "included.custom.audience", audience,
                                        "access.token.claim", "true",
                                        "id.token.claim", "false"))))));
        var made = list("/client-scopes").stream()
                .filter(known -> known.string("name").equals(Optional.of(scope)))
                .findFirst()
                .orElseThrow();
        admin(
                "PUT",
                "/clients/" + id("/clients?clientId=" + client) + "/optional-client-scopes/"
                        + made.string("id").orElseThrow(),
                Optional.of(JsonObject.EMPTY));
    }

    /// Takes back what a person has given to a client, with all tokens that renew it.
    void takesBack(String user, String client) {
        admin("DELETE", "/users/" + id("/users?exact=true&username=" + user) + "/consents/" + client, Optional.empty());
    }

    /// Takes a role of the realm away from a person.
    void withdraw(String user, String role) {
        var named = admin("GET", "/roles/" + role, Optional.empty()).body();
        var at = "/users/" + id("/users?exact=true&username=" + user) + "/role-mappings/realm";
        admin("DELETE", at, Optional.of(JsonArray.of(named)));
    }

    /// Takes a role of a client away from a person.
    void withdraw(String user, String client, String role) {
        var clientId = id("/clients?clientId=" + client);
        var named = admin("GET", "/clients/" + clientId + "/roles/" + role, Optional.empty())
                .body();
        var at = "/users/" + id("/users?exact=true&username=" + user) + "/role-mappings/clients/" + clientId;
        admin("DELETE", at, Optional.of(JsonArray.of(named)));
    }

    private String id(String query) {
        return list(query).getFirst().string("id").orElseThrow();
    }

    private List<JsonObject> list(String query) {
        return ((JsonArray) Json.parse(admin("GET", query, Optional.empty()).text())).objects();
    }

    private List<JsonObject> keyProviders() {
        return list("/components?type=org.keycloak.keys.KeyProvider");
    }

    private RawHttp.Reply admin(String method, String path, Optional<? extends JsonValue> body) {
        var form = "grant_type=password&client_id=admin-cli&username=" + ADMIN + "&password=" + ADMIN;
        var token = RawHttp.send(
                        port,
                        "POST",
                        "/realms/master/protocol/openid-connect/token",
                        Map.of("Content-Type", "application/x-www-form-urlencoded"),
                        Optional.of(form.getBytes(StandardCharsets.UTF_8)))
                .body()
                .string("access_token")
                .orElseThrow();
        var headers = new LinkedHashMap<>(Map.of("Authorization", "Bearer " + token, "Accept", "application/json"));
        body.ifPresent(_ -> headers.put("Content-Type", "application/json"));
        var reply = RawHttp.send(port, method, "/admin/realms/corp" + path, headers, body.map(Json::bytes));
        if (reply.status() >= 300) {
            throw new AssertionError(method + " " + path + ": " + reply.status() + " " + reply.text());
        }
        return reply;
    }

    @Override
    public void close() {
        kill();
        RunningStack.delete(home);
    }
}
