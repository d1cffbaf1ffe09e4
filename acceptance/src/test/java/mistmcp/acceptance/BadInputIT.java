package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input: each has its own stable answer, and no effect.
final class BadInputIT {
    private static final RunningStack STACK = RunningStack.shared();
    private static final String BEARER = STACK.mint("bea", "ReadWrite");
    private static final String PORT_CHANGE =
            "{\"device\":\"ber-sw-02\",\"port\":\"ge-0/0/8\",\"usage\":\"iot\",\"commit\":true}";

    /// One request.
    ///
    /// @param status   of the answer
    /// @param expected what the answer must hold: the code
    record Row(String name, String path, Map<String, String> headers, byte[] body, int status, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() throws GeneralSecurityException, IOException {
        var rows = new ArrayList<Row>();
        rows.add(mcp("malformed JSON", "{\"jsonrpc\":\"2.0\",\"id\":1,", 400, "-32700"));
        rows.add(mcp("no JSON at all", "hello", 400, "-32700"));
        rows.add(chat("malformed JSON to the chat", "{\"message\":", 400, "invalid_json"));
        rows.add(chat("a key twice to the chat", "{\"message\":\"a\",\"message\":\"b\"}", 400, "invalid_json"));
        rows.add(chat("an unknown member to the chat", "{\"message\":\"a\",\"role\":\"x\"}", 400, "invalid_request"));
        rows.add(chat("a message that is no text", "{\"message\":1}", 400, "invalid_request"));
        rows.add(chat(
                "a message that is too long", "{\"message\":\"" + "a".repeat(20_001) + "\"}", 400, "message_too_long"));
        rows.add(mcp(
                "a key twice",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}",
                400,
                "-32700"));
        rows.add(mcp(
                "a key twice, nested",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_sites\","
                        + "\"name\":\"set_switch_port\",\"arguments\":" + PORT_CHANGE + "}}",
                400,
                "-32700"));
        rows.add(mcp(
                "a key twice, in the arguments",
                call("set_switch_port", "{\"port\":\"ge-0/0/9\"," + PORT_CHANGE.substring(1)),
                400,
                "-32700"));
        rows.add(mcp("an unknown tool", call("set_everything", PORT_CHANGE), 200, "-32602"));
        rows.add(mcp(
                "an argument missing", call("set_switch_port", "{\"device\":\"ber-sw-02\"}"), 200, "argument_missing"));
        rows.add(mcp(
                "an argument too many",
                call("set_switch_port", "{\"force\":true," + PORT_CHANGE.substring(1)),
                200,
                "argument_unknown"));
        rows.add(mcp(
                "an argument of another type",
                call("set_switch_port", PORT_CHANGE.replace("\"ge-0/0/8\"", "8")),
                200,
                "argument_type"));
        rows.add(mcp(
                "a commit that is no boolean",
                call("set_switch_port", PORT_CHANGE.replace("true", "\"true\"")),
                200,
                "argument_type"));
        rows.add(mcp(
                "a body too large",
                call("list_sites", "{\"x\":\"" + "a".repeat(2 << 20) + "\"}"),
                413,
                "body_too_large"));
        var change = call("set_switch_port", PORT_CHANGE);
        rows.add(mcp("headers too large", change, 431, "headers_too_large", Map.of("X-Much", "a".repeat(40_000))));
        rows.add(mcp("a foreign Host", change, 403, "host_not_allowed", Map.of("Host", "evil.example")));
        rows.add(mcp("a foreign Origin", change, 403, "origin_not_allowed", Map.of("Origin", "https://evil.example")));
        rows.add(mcp("no token", change, 401, "token_missing", Map.of("Authorization", "")));
        rows.add(token("a token that is none", "abc", "token_invalid"));
        rows.add(token("an unsigned token", part("{\"alg\":\"none\"}") + "." + claims() + ".", "token_invalid"));
        rows.add(token("a token without its signature", head() + "." + claims() + ".", "token_invalid"));
        rows.add(token("an altered token", head() + "." + altered() + "." + BEARER.split("\\.")[2], "token_invalid"));
        rows.add(token("a foreign token", signed(head(), claims(), foreignKey()), "token_invalid"));
        rows.add(token("an expired token", signed(head(), past(), ownKey()), "token_expired"));
        return List.copyOf(rows);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefusedWithItsCodeAndChangesNothing(Row row) {
        var before = STACK.writesSent();
        var plans = plans();

        var reply = RawHttp.send(STACK.port(), "POST", row.path(), row.headers(), Optional.of(row.body()));

        assertThat(reply.text()).contains(row.expected());
        assertThat(reply.status()).isEqualTo(row.status());
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(plans()).isEqualTo(plans);
    }

    @Test
    void theSameCallWithoutAFaultMakesAPlanSoTheRowsCanFail() throws GeneralSecurityException, IOException {
        var plans = plans();
        var row = token("a token signed as the gateway signs", signed(head(), claims(), ownKey()), "");

        var reply = RawHttp.send(STACK.port(), "POST", row.path(), row.headers(), Optional.of(row.body()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(plans()).isNotEqualTo(plans);
    }

    private static String plans() {
        return STACK.get(BEARER, "/plans").text();
    }

    private static String call(String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }

    private static Row mcp(String name, String body, int status, String expected) {
        return mcp(name, body, status, expected, Map.of());
    }

    private static Row mcp(String name, String body, int status, String expected, Map<String, String> changed) {
        var headers = new HashMap<>(RunningStack.mcpHeaders(BEARER));
        headers.put("Content-Type", "application/json");
        headers.putAll(changed);
        headers.values().removeIf(String::isEmpty);
        return new Row(name, "/mcp", headers, body.getBytes(StandardCharsets.UTF_8), status, expected);
    }

    private static Row chat(String name, String body, int status, String expected) {
        var row = mcp(name, body, status, expected);
        var headers = new HashMap<>(row.headers());
        headers.put("Accept", "application/json");
        return new Row(name, "/mcp/chat", headers, row.body(), status, expected);
    }

    private static Row token(String name, String token, String expected) {
        return mcp(
                name, call("set_switch_port", PORT_CHANGE), 401, expected, Map.of("Authorization", "Bearer " + token));
    }

    private static String head() {
        return BEARER.split("\\.")[0];
    }

    private static String claims() {
        return BEARER.split("\\.")[1];
    }

    private static JsonObject claimsTree() {
        return Json.parseObject(Base64.getUrlDecoder().decode(claims()), JsonLimits.REQUEST);
    }

    private static String altered() {
        return part(Json.text(claimsTree().with("sub", "somebody else")));
    }

    private static String past() {
        long now = Instant.now().getEpochSecond();
        return part(Json.text(claimsTree().with("iat", now - 1_000).with("exp", now - 100)));
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(String head, String claims, PrivateKey key) throws GeneralSecurityException {
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update((head + "." + claims).getBytes(StandardCharsets.US_ASCII));
        return head + "." + claims + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static PrivateKey foreignKey() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair().getPrivate();
    }

    private static PrivateKey ownKey() throws GeneralSecurityException, IOException {
        var pem = Files.readString(
                RunningStack.data(STACK.folder()).resolve("keys").resolve("dev-private.pem"));
        var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
