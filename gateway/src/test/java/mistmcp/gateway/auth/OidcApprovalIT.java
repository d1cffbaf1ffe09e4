package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import mistmcp.gateway.Gateway;
import mistmcp.gateway.GatewaySettings;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.HttpServer;
import mistmcp.http.Route;
import mistmcp.http.ServerSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stronger approvals with browsers that a provider has signed in, on the whole gateway: who may approve
/// what, and that nothing reaches the upstream before.
class OidcApprovalIT {
    private static final String PLANS = "/plans/";

    @TempDir
    private Path folder;

    private final InstantSource clock = InstantSource.system();
    private final HttpClient wire = HttpClient.newHttpClient();
    private final AtomicInteger changes = new AtomicInteger();
    private FakeIdp idp;
    private FakeAuthorization provider;
    private HttpServer upstream;
    private Optional<Gateway> gateway = Optional.empty();

    @BeforeEach
    void prepare() {
        idp = new FakeIdp(FakeIdp.SIGNER, clock);
        provider = idp.people();
        upstream =
                HttpServer.start(ServerSettings.loopback(0), List.of(new Route("POST", "/mcp", 1 << 20, this::answer)));
    }

    private void start(String level) throws IOException, InterruptedException {
        var lab = JsonObject.of(
                "url", "http://127.0.0.1:" + upstream.port() + "/mcp",
                "prefix", "lab",
                "preview", "arguments",
                "era", "legacy",
                "sites", "none");
        var role = JsonObject.of("allow", JsonArray.of("lab/*"), "deny", JsonArray.EMPTY);
        var policy = JsonObject.of(
                "version", 1, "roles", JsonObject.of("ReadOnly", role, "ReadWrite", role), "confirm", level);
        var values = new HashMap<>(idp.settings());
        values.put("WRITE_ENABLED", "true");
        values.put("GATEWAY_PORT", "0");
        values.put("DATA_DIR", folder.resolve("data").toString());
        values.put("UPSTREAMS_PATH", file("upstreams.json", JsonObject.of("upstreams", JsonObject.of("lab", lab))));
        values.put("POLICY_PATH", file("policy.json", policy));
        values.put("PROMPT_PATH", Path.of("../rbac_prompt.txt").toString());
        var env = Env.of(values);
        var settings = GatewaySettings.read(env);
        env.check();
        gateway = Optional.of(Gateway.start(settings, clock));
    }

    private String file(String name, JsonObject content) throws IOException {
        return Files.write(folder.resolve(name), Json.bytes(content)).toString();
    }

    @AfterEach
    void stop() {
        gateway.ifPresent(Gateway::close);
        upstream.close();
        idp.close();
        wire.close();
    }

    private void answer(HttpRequest request, HttpResponse response) throws IOException {
        var asked = Json.parseObject(request.body(), JsonLimits.REQUEST);
        if (!asked.has("id")) {
            response.send(202);
            return;
        }
        var result = switch (asked.string("method").orElse("")) {
            case "initialize" ->
                JsonObject.of(
                        "protocolVersion", "2025-06-18",
                        "capabilities", JsonObject.of("tools", JsonObject.EMPTY),
                        "serverInfo", JsonObject.of("name", "lab", "version", "1"));
            case "tools/list" ->
                JsonObject.of(
                        "tools",
                        JsonArray.of(JsonObject.of(
                                "name",
                                "set",
                                "description",
                                "sets a port",
                                "inputSchema",
                                JsonObject.of(
                                        "type",
                                        "object",
                                        "properties",
                                        JsonObject.of("port", JsonObject.of("type", "string"))))));
            case "tools/call" -> {
                changes.incrementAndGet();
                yield JsonObject.of("content", JsonArray.of(JsonObject.of("type", "text", "text", "done")));
            }
            default -> JsonObject.EMPTY;
        };
        response.json(200, JsonObject.of("jsonrpc", "2.0", "id", asked.get("id").orElseThrow(), "result", result));
    }

    private WebBrowser signedIn(String person, String role) throws IOException, InterruptedException {
        var browser = WebBrowser.at("http://127.0.0.1:" + gateway.orElseThrow().port(), wire);
        provider.person = person;
        provider.roles = List.of(role);
        browser.signIn("/auth/login");
        assertThat(browser.session().string("sub")).contains(person);
        return browser;
    }

    private static JsonObject planned(WebBrowser browser) throws IOException, InterruptedException {
        var said = browser.post("/mcp/chat", JsonObject.of("message", "/call lab_set {\"port\":\"7\"}"));
        assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
        return Json.parseObject(said.body())
                .array("plans")
                .orElseThrow()
                .objects()
                .getFirst();
    }

    private static String id(JsonObject plan) {
        return plan.string("id").orElseThrow();
    }

    private static String approve(WebBrowser browser, JsonObject plan) throws IOException, InterruptedException {
        var answer = browser.post(
                PLANS + id(plan) + "/approve",
                JsonObject.of("phrase", plan.string("phrase").orElse(id(plan))));
        var body = Json.parseObject(answer.body());
        return answer.statusCode() + " "
                + body.string("code").or(() -> body.string("state")).orElse("");
    }

