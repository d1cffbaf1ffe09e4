package mistmcp.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mistmcp.gateway.upstream.UpstreamSettings.Era;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers hear of what their upstreams say, and what is kept from them. That nothing came is shown by a
/// marker: a change that is told later, and comes first.
final class SubscriptionsIT {
    private static final String NOTE = "test://net/note";
    private static final String MARKER = "test://net/marker";

    @TempDir
    private Path directory;

    private final FakeUpstream upstream = new FakeUpstream()
            .with(FakeUpstream.definition("get_port"))
            .with("resources", resource(NOTE), resource(MARKER))
            .with("resourceTemplates", JsonObject.of("uriTemplate", "test://many/{id}", "name", "many"));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(upstream));
    private final List<Thread> listening = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        listening.forEach(Thread::interrupt);
        for (var one : open.reversed()) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "true, LEGACY", "false, MODERN", "false, LEGACY"})
    void aCallerHearsOfTheResourceThatItSubscribedTo(boolean modern, Era era) throws Exception {
        var gate = gate(era);
        var caller = watching(caller(gate, "alice", modern), MARKER);
        held(upstream, MARKER);

        upstream.updated(NOTE);
        upstream.updated(MARKER);

        RunningGate.eventually(() -> !caller.updated().isEmpty());
        assertThat(caller.updated()).containsExactly(MARKER);
        assertThat(gate.records("call.decision").stream()
                        .filter(record -> record.object("detail")
                                .flatMap(detail -> detail.string("act"))
                                .filter("subscribe"::equals)
                                .isPresent())
                        .map(record -> record.string("tool").orElse("") + " "
                                + record.string("decision").orElse(""))
                        .toList())
                .containsExactly(MARKER + " allow");
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "true, LEGACY", "false, MODERN", "false, LEGACY"})
    void whoMayNotReadAResourceSubscribesToNothingAndHearsNothing(boolean modern, Era era) throws Exception {
        var gate = gate(era);
        var reader = watching(caller(gate, "reader", modern), NOTE);
        assertThat(upstream.held()).isEmpty();
        watching(caller(gate, "alice", true), NOTE);

        upstream.updated(NOTE);
        upstream.with("prompts", JsonObject.of("name", "greet"));
        upstream.announce("prompts");
        RunningGate.eventually(() -> gate.records("call.decision").stream().anyMatch(SubscriptionsIT::denied));
        marker(reader);

        assertThat(reader.updated()).isEmpty();
        assertThat(reader.toldMethods()).doesNotContain("notifications/prompts/list_changed");
        if (modern) {
            assertThat(acknowledged(reader).has("resourceSubscriptions")).isFalse();
        } else {
            assertThat(WireCaller.errorCode(reader.told.getFirst())
                            .orElseThrow()
                            .asLong())
                    .contains(-32602L);
            assertThat(Json.text(reader.told.getFirst())).contains("unknown resource");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "true, LEGACY", "false, MODERN", "false, LEGACY"})
    void whoseSitesAreLimitedHearsNothingOfAServerThatCannotFilter(boolean modern, Era era) throws Exception {
        var other = new FakeUpstream().with("resources", resource("test://other/own"));
        open.add(other);
        var gate = gate(RunningGate.unfiltered(upstream, era), RunningGate.stranger("other", other, Era.MODERN));
        gate.policy(RunningGate.policy("page", "net/*", "net/resource:*://*", "other/*", "other/resource:*://*"));
        var local = watching(caller(gate, "local", modern), NOTE, "test://other/own");
        assertThat(upstream.held()).isEmpty();
        held(other, "test://other/own");
        var alice = watching(caller(gate, "alice", true), NOTE);
        held(upstream, NOTE);

        upstream.updated(NOTE);
        upstream.with(FakeUpstream.definition("get_more"));
        upstream.announce("tools");
        RunningGate.eventually(() ->
                alice.updated().contains(NOTE) && alice.toldMethods().contains("notifications/tools/list_changed"));
        other.updated("test://other/own");

        RunningGate.eventually(() -> !local.updated().isEmpty());
        assertThat(local.updated()).containsExactly("test://other/own");
        assertThat(local.toldMethods()).doesNotContain("notifications/tools/list_changed");
        assertThat(gate.records("call.decision").stream()
                        .filter(SubscriptionsIT::denied)
                        .map(record -> record.string("tool").orElse("") + " "
                                + record.string("code").orElse("")))
                .containsExactly(NOTE + " all_sites_needed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatNobodyServesAnswersAsWhatIsHidden(boolean modern) throws Exception {
        var gate = gate(Era.MODERN);
        var reader = watching(caller(gate, "reader", modern), NOTE, "test://nowhere/at-all");

        if (modern) {
            assertThat(acknowledged(reader).has("resourceSubscriptions")).isFalse();
        } else {
            assertThat(reader.told.get(0).object("error"))
                    .isEqualTo(reader.told.get(1).object("error"))
                    .isPresent();
        }
        assertThat(upstream.held()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachChangeIsJudgedByThePolicyOfThatMoment(boolean modern) throws Exception {
        var gate = gate(Era.MODERN);
        var caller = watching(caller(gate, "alice", modern), NOTE, MARKER);
        held(upstream, NOTE, MARKER);

        gate.policy(RunningGate.policy("page", "net/get_*", "net/resource:" + MARKER));
        upstream.updated(NOTE);
        upstream.updated(MARKER);
        RunningGate.eventually(() -> !caller.updated().isEmpty());
        assertThat(caller.updated()).containsExactly(MARKER);

        gate.policy(RunningGate.policy("page", "net/*"));
        upstream.updated(NOTE);
        RunningGate.eventually(() -> caller.updated().size() == 2);
        assertThat(caller.updated()).containsExactly(MARKER, NOTE);
    }

    @Test
    void anUpstreamTellsOfItsOwnResourcesOnly() throws Exception {
        var other = new FakeUpstream().with("resources", resource(NOTE), resource("test://other/own"));
        open.add(other);
        var gate = gate(RunningGate.stranger(upstream, Era.MODERN), RunningGate.stranger("other", other, Era.MODERN));
        gate.policy(RunningGate.policy("page", "net/*", "other/*"));
        var merged = watching(gate.modern("alice"), NOTE, "test://other/own");
        var alone = watching(new WireCaller(URI.create(gate.uri() + "/other"), "bob", true), NOTE, "test://other/own");
        held(other, NOTE, "test://other/own");
        held(upstream, NOTE);

        // On the merged endpoint the note is the first upstream's.
        other.updated(NOTE);
        other.updated("test://other/own");
        RunningGate.eventually(() -> merged.updated().contains("test://other/own"));
        RunningGate.eventually(() -> alone.updated().contains("test://other/own"));
        assertThat(merged.updated()).containsExactly("test://other/own");
        assertThat(alone.updated()).containsExactly(NOTE, "test://other/own");

        upstream.updated(NOTE);
        RunningGate.eventually(() -> merged.updated().contains(NOTE));
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "true, LEGACY", "false, MODERN", "false, LEGACY"})
    void whatTheUpstreamDoesNotAgreeToIsNotHonoured(boolean modern, Era era) throws Exception {
        upstream.refusing(NOTE);
        var caller = watching(caller(gate(era), "alice", modern), NOTE, MARKER);

        if (modern) {
            assertThat(acknowledged(caller).array("resourceSubscriptions").map(JsonArray::strings))
                    .contains(List.of(MARKER));
        } else {
            assertThat(Json.text(caller.told.getFirst())).contains("updates_not_told");
            assertThat(caller.told.get(1).has("result")).isTrue();
        }
        // The listen request with both is there until the one without the note stands.
        held(upstream, MARKER);
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "true, LEGACY", "false, MODERN", "false, LEGACY"})
    void anUpstreamThatTellsNoUpdatesIsAskedForNone(boolean modern, Era era) throws Exception {
        upstream.tellingNoUpdates();
        var caller = watching(caller(gate(era), "alice", modern), NOTE);

        if (modern) {
            assertThat(acknowledged(caller).has("resourceSubscriptions")).isFalse();
        } else {
            assertThat(Json.text(caller.told.getFirst())).contains("updates_not_told");
        }
        assertThat(upstream.held()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MODERN", "LEGACY"})
    void aStreamThatWasCutIsOpenedAgainAndNothingIsLost(Era era) throws Exception {
        var gate = gate(era);
        var caller = watching(gate.modern("alice"), NOTE);
        held(upstream, NOTE);
        long before = lists();

        upstream.cut();
        upstream.updated(NOTE);

        // What changed in between is not known, so that it counts as changed.
        RunningGate.eventually(() -> caller.updated().contains(NOTE));
        RunningGate.eventually(() -> lists() > before);
        marker(caller);
        // Once for the cut and once for the marker, and what the poll of these seconds adds.
        assertThat(lists() - before).isBetween(2L, 4L);
        assertThat(upstream.held()).containsOnly(NOTE);
    }

    @ParameterizedTest
    @CsvSource({"true, MODERN", "false, LEGACY"})
    void aFloodFromAnUpstreamIsNoFloodForCallersNorForTheUpstream(boolean modern, Era era) throws Exception {
        var gate = gate(era);
        var caller = watching(caller(gate, "alice", modern), NOTE, MARKER);
        held(upstream, NOTE, MARKER);
        long before = lists();

        for (int i = 0; i < 3_000; i++) {
            upstream.with("prompts", JsonObject.of("name", "p" + i));
            upstream.announce("prompts");
            upstream.updated(NOTE);
        }
        upstream.updated(MARKER);

        RunningGate.eventually(() -> caller.updated().contains(MARKER));
        marker(caller);
        assertThat(caller.told.size()).isLessThan(100);
        assertThat(caller.updated()).contains(NOTE);
        assertThat(lists() - before).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamEndsWithTheTokenThatOpenedIt(boolean modern) throws Exception {
        var gate = gate(Era.MODERN);
        var caller = watching(caller(gate, "alice", modern), NOTE);
        var witness = watching(gate.modern("bob"), NOTE);
        held(upstream, NOTE);

        gate.expire("alice");
        upstream.updated(NOTE);

        RunningGate.eventually(() -> !listening.getFirst().isAlive());
        RunningGate.eventually(() -> witness.updated().contains(NOTE));
        assertThat(caller.updated()).isEmpty();
        assertThat(caller.toldMethods().contains("notifications/cancelled")).isEqualTo(modern);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatNobodyWatchesAnyMoreIsLetGoOfAtTheUpstream(boolean modern) throws Exception {
        var gate = gate(Era.MODERN);
        var caller = watching(caller(gate, "alice", modern), NOTE);
        held(upstream, NOTE);

        if (modern) {
            gate.expire("alice");
        } else {
            caller.call("resources/unsubscribe", JsonObject.of("uri", NOTE));
        }

        RunningGate.eventually(() -> upstream.held().isEmpty());
    }

    @Test
    void onePrincipalWatchesSoManyAndLeavesRoomForOthers() throws Exception {
        var gate = gate(Era.MODERN);
        var first = watching(gate.modern("alice"), many(0, 150));
        var second = watching(gate.modern("alice"), many(1_000, 1_150));
        var other = watching(gate.modern("bob"), many(1_000, 1_150));

        assertThat(honoured(first)).hasSize(150);
        assertThat(honoured(second)).hasSize(50);
        assertThat(honoured(other)).hasSize(150);

        var legacy = gate.legacy("alice").declaring();
        assertThat(Json.text(legacy.call("resources/subscribe", JsonObject.of("uri", NOTE))))
                .contains("too_many_subscriptions");
        assertThat(upstream.held()).doesNotContain(NOTE);
    }

    private static String[] many(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "test://many/" + i).toArray(String[]::new);
    }

    private static List<String> honoured(WireCaller caller) {
        return acknowledged(caller)
                .array("resourceSubscriptions")
                .orElse(JsonArray.EMPTY)
                .strings();
    }

    private RunningGate gate(Era era) throws InterruptedException {
        return gate(RunningGate.stranger(upstream, era));
    }

    private RunningGate gate(mistmcp.gateway.upstream.UpstreamSettings.Configured... configured)
            throws InterruptedException {
        var gate = new RunningGate(directory, "page", configured);
        open.add(gate);
        // Once it is listened to, its lists are fetched a second time.
        RunningGate.eventually(() -> lists() >= 2);
        return gate;
    }

    /// Waits until just these are subscribed to, each once: a caller's stream is open before, when the upstream
    /// takes its time, and for a moment the subscription that is replaced stands beside the new one.
    private static void held(FakeUpstream upstream, String... uris) throws InterruptedException {
        var sorted = Stream.of(uris).sorted().toList();
        RunningGate.eventually(() -> upstream.held().stream().sorted().toList().equals(sorted));
    }

    private static WireCaller caller(RunningGate gate, String name, boolean modern) {
        return modern ? gate.modern(name) : gate.legacy(name).declaring();
    }

    private WireCaller watching(WireCaller caller, String... uris) throws InterruptedException {
        listening.add(caller.watching(uris));
        return caller;
    }

    /// A tool comes, of which every caller hears.
    private void marker(WireCaller caller) throws InterruptedException {
        upstream.with(FakeUpstream.definition("get_marker"));
        upstream.announce("tools");
        RunningGate.eventually(() -> caller.toldMethods().contains("notifications/tools/list_changed"));
    }

    private long lists() {
        return upstream.methods().stream().filter("tools/list"::equals).count();
    }

    private static boolean denied(JsonObject record) {
        return record.string("decision").filter("deny"::equals).isPresent()
                && record.object("detail").isPresent();
    }

    private static JsonObject acknowledged(WireCaller caller) {
        var first = caller.told.getFirst();
        assertThat(first.string("method")).contains("notifications/subscriptions/acknowledged");
        return first.object("params")
                .flatMap(params -> params.object("notifications"))
                .orElseThrow();
    }

    private static JsonObject resource(String uri) {
        return JsonObject.of("uri", uri, "name", uri.replaceAll(".*/", ""));
    }
}
