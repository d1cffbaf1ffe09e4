package mistmcp.gateway.auth;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonObject;

/// A little authorization server: discovery, authorization code with PKCE, refresh tokens that rotate,
/// revocation. It is strict where a provider is (client, redirect address, PKCE, a code once), signs in whom
/// the test names without asking, and lies where the test says so.
final class FakeAuthorization {
    static final String CLIENT = "mist-gateway";
    static final String SECRET = "a secret of the client";

    private final Signer signer;
    private final InstantSource clock;
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile String issuer = "";

    final List<String> revoked = new CopyOnWriteArrayList<>();
    final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger redeemed = new AtomicInteger();
    final AtomicInteger renewed = new AtomicInteger();
    final List<String> issuedTokens = new CopyOnWriteArrayList<>();

    /// Who signs in, with which roles; and what the test changes on the way.
    volatile String person = "anna";
    volatile List<String> roles = List.of("ReadWrite");
    volatile long life = 300;
    volatile Optional<Long> authTime = Optional.empty();
    volatile boolean refreshes = true;
    volatile boolean opaque;
    volatile UnaryOperator<JsonObject> discovery = UnaryOperator.identity();
    volatile UnaryOperator<JsonObject> idClaims = UnaryOperator.identity();
    volatile UnaryOperator<JsonObject> accessClaims = UnaryOperator.identity();
    volatile UnaryOperator<JsonObject> tokenAnswer = UnaryOperator.identity();
    volatile UnaryOperator<String> idToken = UnaryOperator.identity();
    volatile UnaryOperator<Map<String, String>> callback = UnaryOperator.identity();
    volatile Optional<FakeIdp.Answer> tokenEndpoint = Optional.empty();
    volatile Optional<FakeIdp.Answer> revocationEndpoint = Optional.empty();

    private record Code(Map<String, String> request, String person) {}

    FakeAuthorization(Signer signer, InstantSource clock) {
        this.signer = signer;
        this.clock = clock;
    }

    void at(String base) {
        issuer = base;
    }

    String issuer() {
        return issuer;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/.well-known/openid-configuration", (_, response) -> describe(response)),
                new Route("GET", "/authorize", this::authorize),
                new Route("POST", "/token", this::token),
                new Route("POST", "/revoke", this::revoke));
    }

    private void describe(HttpResponse response) throws IOException {
        response.json(
                200,
                discovery.apply(JsonObject.of(
                        "issuer", issuer,
                        "authorization_endpoint", issuer + "/authorize",
                        "token_endpoint", issuer + "/token",
                        "revocation_endpoint", issuer + "/revoke",
                        "end_session_endpoint", issuer + "/logout",
                        "jwks_uri", issuer + "/keys",
                        "authorization_response_iss_parameter_supported", true)));
    }

    private void authorize(HttpRequest request, HttpResponse response) throws IOException {
        var query = form(request.rawQuery());
        asked.add(query);
        var code = "code-" + number.incrementAndGet();
        codes.put(code, new Code(query, person));
        var answer = new LinkedHashMap<String, String>();
        answer.put("code", code);
        answer.put("state", query.get("state"));
        answer.put("iss", issuer);
        response.header("Location", query.get("redirect_uri") + "?" + text(callback.apply(answer)))
                .send(302);
    }

    private void token(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        if (tokenEndpoint.isPresent()) {
            tokenEndpoint.get().give(response);
            return;
        }
        var form = form(new String(request.body(), StandardCharsets.UTF_8));
        var basic = Base64.getEncoder()
                .encodeToString((CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
        if (!request.header("Authorization").equals(Optional.of("Basic " + basic))) {
            response.json(401, JsonObject.of("error", "invalid_client"));
            return;
        }
        switch (String.valueOf(form.get("grant_type"))) {
            case "authorization_code" -> {
                redeemed.incrementAndGet();
                var code = Optional.ofNullable(codes.remove(String.valueOf(form.get("code"))));
                boolean good = code.filter(
                                known -> String.valueOf(known.request().get("redirect_uri"))
                                                .equals(form.get("redirect_uri"))
                                        && String.valueOf(known.request().get("code_challenge"))
                                                .equals(challenge(String.valueOf(form.get("code_verifier")))))
                        .isPresent();
                if (good) {
                    var known = code.get();
                    issue(known.person(), Optional.ofNullable(known.request().get("nonce")), response);
                } else {
                    response.json(400, JsonObject.of("error", "invalid_grant"));
                }
            }
            case "refresh_token" -> {
                renewed.incrementAndGet();
                var whose = Optional.ofNullable(refreshTokens.remove(String.valueOf(form.get("refresh_token"))));
                if (whose.isPresent()) {
                    issue(whose.get(), Optional.empty(), response);
                } else {
                    response.json(400, JsonObject.of("error", "invalid_grant"));
                }
            }
            default -> response.json(400, JsonObject.of("error", "unsupported_grant_type"));
        }
    }

    private void issue(String whose, Optional<String> nonce, HttpResponse response) throws IOException {
        long now = clock.instant().getEpochSecond();
        var access = opaque
                ? "opaque-" + number.incrementAndGet()
                : signer.token(accessClaims.apply(JsonObject.of(
                        "iss", issuer,
                        "sub", whose,
                        "aud", "mcp-gateway",
                        "azp", CLIENT,
                        "iat", now,
                        "exp", now + life,
                        "jti", "jti-" + number.incrementAndGet(),
                        "roles", roles)));
        var claims = JsonObject.of(
                        "iss", issuer,
                        "sub", whose,
                        "aud", CLIENT,
                        "iat", now,
                        "exp", now + life,
                        "at_hash", hash(access))
                .withPresent("nonce", nonce)
                .withPresent("auth_time", authTime);
        var id = idToken.apply(signer.token(
                JsonObject.of("alg", "RS256", "typ", "JWT", "kid", signer.keyId()), idClaims.apply(claims)));
        var answer = JsonObject.of("access_token", access, "token_type", "Bearer", "expires_in", life, "id_token", id);
        issuedTokens.addAll(List.of(access, id));
        if (refreshes) {
            var refresh = "refresh-" + number.incrementAndGet() + "-of-" + whose;
            refreshTokens.put(refresh, whose);
            issuedTokens.add(refresh);
            answer = answer.with("refresh_token", refresh);
        }
        response.json(200, tokenAnswer.apply(answer));
    }

    private void revoke(HttpRequest request, HttpResponse response) throws IOException, InterruptedException {
        if (revocationEndpoint.isPresent()) {
            revocationEndpoint.get().give(response);
            return;
        }
        var token = String.valueOf(
                form(new String(request.body(), StandardCharsets.UTF_8)).get("token"));
        revoked.add(token);
        refreshTokens.remove(token);
        response.send(200);
    }

    /// Forgets every refresh token, as when an administrator ends all sessions.
    void endEverySession() {
        refreshTokens.clear();
    }

    static Map<String, String> form(String text) {
        var form = new LinkedHashMap<String, String>();
        for (var pair : text.split("&")) {
            var parts = pair.split("=", 2);
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return form;
    }

    static String text(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .reduce((one, other) -> one + "&" + other)
                .orElse("");
    }

    static Map<String, String> query(URI uri) {
        return form(uri.getRawQuery());
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(verifier));
    }

    private static String hash(String token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(token), 16));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
