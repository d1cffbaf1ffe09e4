package mistmcp.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.sim.api.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a simulator begins with.
class SeedIT {
    @Test
    void hasThePromisedNumberOfEverything() {
        try (var mist = SimulatedMist.start(SimSettings.fresh())) {
            assertThat(mist.state().rows(Table.SITES)).hasSize(4);
            assertThat(mist.state().rows(Table.DEVICES).stream()
                            .filter(device ->
                                    device.string("type").orElseThrow().equals("ap")))
                    .hasSize(12);
            assertThat(mist.state().rows(Table.DEVICES).stream()
                            .filter(device ->
                                    device.string("type").orElseThrow().equals("switch")))
                    .hasSize(6);
            assertThat(mist.state().rows(Table.WIRELESS_CLIENTS).size()
                            + mist.state().rows(Table.WIRED_CLIENTS).size())
                    .isEqualTo(60);
            assertThat(mist.state().rows(Table.ALARMS)).hasSize(40);
        }
    }

    @Test
    void renamesEverythingThatCarriesAName() throws IOException {
        var words = Map.of("Berlin-HQ", "Madrid-1", "ber-sw-01", "mad-edge-7");
        try (var mist = SimulatedMist.start(SimSettings.fresh().renamed(words));
                var client = new Client(mist)) {
            assertThat(client.site("Madrid-1")).isNotBlank();
            assertThat(client.get(client.device("mad-edge-7")).status()).isEqualTo(200);
            assertThat(Json.text(mist.state().at("").orElseThrow())).doesNotContain("Berlin-HQ", "ber-sw-01");
        }
    }

    @Test
    void keepsItsIdsOverStarts() {
        try (var first = SimulatedMist.start(SimSettings.fresh());
                var second = SimulatedMist.start(SimSettings.fresh())) {
            assertThat(first.orgId()).isEqualTo(second.orgId());
            assertThat(first.state().rows(Table.ALARMS).getFirst().string("id"))
                    .isEqualTo(second.state().rows(Table.ALARMS).getFirst().string("id"));
        }
    }

    @Test
    void growsToManySites() throws IOException {
        try (var mist = SimulatedMist.start(SimSettings.fresh().withSeed("large:2000"));
                var client = new Client(mist)) {
            var page = client.get("/api/v1/orgs/ORG/sites?limit=1000&page=2");

            assertThat(page.array().size()).isEqualTo(1000);
            assertThat(page.headers()).containsEntry("X-Page-Total", "2000");
        }
    }

    @Test
    void takesASeedOfItsOwn(@TempDir Path folder) throws IOException {
        var seed = Files.writeString(folder.resolve("seed.json"), """
                {"org": [{"id": "{id:Tiny}", "name": "Tiny"}],
                 "sites": [{"id": "{id:One}", "org_id": "{id:Tiny}", "name": "One", "modified_time": "{ago:2h}"}]}
                """);
        try (var mist = SimulatedMist.start(SimSettings.fresh().withSeed(seed.toString()));
                var client = new Client(mist)) {
            assertThat(client.get("/api/v1/orgs/ORG/sites").array().objects())
                    .singleElement()
                    .satisfies(site -> assertThat(site.number("modified_time").orElseThrow())
                            .isLessThan(System.currentTimeMillis() / 1000.0 - 7000));
        }
    }

    @Test
    void refusesASeedThatIsNone(@TempDir Path folder) throws IOException {
        var seed = Files.writeString(folder.resolve("seed.json"), "{\"sites\": [{\"name\": \"no id\"}]}");

        assertThatThrownBy(() -> SimulatedMist.start(SimSettings.fresh().withSeed(seed.toString())))
                .isInstanceOf(UnusableSeed.class)
                .hasMessageContaining("sites");
    }
}
