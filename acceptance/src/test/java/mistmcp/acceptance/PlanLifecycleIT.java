package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// A change from ask to undo, by a person in a browser; what happened is looked up at the simulated Mist.
final class PlanLifecycleIT {
    private static final RunningStack STACK = RunningStack.shared();
    private static final String LYON = "00000000-0000-0000-1000-5c4527200101";
    private static final String PORTO = "00000000-0000-0000-1000-5c4527300101";

    private final String bearer = STACK.mint("petra", "ReadWrite");
    private final Browser petra = Browser.signedIn(STACK, "petra", "ReadWrite");

    @Test
    void aWrongPhraseApprovesNothing() {
        var plan = STACK.planPort(bearer, "lyo-sw-01", "ge-0/0/1", "iot");
        var before = STACK.writesSent();

        for (var phrase : List.of("lyo-sw-01 ge-0/0/2", "lyo-sw-01 ge-0/0/1 ", "LYO-SW-01 ge-0/0/1", "")) {
            var refused = petra.post(path(plan, "approve"), JsonObject.of("phrase", phrase));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("phrase_mismatch");
        }
        assertThat(petra.post(path(plan, "approve"), JsonObject.EMPTY).code()).isEqualTo("phrase_missing");
        assertThat(state(plan)).isEqualTo("planned");
        var committed = petra.post(path(plan, "commit"), JsonObject.EMPTY);
        assertThat(committed.status()).isEqualTo(409);
        assertThat(committed.code()).isEqualTo("approval_required");
        assertThat(state(plan)).isEqualTo("planned");
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void whatIsApprovedIsAppliedOnceAndVerifiedAndCanBeUndone() {
        var plan = STACK.planPort(bearer, "lyo-sw-01", "ge-0/0/5", "iot");
        int before = STACK.writesSent().size();

        assertThat(approve(plan).body().string("state")).contains("approved");
        assertThat(STACK.writesSent()).hasSize(before);

        var applied = petra.post(path(plan, "commit"), JsonObject.EMPTY);
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.body().string("state")).contains("verified");
        assertThat(applied.body().bool("replayed")).contains(false);
        assertThat(usage(LYON, "ge-0/0/5")).contains("iot");
        var sent = STACK.writesSent().subList(before, STACK.writesSent().size());
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().string("method")).contains("PUT");
        assertThat(sent.getFirst().string("path").orElse("")).endsWith("/devices/" + LYON);

