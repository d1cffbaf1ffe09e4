package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists longer than a page, in a stable order, and the cursors between the pages.
final class MergedListsIT {
    private static final int MANY = 2 * GatewayService.PAGE + 7;

    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream().with(FakeUpstream.definition("get_port"));

    private RunningGate gate;

    @BeforeEach
    void open() throws InterruptedException {
        upstream.with("prompts", prompts(MANY));
        gate = new RunningGate(directory, "page", RunningGate.stranger(upstream, UpstreamSettings.Era.MODERN));
    }

    @AfterEach
    void close() {
        gate.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pagesGiveEachEntryOnceInOrder(boolean modern) {
        var caller = modern ? gate.modern("alice") : gate.legacy("alice").declaring();
        var names = new ArrayList<String>();
        Optional<String> cursor = Optional.of("");
        int pages = 0;
        while (cursor.isPresent()) {
            var page = page(caller, cursor.get());
            if (modern) {
                assertThat(page.string("cacheScope")).contains("private");
            }
            names(page).forEach(names::add);
            cursor = page.string("nextCursor");
            pages++;
        }

        assertThat(pages).isEqualTo(3);
        assertThat(names).hasSize(MANY).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void whatComesAndGoesBetweenPagesMovesNothingElse() throws InterruptedException {
        var caller = gate.modern("alice");
        var first = page(caller, "");
        upstream.with(
                "prompts",
                IntStream.range(0, MANY)
                        .filter(i -> i != GatewayService.PAGE - 1 && i != 3)
                        .mapToObj(MergedListsIT::prompt)
                        .toArray(JsonObject[]::new));
        gate.upstreams.refresh("net");

        var second = page(caller, first.string("nextCursor").orElseThrow());

        assertThat(names(second).getFirst())
                .isEqualTo(prompt(GatewayService.PAGE).string("name").orElseThrow());
    }

    @Test
    void aCursorOfAnotherCallerListOrMakeIsRefused() {
        var alice = gate.modern("alice");
        var cursor = page(alice, "").string("nextCursor").orElseThrow();
        var raw = Base64.getUrlDecoder().decode(cursor);
        raw[raw.length - 1] ^= 1;
        var tampered = Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
        raw[raw.length - 1] ^= 1;
        raw[0] ^= 1;
        var resigned = Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
        var bare = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("0000/prompt:p100".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        for (var bad : List.of(tampered, resigned, bare, "%%%", "AAAA", cursor + cursor, "x".repeat(9_000))) {
            assertRefused(alice.call("prompts/list", JsonObject.of("cursor", bad)));
        }
        assertRefused(gate.modern("bob").call("prompts/list", JsonObject.of("cursor", cursor)));
        assertRefused(alice.call("resources/list", JsonObject.of("cursor", cursor)));
        assertRefused(alice.call("tools/list", JsonObject.of("cursor", cursor)));
        assertRefused(new WireCaller(gate.uri().resolve("/mcp/net"), "alice", true)
                .call("prompts/list", JsonObject.of("cursor", cursor)));
        assertThat(names(page(alice, cursor))).hasSize(GatewayService.PAGE);
    }

    private static void assertRefused(JsonObject reply) {
        assertThat(Json.text(reply)).contains("-32602").doesNotContain("\"result\"");
    }

    private static JsonObject page(WireCaller caller, String cursor) {
        return caller.call("prompts/list", cursor.isEmpty() ? JsonObject.EMPTY : JsonObject.of("cursor", cursor))
                .object("result")
                .orElseThrow();
    }

    private static List<String> names(JsonObject page) {
        return page.array("prompts").orElseThrow().objects().stream()
                .map(prompt -> prompt.string("name").orElse(""))
                .toList();
    }

    private static JsonObject prompt(int i) {
        return JsonObject.of("name", "p%04d".formatted(i));
    }

    private static JsonObject[] prompts(int count) {
        // Listed backwards: the order is the gateway's.
        return IntStream.range(0, count).mapToObj(i -> prompt(count - 1 - i)).toArray(JsonObject[]::new);
    }
}
