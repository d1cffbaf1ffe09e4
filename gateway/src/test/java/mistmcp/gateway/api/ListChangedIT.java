package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What listening callers hear when an upstream's lists are not what they were.
final class ListChangedIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerHearsOfTheListThatChanged(boolean modern) throws InterruptedException {
        try (var upstream = new FakeUpstream().with(FakeUpstream.definition("get_port"));
                var gate = new RunningGate(
                        directory, "page", RunningGate.stranger(upstream, UpstreamSettings.Era.MODERN))) {
            var caller = modern ? gate.modern("alice") : gate.legacy("alice").declaring();
            var listening = caller.listen(JsonObject.of("toolsListChanged", true, "promptsListChanged", true));
            // The stream is open at some time after the call: until then a change is told to nobody.
            for (int i = 0; i < 200 && !heard(caller); i++) {
                upstream.with("prompts", JsonObject.of("name", "greet" + i));
                assertThat(gate.upstreams.refresh("net")).isEmpty();
                Thread.sleep(50);
            }

            assertThat(heard(caller)).isTrue();
            assertThat(caller.toldMethods()).doesNotContain("notifications/tools/list_changed");
            listening.interrupt();
        }
    }

    private static boolean heard(WireCaller caller) {
        return caller.toldMethods().contains("notifications/prompts/list_changed");
    }
}
