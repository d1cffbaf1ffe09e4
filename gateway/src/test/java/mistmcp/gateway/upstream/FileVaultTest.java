package mistmcp.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.oauth.Kept;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileVaultTest {
    private static final URI SERVER = URI.create("https://mcp.example.com/mcp");
    private static final Kept KEPT = Kept.read(JsonObject.of(
            "clients",
            JsonObject.of("https://as.example.com", JsonObject.of("id", "made", "secret", "word")),
            "requested",
            JsonObject.of("https://as.example.com", JsonArray.of("read")),
            "tokens",
            JsonObject.of(
                    "issuer", "https://as.example.com",
                    "resource", SERVER.toString(),
                    "access", "abc",
                    "refresh", "def",
                    "issuedAt", "2026-01-01T00:00:00Z")));

    @TempDir
    private Path folder;

    private FileVault vault(URI server) {
        return new FileVault(folder.resolve("upstreams"), "gh", server);
    }

    private Path file() {
        return folder.resolve("upstreams/gh.json");
    }

    @Test
    void givesBackWhatItKeepsAndLetsNobodyElseReadIt() throws IOException {
        assertThat(vault(SERVER).load()).isEqualTo(Kept.NOTHING);

        vault(SERVER).keep(KEPT);
        vault(SERVER).keep(KEPT);

        assertThat(vault(SERVER).load()).isEqualTo(KEPT);
        assertThat(mode(file())).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("upstreams"))).isEqualTo("rwx------");
        try (var files = Files.list(folder.resolve("upstreams"))) {
            assertThat(files).containsExactly(file());
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void countsForNothingAtAnotherAddress() {
        vault(SERVER).keep(KEPT);

        assertThat(vault(URI.create("https://other.example.com/mcp")).load()).isEqualTo(Kept.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"v\":2,\"server\":\"https://mcp.example.com/mcp\",\"kept\":{}}"})
    void countsForNothingWhenItCannotBeRead(String text) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), text);

        assertThat(vault(SERVER).load()).isEqualTo(Kept.NOTHING);
    }

    @Test
    void countsForNothingWhenATimeInItIsNone() throws IOException {
        vault(SERVER).keep(KEPT);
        Files.writeString(file(), Files.readString(file()).replace("2026-01-01T00:00:00Z", "soon"));

        assertThat(vault(SERVER).load()).isEqualTo(Kept.NOTHING);
    }

    @Test
    void saysWhenItCannotKeep() throws IOException {
        Files.writeString(folder.resolve("upstreams"), "a file where the folder should be");

        assertThatThrownBy(() -> vault(SERVER).keep(KEPT)).isInstanceOf(UncheckedIOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://gw.example.com, https://gw.example.com/upstreams/client.json",
        "https://gw.example.com/mist, https://gw.example.com/mist/upstreams/client.json",
        "http://127.0.0.1:8000, ",
        "https://127.0.0.1:8443, ",
        "https://[::1]:8443, ",
        "https://localhost:8443, "
    })
    void theGatewayHasADocumentOnlyWhereOthersCanFetchIt(String address, String document) {
        assertThat(new Home(address, folder).document())
                .isEqualTo(Optional.ofNullable(document).map(URI::create));
        assertThat(new Home(address, folder).callback()).isEqualTo(URI.create(address + "/upstreams/callback"));
    }

    @Test
    void theDocumentNamesItselfAndTheWayBack() {
        try (var connections =
                new Connections("1", new Home("https://gw.example.com", folder), java.time.InstantSource.system())) {
            var document = connections.document().orElseThrow();

            assertThat(document.string("client_id")).contains("https://gw.example.com/upstreams/client.json");
            assertThat(Json.text(document))
                    .contains("\"redirect_uris\":[\"https://gw.example.com/upstreams/callback\"]", "\"refresh_token\"");
        }
    }
}
