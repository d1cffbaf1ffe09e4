package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevKeysTest {
    @TempDir
    private Path folder;

    private final SetClock clock = new SetClock();
    private DevKeyFiles files = new DevKeyFiles(Path.of("unset"), Path.of("unset"));

    @BeforeEach
    void files() {
        files = new DevKeyFiles(folder.resolve("keys/jwks.json"), folder.resolve("keys/private.pem"));
    }

    private DevKeys open() {
        return DevKeys.openOrCreate(files, clock.instant());
    }

    @Test
    void makesAPairWhosePrivateHalfIsItsOwnersOnly() throws IOException {
        var made = open();

        assertThat(made.id()).startsWith("mist-dev-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.privateKey())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys"))))
                .isEqualTo("rwx------");
        assertThat(Files.readString(files.jwks())).doesNotContain("\"d\"").contains(made.id());
        assertThat(open().id()).isEqualTo(made.id());
        try (var all = Files.list(folder.resolve("keys"))) {
            assertThat(all).hasSize(2);
        }
    }

    @Test
    void refusesAPrivateKeyThatOthersCanRead() throws IOException {
        open();
        Files.setPosixFilePermissions(files.privateKey(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(this::open).isInstanceOf(UnusableKeys.class).hasMessageContaining("chmod 600");
    }

    @Test
    void refusesPublicKeysThatOthersCanChange() throws IOException {
        open();
        Files.setPosixFilePermissions(files.jwks(), PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(this::open).isInstanceOf(UnusableKeys.class).hasMessageContaining("chmod go-w");
    }

    @Test
    void saysWhatToDoWithFilesThatDoNotFit() throws IOException {
        open();
        var pem = Files.readString(files.privateKey());
        OwnerFiles.writePrivate(files.privateKey(), "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(this::open).hasMessageContaining("mist keys rotate");

        Files.delete(files.privateKey());
        assertThatThrownBy(this::open).hasMessageContaining("no private key");

        OwnerFiles.writePrivate(files.privateKey(), pem.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Files.writeString(
                files.jwks(), Signer.set(Signer.rsa("mist-dev-x").jwk()).toString());
        assertThatThrownBy(this::open).hasMessageContaining("do not include");

        Files.delete(files.jwks());
        assertThat(open().jwks(clock.instant()).array("keys").map(JsonArray::size))
                .isEqualTo(Optional.of(1));
    }

    @Test
    void keepsTheOldPublicKeyUntilItsTokensHaveDied() {
        var before = open();
        var after = DevKeys.rotate(files, clock.instant());

        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(open().id()).isEqualTo(after.id());
        assertThat(open().keySet(clock.instant()).ids()).contains(before.id(), after.id());

        clock.pass(Duration.ofMinutes(62));
        assertThat(open().keySet(clock.instant()).ids()).containsExactly(after.id());
        DevKeys.rotate(files, clock.instant());
        assertThat(open().keySet(clock.instant()).ids()).hasSize(2).doesNotContain(before.id());
    }

    @Test
    void trustsNoForeignKeyThatWasPutIntoTheFile() throws IOException {
        var own = open();
        var jwks = Json.parseObject(Files.readString(files.jwks()));
        var foreign = Signer.rsa("mist-dev-foreign").jwk();
        var both = JsonObject.of(
                "keys", JsonArray.of(jwks.array("keys").orElseThrow().get(0), foreign));
        Files.writeString(files.jwks(), both.toString());

        assertThat(open().keySet(clock.instant()).ids()).containsExactly(own.id());
    }

    @Test
    void aRunningGatewayTakesRotatedKeysAndKeepsItsOwnWhenTheyBreak() throws IOException, InterruptedException {
        var settings = (AuthSettings.Dev) AuthSettings.read(Env.of(Map.of()));
        try (var ring = DevKeyring.open(files, clock)) {
            var mint = new DevMint(settings, ring, true, clock);
            var body = Json.parseObject("{\"sub\":\"anna\",\"roles\":[\"ReadOnly\"]}");
            var authenticator = new Authenticator(settings, ring, clock);
            var old = mint.mint(body).token().reveal();

            var rotated = DevKeys.rotate(files, clock.instant());
            await(ring, rotated.id());

            assertThat(ring.current().orElseThrow().ids()).hasSize(2);
            var fresh = mint.mint(body).token().reveal();
            assertThat(authenticator.authenticate(java.util.List.of("Bearer " + old), () -> "m"))
                    .isInstanceOf(Authentication.Authenticated.class);
            assertThat(authenticator.authenticate(java.util.List.of("Bearer " + fresh), () -> "m"))
                    .isInstanceOf(Authentication.Authenticated.class);

            Files.delete(files.privateKey());
            for (int i = 0; i < 600 && ring.health().failures() == 0; i++) {
                Thread.sleep(50);
            }
            assertThat(ring.health().failures()).isPositive();
            assertThat(ring.health().usable()).isTrue();
            assertThat(authenticator.authenticate(java.util.List.of("Bearer " + fresh), () -> "m"))
                    .isInstanceOf(Authentication.Authenticated.class);
        }
    }

    private static void await(DevKeyring ring, String id) throws InterruptedException {
        for (int i = 0; i < 600 && ring.current().orElseThrow().find(id).isEmpty(); i++) {
            Thread.sleep(50);
        }
    }
}
