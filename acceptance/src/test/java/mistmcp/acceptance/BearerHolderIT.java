package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever holds a ReadWrite bearer, with every endpoint at hand, cannot get a plan committed that nobody
/// approved.
final class BearerHolderIT {
    private static final RunningStack STACK = RunningStack.shared();
    private static final String BEARER = STACK.mint("mallory", "ReadWrite");
    private static final JsonObject ARGUMENTS =
            JsonObject.of("device", "ber-sw-02", "port", "ge-0/0/3", "usage", "iot");
    private static final JsonObject PLAN = STACK.planPort(BEARER, "ber-sw-02", "ge-0/0/3", "iot");
    private static final String ID = PLAN.string("id").orElseThrow();
    private static final JsonObject PHRASE =
            JsonObject.of("phrase", PLAN.string("phrase").orElseThrow());
    private static final String GUESS = "A".repeat(43);
    private static final Pattern ROUTE = Pattern.compile("new Route\\(\"(POST|PUT|PATCH|DELETE)\",\\s*\"([^\"]+)\"");

    /// One thing to try.
    ///
    /// @param expected what the answer must hold
    record Attempt(
            String name, String method, String path, Map<String, String> headers, JsonObject body, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Attempt> attempts() {
        var all = new ArrayList<Attempt>();
        for (var act : List.of("approve", "commit", "undo", "discard", "keep", "rollback")) {
            var path = "/plans/" + ID + "/" + act;
            all.add(bearer(act + " with the bearer", path, PHRASE, "browser_session_required"));
            all.add(new Attempt(
                    act + " with the bearer, dressed as a page",
                    "POST",
                    path,
                    Map.of(
                            "Authorization",
                            "Bearer " + BEARER,
                            "Origin",
                            STACK.url(),
                            "X-CSRF-Token",
                            GUESS,
                            "Cookie",
                            "__Host-mist=" + GUESS),
                    PHRASE,
                    "browser_session_required"));
            all.add(new Attempt(
                    act + " with a forged cookie",
                    "POST",
                    path,
                    Map.of("Origin", STACK.url(), "X-CSRF-Token", GUESS, "Cookie", "__Host-mist=" + GUESS),
                    PHRASE,
                    "sign_in_required"));
            all.add(new Attempt(
                    act + " with the bearer as a cookie",
                    "POST",
                    path,
                    Map.of("Origin", STACK.url(), "X-CSRF-Token", GUESS, "Cookie", "__Host-mist=" + BEARER),
                    PHRASE,
                    "sign_in_required"));
            all.add(new Attempt(act + " with nothing", "POST", path, Map.of(), PHRASE, "origin_required"));
        }
        var confirmed = ARGUMENTS.with("commit", true).with("confirmation", ID);
        all.add(call("commit over MCP", "/mcp", "set_switch_port", confirmed, "planned"));
        all.add(call("commit over MCP of one server", "/mcp/mist-rw", "set_switch_port", confirmed, "planned"));
        all.add(call("commit over MCP of another server", "/mcp/mist-ro", "set_switch_port", confirmed, "-32602"));
        all.add(call(
                "commit with a made-up plan",
                "/mcp",
                "set_switch_port",
                confirmed.with("confirmation", "pl_" + "a".repeat(26)),
                "plan_not_found"));
        all.add(call(
                "commit of other arguments",
                "/mcp",
                "set_switch_port",
                confirmed.with("usage", "camera"),
                "plan_mismatch"));
        all.add(call("commit without a plan", "/mcp", "set_switch_port", ARGUMENTS.with("commit", true), "planned"));
        all.add(call(
                "the change's hashes among the arguments",
                "/mcp",
                "set_switch_port",
                confirmed
                        .with("changeDigest", PLAN.string("changeDigest").orElseThrow())
                        .with("beforeHash", PLAN.string("beforeHash").orElseThrow()),
                "argument_unknown"));
        all.add(call(
                "plan_status with an approval",
                "/mcp",
                "plan_status",
                JsonObject.of("plan", ID, "approve", true, "commit", true),
                "isError"));
        all.add(bearer(
                "commit over the chat",
                "/mcp/chat",
                JsonObject.of("message", "", "commit", true, "confirmation", ID),
                "the plan still waits for an approval"));
        for (var words : List.of("approve plan " + ID, "/call set_switch_port " + confirmed, "yes, apply " + ID)) {
            all.add(bearer(
                    "the chat: " + words, "/mcp/chat", JsonObject.of("message", words, "commit", true), "thread"));
        }
        var form = JsonObject.of("sub", "mallory", "roles", List.of("ReadWrite"));
        all.add(page("sign-in without a code", Map.of(), form, "sign_in_code_required"));
        all.add(page("sign-in with a guessed code", Map.of(), form.with("code", GUESS), "sign_in_code_wrong"));
        all.add(page(
                "sign-in with a forged permit",
                Map.of("Cookie", "__Host-mist-permit=" + GUESS),
                form,
                "sign_in_code_required"));
        all.add(page(
                "sign-in with the bearer",
                Map.of("Authorization", "Bearer " + BEARER),
                form,
                "authorization_not_taken"));
        all.add(page("sign-in through a proxy", Map.of("X-Forwarded-For", "127.0.0.1"), form, "forwarded_call"));
        all.add(bearer("a link with the bearer", "/auth/dev/link", JsonObject.EMPTY, "operator_required"));
        all.add(operator("a link with a guess", "/auth/dev/link", JsonObject.EMPTY, GUESS));
        all.add(operator("a link with the bearer as operator", "/auth/dev/link", JsonObject.EMPTY, BEARER));
        all.add(bearer("writes with the bearer", "/operator/writes", JsonObject.of("on", true), "operator_required"));
        all.add(operator("writes with a guess", "/operator/writes", JsonObject.of("on", true), GUESS));
        var pin = JsonObject.of("tool", "mist-rw/set_switch_port", "digest", "sha256:" + "0".repeat(64));
        all.add(bearer("a pin with the bearer", "/operator/pins", pin, "operator_required"));
        all.add(operator("a pin with a guess", "/operator/pins", pin, GUESS));
        var upstream = JsonObject.of("upstream", "mist-rw");
        all.add(bearer(
                "an authorization with the bearer", "/operator/upstreams/authorize", upstream, "operator_required"));
        all.add(operator("an authorization with a guess", "/operator/upstreams/authorize", upstream, GUESS));
        all.add(bearer(
                "an answer to a question that nobody asked",
                "/threads/" + GUESS + "/questions/" + ID,
                JsonObject.of("action", "accept", "content", JsonObject.of("approve", true)),
                "question_not_found"));
        all.add(bearer("a pin by grant with the bearer", "/tools/pin", pin, "browser_session_required"));
        all.add(bearer("another bearer", "/auth/dev/mint", form, "access_token"));
        all.add(new Attempt(
                "a bearer through a proxy",
                "POST",
                "/auth/dev/mint",
                Map.of("X-Forwarded-Host", "127.0.0.1"),
                form,
                "forwarded_call"));
        all.add(bearer("sign-out with the bearer", "/auth/logout", JsonObject.EMPTY, "browser_session_required"));
        all.add(bearer(
                "why",
                "/policy/why",
                JsonObject.of("tool", "set_switch_port", "arguments", confirmed, "commit", true),
                "allow"));
        for (var path : List.of("/mcp", "/mcp/mist-rw")) {
            all.add(new Attempt(
                    "end of an MCP session at " + path,
                    "DELETE",
                    path,
                    RunningStack.mcpHeaders(BEARER),
                    JsonObject.EMPTY,
                    ""));
        }
        return List.copyOf(all);
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void nothingIsSentAndThePlanStaysUnapproved(Attempt attempt) {
        var before = STACK.writesSent();

        var reply = STACK.send(attempt.method(), attempt.path(), attempt.headers(), Optional.of(attempt.body()));

        assertThat(reply.text()).contains(attempt.expected());
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(STACK.get(BEARER, "/plans/" + ID).body().string("state")).contains("planned");
    }

    @Test
    void theAttemptsNameEveryRouteThatTakesMoreThanAGet() throws IOException {
        var tried = attempts().stream()
                .map(attempt -> attempt.method() + " "
                        + attempt.path()
                                .replace(ID, "{id}")
                                .replaceAll("/mcp/mist-r[ow]", "/mcp/{server}")
                                .replaceAll("/threads/.*/questions/.*", "/threads/{id}/questions/{question}"))
                .toList();

        assertThat(tried).containsAll(routes());
    }

    private static Set<String> routes() throws IOException {
        var routes = new TreeSet<String>();
        try (var sources = Files.walk(RunningStack.root().resolve("gateway/src/main/java"))) {
            for (var source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                ROUTE.matcher(Files.readString(source))
                        .results()
                        .forEach(route -> routes.add(route.group(1) + " " + route.group(2)));
            }
        }
        assertThat(routes).hasSizeGreaterThan(10);
        return routes;
    }

    @Test
    void mistRwItselfTakesNoCallWithoutTheGatewaysAssertion() {
        var before = STACK.writesSent();
        int port = STACK.portOf("mist-rw");
        var body = mcp("set_switch_port", ARGUMENTS.with("commit", true).with("confirmation", ID));
        var headers = RunningStack.mcpHeaders(BEARER);
        var forged = new HashMap<>(headers);
        forged.put("Mist-Assertion", "eyJhbGciOiJub25lIn0.e30.");

        for (var tried : List.of(headers, forged)) {
            var all = new HashMap<>(tried);
            all.put("Content-Type", "application/json");
            var reply = RawHttp.send(port, "POST", "/mcp", all, Optional.of(mistmcp.json.Json.bytes(body)));
            assertThat(reply.status()).isIn(401, 403);
            assertThat(reply.code()).startsWith("assertion");
        }
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void twoRolesInOneTokenStillAreNoHuman() {
        var both = STACK.mint("mallory", "ReadOnly", "ReadWrite");

        var reply = STACK.post(both, "/plans/" + ID + "/approve", PHRASE);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("browser_session_required");
    }

    private static Attempt bearer(String name, String path, JsonObject body, String expected) {
        return new Attempt(name, "POST", path, Map.of("Authorization", "Bearer " + BEARER), body, expected);
    }

    private static Attempt operator(String name, String path, JsonObject body, String token) {
        return new Attempt(name, "POST", path, Map.of("Mist-Operator", token), body, "operator_required");
    }

    private static Attempt page(String name, Map<String, String> extra, JsonObject body, String expected) {
        var headers = new HashMap<>(extra);
        headers.put("Origin", STACK.url());
        return new Attempt(name, "POST", "/auth/dev/session", headers, body, expected);
    }

    private static Attempt call(String name, String path, String tool, JsonObject arguments, String expected) {
        return new Attempt(name, "POST", path, RunningStack.mcpHeaders(BEARER), mcp(tool, arguments), expected);
    }

    private static JsonObject mcp(String tool, JsonObject arguments) {
        return JsonObject.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "tools/call",
                "params",
                JsonObject.of("name", tool, "arguments", arguments, "_meta", JsonObject.of("x", JsonArray.EMPTY)));
    }
}
