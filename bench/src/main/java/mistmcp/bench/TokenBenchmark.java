package mistmcp.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.Authentication;
import mistmcp.gateway.auth.Authenticator;
import mistmcp.gateway.auth.DevKeyring;
import mistmcp.gateway.auth.DevMint;
import mistmcp.http.HttpRequest;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to know who calls: a token seen before, a new RS256 token, and the bare check of its
/// signature. Goals: at most 2 us for the first, and for the second 1.5 times the third.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class TokenBenchmark {
    private static final int TOKENS = 256;
    private static final InstantSource CLOCK = InstantSource.system();

    private Path folder;
    private AuthSettings.Dev settings;
    private DevKeyring keys;
    private PublicKey key;
    private Authenticator known;
    private Authenticator fresh;
    private final List<HttpRequest> requests = new ArrayList<>();
    private final List<byte[]> signed = new ArrayList<>();
    private final List<byte[]> signatures = new ArrayList<>();
    private int at;

    /// Makes keys and tokens.
    @Setup
    public void prepare() throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("mist-bench-tokens");
        settings = (AuthSettings.Dev) AuthSettings.read(Env.of(Map.of("DATA_DIR", folder.toString())));
        keys = DevKeyring.open(settings.keys(), CLOCK);
        var jwk = keys.jwks().array("keys").orElseThrow().objects().getFirst();
        key = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
        known = new Authenticator(settings, keys, CLOCK);
        fresh = new Authenticator(settings, keys, CLOCK);
        var mint = new DevMint(settings, keys, true, CLOCK);
        for (int i = 0; i < TOKENS; i++) {
            var token = mint.mint(JsonObject.of(
                            "sub", "bench-" + i, "roles", List.of("ReadOnly"), "sites", Load.SITES, "ttl", 3600))
                    .token()
                    .reveal();
            requests.add(new Bearer(token));
            int dot = token.lastIndexOf('.');
            signed.add(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
            signatures.add(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
        }
    }

    /// Takes the keys away.
    @TearDown
    public void end() {
        keys.close();
        Rig.remove(folder);
    }

    /// One of 64 tokens that were checked within the minute.
    @Benchmark
    public Authentication tokenSeenBefore() throws InterruptedException {
        return checked(known.authenticate(requests.get(at++ % 64)));
    }

    /// A token that was never seen: when all have been, the memory of them is dropped.
    @Benchmark
    public Authentication newToken() throws InterruptedException {
        if (at == TOKENS) {
            at = 0;
            fresh = new Authenticator(settings, keys, CLOCK);
        }
        return checked(fresh.authenticate(requests.get(at++)));
    }

    /// The signature of such a token, checked by the JDK and nothing else.
    @Benchmark
    public boolean bareSignature() throws GeneralSecurityException {
        int token = at++ % TOKENS;
        var check = Signature.getInstance("SHA256withRSA");
        check.initVerify(key);
        check.update(signed.get(token));
        return check.verify(signatures.get(token));
    }

    private static Authentication checked(Authentication answer) {
        if (answer instanceof Authentication.Authenticated) {
            return answer;
        }
        throw new IllegalStateException("a good token was refused");
    }

    private static java.math.BigInteger number(JsonObject jwk, String member) {
        return new java.math.BigInteger(
                1, Base64.getUrlDecoder().decode(jwk.string(member).orElseThrow()));
    }

    /// A request with a bearer token and nothing else.
    private record Bearer(String token) implements HttpRequest {
        @Override
        public String id() {
            return "bench";
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/mcp";
        }

        @Override
        public String pathParameter(String name) {
            return "";
        }

        @Override
        public Optional<String> query(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        @Override
        public List<String> headers(String name) {
            return switch (name) {
                case "Authorization" -> List.of("Bearer " + token);
                case "Host" -> List.of("127.0.0.1:8000");
                default -> List.of();
            };
        }

        @Override
        public Optional<String> cookie(String name) {
            return Optional.empty();
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }

        @Override
        public InetAddress peer() {
            return InetAddress.getLoopbackAddress();
        }
    }
}