        var again = petra.post(path(plan, "commit"), JsonObject.EMPTY);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().bool("replayed")).contains(true);
        var overMcp = STACK.call(
                bearer,
                "set_switch_port",
                plan.object("arguments").orElseThrow().with("commit", true).with("confirmation", id(plan)));
        assertThat(overMcp.text()).contains("\"replayed\":true");
        assertThat(STACK.writesSent()).hasSize(before + 1);

        var undo = petra.post(path(plan, "undo"), JsonObject.EMPTY).body();
        assertThat(undo.string("state")).contains("planned");
        assertThat(STACK.writesSent()).hasSize(before + 1);
        approve(undo);
        assertThat(petra.post(path(undo, "commit"), JsonObject.EMPTY).body().string("state"))
                .contains("verified");
        assertThat(usage(LYON, "ge-0/0/5")).contains("office");
        assertThat(STACK.writesSent()).hasSize(before + 2);
        assertThat(story(id(plan)))
                .containsSubsequence("plan.created", "plan.approved", "commit.intent", "commit.outcome");
    }

    @Test
    void aPortThatMovedBehindTheBackMakesThePlanStaleAndNothingIsSent() {
        var plan = STACK.planPort(bearer, "por-sw-01", "ge-0/0/44", "iot");
        approve(plan);
        var before = STACK.writesSent();
        STACK.drift(
                "/devices/" + PORTO,
                JsonObject.of("port_config", JsonObject.of("ge-0/0/44-45", JsonObject.of("usage", "camera"))));

        var refused = petra.post(path(plan, "commit"), JsonObject.EMPTY);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("stale");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(usage(PORTO, "ge-0/0/44-45")).contains("camera");
        assertThat(state(plan)).isEqualTo("stale");
    }

    @Test
    void withWritesOffAnApprovedPlanIsNotCommitted() {
        var plan = STACK.planPort(bearer, "por-sw-01", "ge-0/0/2", "iot");
        approve(plan);
        var before = STACK.writesSent();
        STACK.writes(false);
        try {
            var refused = petra.post(path(plan, "commit"), JsonObject.EMPTY);

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("writes_off");
            assertThat(STACK.writesSent()).isEqualTo(before);
        } finally {
            STACK.writes(true);
        }
        assertThat(petra.post(path(plan, "commit"), JsonObject.EMPTY).body().string("state"))
                .contains("verified");
        assertThat(STACK.writesSent()).hasSize(before.size() + 1);
    }

    @Test
    void aReadersBrowserApprovesAndCommitsNothing() {
        var plan = STACK.planPort(bearer, "lyo-sw-02", "ge-0/0/1", "iot");
        var before = STACK.writesSent();
        var reader = Browser.signedIn(STACK, "petra", "ReadOnly");

        var approval = reader.post(path(plan, "approve"), phrase(plan));
        assertThat(approval.status()).isEqualTo(403);
        assertThat(approval.code()).isEqualTo("approver_not_allowed");
        assertThat(state(plan)).isEqualTo("planned");

        approve(plan);
        var commit = reader.post(path(plan, "commit"), JsonObject.EMPTY);
        assertThat(commit.status()).isEqualTo(403);
        assertThat(commit.code()).isEqualTo("role_read_only");
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void nobodyElseSeesOrTouchesThePlan() {
        var plan = STACK.planPort(bearer, "lyo-sw-02", "ge-0/0/3", "iot");
        var before = STACK.writesSent();
        var other = Browser.signedIn(STACK, "oscar", "ReadWrite");

        assertThat(other.get("/plans/" + id(plan)).code()).isEqualTo("plan_not_found");
        assertThat(other.get("/plans").text()).doesNotContain(id(plan));
        assertThat(petra.get("/plans").text()).contains(id(plan));
        for (var act : List.of("approve", "commit", "discard", "undo")) {
            assertThat(other.post(path(plan, act), phrase(plan)).code()).isEqualTo("plan_not_found");
        }
        assertThat(state(plan)).isEqualTo("planned");
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    @Test
    void aPostFromNoPageOfOursIsRefused() {
        var plan = STACK.planPort(bearer, "lyo-sw-02", "ge-0/0/5", "iot");
        var before = STACK.writesSent();
        var path = path(plan, "approve");

        assertThat(petra.post(path, phrase(plan), Map.of("X-CSRF-Token", "")).code())
                .isEqualTo("csrf_missing");
        assertThat(petra.post(path, phrase(plan), Map.of("X-CSRF-Token", "A".repeat(43)))
                        .code())
                .isEqualTo("csrf_wrong");
        assertThat(petra.post(path, phrase(plan), Map.of("Origin", "")).code()).isEqualTo("origin_required");
        assertThat(petra.post(path, phrase(plan), Map.of("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(petra.post(path, phrase(plan), Map.of("Cookie", "__Host-mist=" + "A".repeat(43)))
                        .code())
                .isEqualTo("sign_in_required");
        assertThat(state(plan)).isEqualTo("planned");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(approve(plan).body().string("state")).contains("approved");
    }

    @Test
    void aDiscardedPlanIsNeverSent() {
        var plan = STACK.planPort(bearer, "lyo-sw-02", "ge-0/0/7", "iot");
        approve(plan);
        var before = STACK.writesSent();

        assertThat(petra.post(path(plan, "discard"), JsonObject.EMPTY).body().string("state"))
                .contains("discarded");

        assertThat(petra.post(path(plan, "commit"), JsonObject.EMPTY).code()).isEqualTo("plan_discarded");
        assertThat(STACK.writesSent()).isEqualTo(before);
    }

    private RawHttp.Reply approve(JsonObject plan) {
        var reply = petra.post(path(plan, "approve"), phrase(plan));
        assertThat(reply.status()).isEqualTo(200);
        return reply;
    }

    private List<String> story(String plan) {
        var reply = petra.get("/audit?q=" + plan);
        assertThat(reply.status()).isEqualTo(200);
        return reply.body().array("records").orElseThrow().objects().reversed().stream()
                .map(record -> record.string("event").orElse(""))
                .toList();
    }

    private String state(JsonObject plan) {
        return petra.get("/plans/" + id(plan)).body().string("state").orElse("");
    }

    private static Optional<String> usage(String device, String port) {
        return STACK.state("/devices/" + device + "/port_config") instanceof JsonObject ports
                ? ports.object(port).flatMap(entry -> entry.string("usage"))
                : Optional.empty();
    }

    private static JsonObject phrase(JsonObject plan) {
        return JsonObject.of("phrase", plan.string("phrase").orElseThrow());
    }

    private static String id(JsonObject plan) {
        return plan.string("id").orElseThrow();
    }

    private static String path(JsonObject plan, String act) {
        return "/plans/" + id(plan) + "/" + act;
    }
}