    private static String commit(WebBrowser browser, JsonObject plan) throws IOException, InterruptedException {
        var answer = browser.post(PLANS + id(plan) + "/commit", JsonObject.EMPTY);
        var body = Json.parseObject(answer.body());
        return answer.statusCode() + " "
                + body.string("code").or(() -> body.string("state")).orElse(answer.body());
    }

    private JsonArray records(WebBrowser browser) throws IOException, InterruptedException {
        return Json.parseObject(browser.get("/audit").body()).array("records").orElseThrow();
    }

    @Test
    void twoPersonsTakeTwoPersons() throws IOException, InterruptedException {
        start("two-person");
        var anna = signedIn("anna", "ReadWrite");
        var plan = planned(anna);

        assertThat(approve(anna, plan)).isEqualTo("403 second_person_required");
        assertThat(approve(signedIn("anna", "ReadWrite"), plan))
                .as("another browser is not another person")
                .isEqualTo("403 second_person_required");
        assertThat(approve(signedIn("rita", "ReadOnly"), plan)).isEqualTo("404 plan_not_found");
        assertThat(commit(anna, plan)).isEqualTo("409 approval_required");
        assertThat(changes).hasValue(0);

        var ben = signedIn("ben", "ReadWrite");
        assertThat(ben.get(PLANS + id(plan)).statusCode()).isEqualTo(200);
        assertThat(approve(ben, plan)).isEqualTo("200 approved");
        assertThat(changes).hasValue(0);
        assertThat(commit(anna, plan)).startsWith("200 ");
        assertThat(changes).hasValue(1);
        assertThat(records(anna).toString()).contains("\"level\":\"two-person\"", "|ben");
    }

    @Test
    void aFreshLoginTakesOneThatWasMadeForThePlan() throws IOException, InterruptedException {
        start("fresh-login");
        provider.authTime = Optional.of(clock.instant().getEpochSecond() - 3_600);
        var anna = signedIn("anna", "ReadWrite");
        var plan = planned(anna);

        assertThat(approve(anna, plan)).isEqualTo("403 fresh_login_required");
        anna.signIn("/auth/login?return=/ui/plans/" + id(plan));
        assertThat(approve(anna, plan)).as("signed in without a proof").isEqualTo("403 fresh_login_required");
        assertThat(anna.signIn("/auth/login?fresh=1&return=/ui/plans/" + id(plan)))
                .isEqualTo("/ui/plans/" + id(plan));
        assertThat(approve(anna, plan))
                .as("the provider did not ask for a proof")
                .isEqualTo("403 fresh_login_required");
        assertThat(commit(anna, plan)).isEqualTo("409 approval_required");
        assertThat(changes).hasValue(0);

        provider.authTime = Optional.of(clock.instant().getEpochSecond());
        anna.signIn("/auth/login?fresh=1&return=/ui/plans/" + id(plan));
        assertThat(approve(anna, plan)).isEqualTo("200 approved");
        assertThat(commit(anna, plan)).startsWith("200 ");
        assertThat(changes).hasValue(1);
        assertThat(records(anna).toString()).contains("\"level\":\"fresh-login\"");
    }

    @Test
    void aBearerOfTheSamePersonApprovesNothing() throws IOException, InterruptedException {
        start("page");
        var anna = signedIn("anna", "ReadWrite");
        var plan = planned(anna);
        var bearer = provider.issuedTokens.getFirst();
        var stranger = WebBrowser.at(anna.base(), wire);

        var answer = stranger.send(
                "POST",
                java.net.URI.create(anna.base() + PLANS + id(plan) + "/approve"),
                "Authorization",
                "Bearer " + bearer,
                "Origin",
                anna.base());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(changes).hasValue(0);
        assertThat(approve(anna, plan)).isEqualTo("200 approved");
    }

    @Test
    void theAuditTellsWhoCameAndWhoWasTurnedAway() throws IOException, InterruptedException {
        start("page");
        var nobody = WebBrowser.at("http://127.0.0.1:" + gateway.orElseThrow().port(), wire);
        provider.person = "gus";
        provider.roles = List.of("guests");
        nobody.signIn("/auth/login");
        var anna = signedIn("anna", "ReadWrite");
        anna.post("/auth/logout", JsonObject.EMPTY);
        gateway.orElseThrow().close();

        var log = new StringBuilder();
        try (var files = Files.walk(folder.resolve("data/audit"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                log.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(log.toString())
                .contains("\"event\":\"auth.denied\"", "\"code\":\"no_role\"", "|`gus`", "`guests`")
                .contains("\"code\":\"browser_opened\"", "\"sub\":\"anna\"", "\"value\":\"ReadWrite\"")
                .contains("\"code\":\"browser_closed\"");
        assertThat(provider.issuedTokens).isNotEmpty().noneMatch(token -> log.indexOf(token) >= 0);
    }
}
