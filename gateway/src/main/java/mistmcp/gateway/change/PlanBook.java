package mistmcp.gateway.change;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.gateway.store.PlanRows;
import mistmcp.gateway.store.PlanRows.PlanRow;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// The plans, kept in the database: plans in, plans out, each step in its history. A plan whose time has
/// passed reads as expired. Safe for several threads.
final class PlanBook {
    static final int MAX_OPEN = 20;

    private static final List<String> OPEN = List.of(PlanState.PLANNED.text(), PlanState.APPROVED.text());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private final PlanRows rows;
    private final InstantSource clock;

    PlanBook(PlanRows rows, InstantSource clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /// A plan and the row that it was read from.
    record Entry(Plan plan, PlanRow row) {
        /// The change that the plan stands for, with the arguments as they came.
        String argumentsText() {
            return row.body().string("argumentsText").orElse("{}");
        }

        RawJson arguments() {
            return RawJson.of(argumentsText().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        /// Who asked, as it was then: role and sites are judged anew at commit.
        JsonObject asker() {
            return row.body().object("asker").orElse(JsonObject.EMPTY);
        }
    }

    static String newId() {
        var id = new StringBuilder("pl_");
        for (int i = 0; i < 26; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    boolean add(Plan plan, RawJson arguments, JsonObject asker) {
        var body = body(plan).with("argumentsText", arguments.toString()).with("asker", asker);
        var row = new PlanRow(
                plan.id(), 0, plan.state().text(), plan.principal(), plan.createdAt(), plan.expiresAt(), body);
        return rows.insert(row, OPEN, MAX_OPEN, clock.instant());
    }

    Optional<Entry> find(String id) {
        return rows.find(id).map(this::entry);
    }

    List<Plan> ofPrincipal(String principal, int limit) {
        return rows.ofPrincipal(principal, limit).stream()
                .map(row -> entry(row).plan())
                .toList();
    }

    List<Plan> newest(int limit) {
        return rows.newest(limit).stream().map(row -> entry(row).plan()).toList();
    }

    List<Entry> inState(PlanState state) {
        return rows.inState(state.text()).stream().map(this::entry).toList();
    }

    /// Moves a plan on, unless somebody else did first: then nothing is answered. `before` runs inside the
    /// transaction.
    Optional<Entry> move(
            Entry entry,
            PlanState to,
            JsonObject step,
            Optional<JsonObject> approval,
            Optional<JsonObject> result,
            Runnable before) {
        var history = new java.util.ArrayList<>(entry.plan().history().values());
        history.add(JsonObject.of("at", clock.instant(), "state", to.text()).withAll(step));
        var body = entry.row()
                .body()
                .with("history", new JsonArray(history))
                .withPresent("approval", approval)
                .withPresent("result", result);
        return rows.replace(entry.row(), to.text(), body, before)
                ? find(entry.plan().id())
                : Optional.empty();
    }

    private Entry entry(PlanRow row) {
        var body = row.body();
        var stored = PlanState.valueOf(row.state().toUpperCase(Locale.ROOT));
        boolean late = stored.open() && !clock.instant().isBefore(row.expiresAt());
        return new Entry(
                new Plan(
                        row.id(),
                        late ? PlanState.EXPIRED : stored,
                        body.string("tool").orElseThrow(),
                        body.string("upstream").orElseThrow(),
                        body.object("arguments").orElseThrow(),
                        body.string("argumentsDigest").orElseThrow(),
                        row.principal(),
                        body.object("preview").orElseThrow(),
                        body.string("definitionDigest").orElseThrow(),
                        body.string("policyHash").orElseThrow(),
                        Level.of(body.string("level").orElseThrow()).orElseThrow(),
                        row.createdAt(),
                        row.expiresAt(),
                        body.object("approval"),
                        body.array("history").orElse(JsonArray.EMPTY),
                        body.object("result"),
                        body.string("url").orElse("")),
                row);
    }

    private static JsonObject body(Plan plan) {
        return JsonObject.of(
                "tool", plan.tool(),
                "upstream", plan.upstream(),
                "arguments", plan.arguments(),
                "argumentsDigest", plan.argumentsDigest(),
                "preview", plan.preview(),
                "definitionDigest", plan.definitionDigest(),
                "policyHash", plan.policyHash(),
                "level", plan.level().text(),
                "history", plan.history(),
                "url", plan.url());
    }
}
