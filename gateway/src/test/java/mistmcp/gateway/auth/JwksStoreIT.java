package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwksStoreIT {
    private static final Duration FRESH = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final Signer signer = FakeIdp.SIGNER;
    private final HttpClient client = new HttpClient(Duration.ofSeconds(2), 4);
    private final List<JwksStore> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(JwksStore::close);
        client.close();
    }

    private AuthSettings.Oidc settings(URI url, Duration ttl) {
        var settings = (AuthSettings.Oidc) AuthSettings.read(Env.of(Map.of(
                "MODE_AUTH",
                "oidc",
                "OIDC_ISSUER",
                Mode.OIDC_ISSUER,
                "OIDC_JWKS_URL",
                url.toString(),
                "DATA_DIR",
                folder.toString())));
        return new AuthSettings.Oidc(
                settings.tokens(),
                settings.roles(),
                settings.sites(),
                settings.address(),
                url,
                settings.clientId(),
                settings.clientSecret(),
                settings.signIn(),
                ttl,
                Duration.ofHours(24),
                settings.savedKeys());
    }

    private JwksStore store(AuthSettings.Oidc settings, InstantSource clock) {
        return kept(JwksStore.open(settings, client, clock));
    }

    private JwksStore kept(JwksStore store) {
        stores.add(store);
        return store;
    }

    /// A store and what asks it.
    private record Running(JwksStore store, Authenticator authenticator) {
        String outcome(String token) throws InterruptedException {
            return JwksStoreIT.outcome(authenticator, token);
        }

        void awaitFailure(String part) throws InterruptedException {
            await(() -> store.health()
                    .lastFailure()
                    .filter(why -> why.contains(part))
                    .isPresent());
        }
    }

    /// A store that has its first set.
    private Running running(FakeIdp idp, Duration ttl) throws InterruptedException {
        return running(idp, ttl, Duration.ofSeconds(5));
    }

    private Running running(FakeIdp idp, Duration ttl, Duration deadline) throws InterruptedException {
        var settings = settings(idp.url(), ttl);
        var store = kept(JwksStore.open(settings, client, InstantSource.system(), deadline));
        assertThat(store.awaitFirst(Duration.ofSeconds(10))).isTrue();
        return new Running(store, new Authenticator(settings, store, InstantSource.system()));
    }

    private static String token(Signer by) {
        return by.token(claims("ReadOnly"));
    }

    /// Those of a good token, each time another's.
    private static JsonObject claims(String role) {
        long now = Instant.now().getEpochSecond();
        return JsonObject.of(
                        "iss", Mode.OIDC_ISSUER, "sub", "anna", "aud", "mcp-gateway", "iat", now, "exp", now + 3_000)
                .with("jti", Long.toString(System.nanoTime()))
                .with("roles", List.of(role));
    }

    private static String outcome(Authenticator authenticator, String token) throws InterruptedException {
        return switch (authenticator.authenticate(List.of("Bearer " + token), () -> "m")) {
            case Authentication.Authenticated _ -> "good";
            case Authentication.Refused refused -> refused.status() + " " + refused.auditReason();
        };
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aFloodOfUnknownKeysCostsOneFetchAndHarmsNobody() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, FRESH);
            var attackers = ConcurrentHashMap.<String>newKeySet();
            var attacks = new AtomicInteger();
            var stranger = Signer.rsa("x");
            var forged = token(stranger);
            var end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 16; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    while (System.nanoTime() < end) {
                        var kid = "kid-" + attacks.incrementAndGet();
                        var header =
                                Signer.base64(stranger.header().with("kid", kid).toString());
                        try {
                            attackers.add(running.outcome(header + forged.substring(forged.indexOf('.'))));
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                        }
                    }
                }));
            }
            int valid = 0;
            long slowest = 0;
            while (System.nanoTime() < end) {
                long before = System.nanoTime();
                assertThat(running.outcome(token(signer))).isEqualTo("good");
                slowest = Math.max(slowest, System.nanoTime() - before);
                valid++;
            }
            for (var thread : threads) {
                thread.join();
            }

            System.out.println("flood: " + attacks.get() / 2 + " attacks/s, " + valid + " valid tokens, slowest "
                    + Duration.ofNanos(slowest).toMillis() + " ms, fetches " + idp.fetches.get());
            assertThat(attackers).isEqualTo(Set.of("401 key_unknown"));
            assertThat(attacks.get()).isGreaterThan(16);
            assertThat(idp.fetches.get()).isLessThanOrEqualTo(2);
            assertThat(running.store().health().unknownKeys()).isEqualTo(attacks.get());
        }
    }

    @Test
    void aNewKeyIsFoundByTheFirstTokenThatNamesIt() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, FRESH);
            var old = token(signer);
            assertThat(running.outcome(old)).isEqualTo("good");
            var next = Signer.rsa("key-2");
            idp.answers(FakeIdp.keys(next.jwk()));

            assertThat(running.outcome(token(next))).isEqualTo("good");
            assertThat(running.outcome(old)).isEqualTo("401 key_unknown");
        }
    }

    @Test
    void theLastGoodSetOutlivesEveryFaultOfTheProvider() throws InterruptedException {
        var faults = new LinkedHashMap<String, FakeIdp.Answer>();
        faults.put("status 500", FakeIdp.status(500));
        faults.put("status 302", response -> {
            response.header("Location", "http://127.0.0.1:1/keys");
            response.send(302);
        });
        faults.put("is not JSON", FakeIdp.text("<html>"));
        faults.put("holds no key", FakeIdp.keys());
        faults.put("has no list", FakeIdp.text("{}"));
        faults.put("symmetric", FakeIdp.keys(signer.jwk(), JsonObject.of("kty", "oct", "kid", "s", "k", "AAAA")));
        faults.put("private half", FakeIdp.keys(signer.jwk().with("d", "AAAA")));
        faults.put("twice", FakeIdp.keys(signer.jwk(), signer.jwk()));
        faults.put("fewer than 2048", FakeIdp.keys(Signer.rsa("key-1", 1024).jwk()));
        faults.put(
                "DEV key", FakeIdp.keys(signer.jwk(), Signer.rsa("mist-dev-1").jwk()));
        faults.put("more than 262144", FakeIdp.text("{\"x\":\"" + "y".repeat(300 << 10) + "\"}"));
        faults.put(
                "more than 100",
                FakeIdp.text(JsonObject.of("keys", JsonArray.ofAll(java.util.Collections.nCopies(101, signer.jwk())))
                        .toString()));
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, Duration.ofMillis(200));
            for (var fault : faults.entrySet()) {
                idp.answers(fault.getValue());
                running.awaitFailure(fault.getKey());

                assertThat(running.outcome(token(signer))).as(fault.getKey()).isEqualTo("good");
                assertThat(running.store().health().usable()).isTrue();
            }
            idp.answers(FakeIdp.keys(signer.jwk()));
            await(() -> running.store().health().failures() == 0);
        }
    }

    @Test
    void aProviderThatHangsKeepsNobodyWaiting() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, Duration.ofMillis(200), Duration.ofMinutes(1));
            var asked = new CountDownLatch(1);
            var told = new CountDownLatch(1);
            idp.answers(response -> {
                asked.countDown();
                told.await();
                response.send(200);
            });
            asked.await();

            for (int i = 0; i < 50; i++) {
                assertThat(running.outcome(token(signer))).isEqualTo("good");
            }

            assertThat(running.store().health().failures()).as("it still hangs").isZero();
            told.countDown();
            await(() -> running.store().health().failures() > 0);
        }
    }

    @Test
    void keysTooOldAreNotTrusted() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var clock = new SetClock();
            var settings = settings(idp.url(), FRESH);
            var store = store(settings, clock);
            store.awaitFirst(Duration.ofSeconds(10));
            var authenticator = new Authenticator(settings, store, InstantSource.system());
            assertThat(outcome(authenticator, token(signer))).isEqualTo("good");

            clock.pass(Duration.ofHours(24));

            assertThat(outcome(authenticator, token(signer))).isEqualTo("503 keys_unavailable");
            assertThat(store.health().usable()).isFalse();
        }
    }

    @Test
    void aRestartDuringAnOutageUsesTheSavedSet() throws InterruptedException, IOException {
        var idp = new FakeIdp(signer.jwk());
        var settings = settings(idp.url(), FRESH);
        store(settings, InstantSource.system()).awaitFirst(Duration.ofSeconds(10));
        await(() -> Files.exists(settings.savedKeys()));
        idp.close();

        var restarted = store(settings, InstantSource.system());

        assertThat(restarted.health().fromDisk()).isTrue();
        assertThat(outcome(new Authenticator(settings, restarted, InstantSource.system()), token(signer)))
                .isEqualTo("good");

        Files.setPosixFilePermissions(settings.savedKeys(), PosixFilePermissions.fromString("rw-rw-rw-"));
        var distrustful = store(settings, InstantSource.system());
        assertThat(distrustful.current()).isEmpty();

        Files.setPosixFilePermissions(settings.savedKeys(), PosixFilePermissions.fromString("rw-------"));
        var elsewhere = store(settings(URI.create("http://127.0.0.1:1/keys"), FRESH), InstantSource.system());
        assertThat(elsewhere.current()).isEmpty();
    }

    @Test
    void withoutAnySetTokensWaitForTheProvider() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            idp.answers(FakeIdp.status(503));
            var settings = settings(idp.url(), FRESH);
            var store = store(settings, InstantSource.system());
            var authenticator = new Authenticator(settings, store, InstantSource.system());
            await(() -> store.health().failures() > 0);
            assertThat(outcome(authenticator, token(signer))).isEqualTo("503 keys_unavailable");

            idp.answers(FakeIdp.keys(signer.jwk()));

            await(() -> store.health().usable());
            assertThat(outcome(authenticator, token(signer))).isEqualTo("good");
        }
    }

    @Test
    void followsNoRedirectToAnotherHost() throws InterruptedException {
        var stranger = Signer.rsa("key-1");
        try (var idp = new FakeIdp(signer.jwk());
                var elsewhere = new FakeIdp(stranger.jwk())) {
            var running = running(idp, Duration.ofMillis(200));

            idp.answers(response -> {
                response.header("Location", elsewhere.url().toString());
                response.send(307);
            });
            running.awaitFailure("status 307");

            assertThat(elsewhere.fetches.get()).isZero();
            assertThat(running.outcome(token(stranger))).isEqualTo("401 signature_invalid");
            assertThat(running.outcome(token(signer))).isEqualTo("good");
        }
    }

    @Test
    void anAnswerThatDripsIsCutAndHarmsNobody() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, Duration.ofMillis(200), Duration.ofSeconds(1));

            idp.answers(FakeIdp.drip());
            running.awaitFailure("no answer came in time");

            assertThat(running.outcome(token(signer))).isEqualTo("good");
            assertThat(running.store().health().note().orElseThrow())
                    .startsWith("could not be fetched ")
                    .contains("no answer came in time", "serves on");
        }
    }

    @Test
    void aKeyThatTheProviderDropsIsRefusedAfterTheNextRefresh() throws InterruptedException {
        try (var idp = new FakeIdp(signer.jwk())) {
            var running = running(idp, Duration.ofSeconds(1));
            var seen = token(signer);
            assertThat(running.outcome(seen)).isEqualTo("good");

            var next = Signer.rsa("key-2");
            idp.answers(FakeIdp.keys(next.jwk()));
            await(() -> running.store().health().keyIds().equals(List.of("key-2")));

            assertThat(running.store().health().unknownKeys())
                    .as("no token asked for it")
                    .isZero();
            assertThat(running.outcome(seen)).isEqualTo("401 key_unknown");
            assertThat(running.outcome(token(next))).isEqualTo("good");
        }
    }

    @Test
    void devKeysAreNoKeysOfAProvider() throws InterruptedException, IOException {
        var dev = DevKeys.openOrCreate(
                new DevKeyFiles(folder.resolve("dev.json"), folder.resolve("dev.pem")), Instant.now());
        var published = dev.jwks(Instant.now()).toString();
        try (var idp = new FakeIdp()) {
            idp.answers(FakeIdp.text(published));
            var settings = settings(idp.url(), FRESH);
            var store = store(settings, InstantSource.system());
            var authenticator = new Authenticator(settings, store, InstantSource.system());
            await(() -> store.health().failures() > 0);
            assertThat(store.health().lastFailure().orElseThrow()).contains("holds the DEV key");
            assertThat(outcome(authenticator, devToken(dev))).isEqualTo("503 keys_unavailable");
            assertThat(Files.exists(settings.savedKeys())).isFalse();

            // As if a set of DEV keys had been put where the last good one is kept.
            new SavedKeys(settings.savedKeys(), idp.url())
                    .write(published.getBytes(java.nio.charset.StandardCharsets.UTF_8), Instant.now());
            var restarted = store(settings, InstantSource.system());
            assertThat(restarted.health().keyIds()).isEmpty();
            assertThat(outcome(new Authenticator(settings, restarted, InstantSource.system()), devToken(dev)))
                    .isEqualTo("503 keys_unavailable");

            idp.answers(FakeIdp.keys(signer.jwk()));
            await(() -> store.health().usable());
            assertThat(outcome(authenticator, devToken(dev))).isEqualTo("401 dev_key");
        }
    }

    private static String devToken(DevKeys dev) {
        return dev.sign(claims("ReadWrite")).reveal();
    }
}
