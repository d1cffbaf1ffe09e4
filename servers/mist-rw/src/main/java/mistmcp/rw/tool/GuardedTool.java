package mistmcp.rw.tool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonDiff;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mcp.server.Tool;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFailed;
import mistmcp.rw.mist.MistWrite;
import mistmcp.rw.mist.MistWriter;
import mistmcp.rw.mist.WriteReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A write tool as callers reach it. A dry run shows the plan. A commit plans anew, refuses as `stale` what
/// is no longer what was approved, sends one request, and reads back. One commit at a time for all tools: two
/// that change one map would undo each other, for Mist knows no If-Match.
final class GuardedTool implements Tool<Caller> {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedTool.class);
    private static final Duration TURN = Duration.ofSeconds(30);
    private static final List<Duration> READ_BACKS = List.of(
            Duration.ZERO,
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofSeconds(1));
    private static final int MOST_MISMATCHES = 20;

    /// Where text stands that strangers can write. Names of sites and devices are staff's words, and callers
    /// give them.
    private static final JsonObject UNTRUSTED = JsonObject.of(
            "mistmcp/untrusted",
            List.of(
                    "/before/*/*/description",
                    "/after/*/*/description",
                    "/diff/*/from/description",
                    "/diff/*/to/description",
                    "/impact/neighbour/name",
                    "/impact/neighbour/port"));

    private final WriteTool tool;
    private final MistApi api;
    private final MistWriter writer;
    private final ReentrantLock turn;
    private final ChangeLog log;

    GuardedTool(WriteTool tool, MistApi api, MistWriter writer, ReentrantLock turn, ChangeLog log) {
        this.tool = tool;
        this.api = api;
        this.writer = writer;
        this.turn = turn;
        this.log = log;
    }

    @Override
    public ToolDefinition definition() {
        return tool.definition();
    }

    @Override
    public ToolResult call(Caller caller, JsonObject arguments, Exchange exchange) throws InterruptedException {
        try {
            return switch (caller.mode()) {
                case Caller.Mode.DryRun _ -> shown(tool.plan(caller, arguments).preview());
                case Caller.Mode.Commit commit -> inTurn(caller, arguments, commit);
                case Caller.Mode.Read _ ->
                    failed("forbidden_mode", "this tool changes something: it runs as `dry_run` or `commit`");
            };
        } catch (Declined declined) {
            return failed(declined.code(), declined.reason(), declined.more());
        } catch (MistFailed failed) {
            return failed(failed.fault().code(), failed.fault().message());
        }
    }

    private static ToolResult shown(Preview preview) {
        var text = preview.alreadySo()
                ? "nothing to change: it is already so"
                : "plan, nothing is changed yet: " + preview.summary();
        return ToolResult.of(preview.toJson())
                .withText(text + "\n" + Json.text(preview.toJson()))
                .withMeta(UNTRUSTED);
    }

    private ToolResult inTurn(Caller caller, JsonObject arguments, Caller.Mode.Commit commit)
            throws InterruptedException {
        if (!turn.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
            return failed("busy", "other changes are being made; nothing was sent, try again");
        }
        try {
            return committed(caller, arguments, commit);
        } finally {
            turn.unlock();
        }
    }

    private ToolResult committed(Caller caller, JsonObject arguments, Caller.Mode.Commit commit)
            throws InterruptedException {
        var change = tool.plan(caller, arguments);
        var preview = change.preview();
        boolean sameBefore = preview.beforeHash().equals(commit.beforeHash());
        boolean sameChange = preview.changeDigest().equals(commit.changeDigest());
        if (!sameBefore || !sameChange) {
            return stale(preview, sameBefore, sameChange);
        }
        if (preview.alreadySo() || preview.write().isEmpty()) {
            return failed("nothing_to_change", "it is already so; nothing was sent");
        }
        var write = preview.write().get();
        var reply = writer.send(write);
        api.forget(kept(write));
        var ended = ended(change, reply);
        log.add(
                commit.planId(),
                record(caller, arguments, commit, preview, ended.shown()),
                preview.targets().stream()
                        .flatMap(target -> target.siteId().stream())
                        .collect(Collectors.toSet()));
        return ended.result();
    }

    /// How a send ended. An error is only what was never sent: everything else is a report on a write.
    private record Ended(JsonObject shown, String text) {
        ToolResult result() {
            var content = JsonObject.of("type", "text", "text", text + "\n" + Json.text(shown));
            return new ToolResult(shown, !shown.bool("sent").orElse(false), JsonObject.EMPTY, JsonArray.of(content));
        }
    }

    private Ended ended(Change change, WriteReply reply) {
        return switch (reply) {
            case WriteReply.Accepted accepted -> applied(change, accepted);
            case WriteReply.Rejected rejected ->
                new Ended(
                        report("rejected", true, Optional.of(rejected.status()))
                                .with("code", rejected.code())
                                .with(
                                        "message",
                                        rejected.detail().isEmpty()
                                                ? "Mist refused the change"
                                                : "Mist refused the change: " + rejected.detail()),
                        "rejected by Mist, nothing is changed");
            case WriteReply.NotSent notSent ->
                new Ended(
                        report("rejected", false, Optional.empty())
                                .with("code", notSent.code())
                                .with("message", notSent.message()),
                        "nothing was sent");
            case WriteReply.Unknown unknown ->
                new Ended(
                        report("unknown", true, unknown.status())
                                .with("code", "outcome_unknown")
                                .with("message", "Mist may or may not have made the change: " + unknown.message()),
                        "unknown whether the change was made: look before trying again");
        };
    }

    /// From here on the change is made: nothing that goes wrong while looking at it may hide that.
    private Ended applied(Change change, WriteReply.Accepted accepted) {
        var report = report("applied", true, Optional.of(accepted.status()));
        return switch (seen(change, accepted)) {
            case Seen.Unreadable _ ->
                new Ended(
                        report.with("code", "not_read_back")
                                .with("message", "the change was accepted, but could not be read back"),
                        "applied, but it could not be read back");
            case Seen.Mismatch(var mismatch)
            when !mismatch.isEmpty() ->
                new Ended(
                        report.with("code", "mismatch")
                                .with("message", "Mist holds something else than was sent")
                                .with("mismatch", mismatch),
                        "applied, but Mist holds something else");
            case Seen.Mismatch _ ->
                new Ended(
                        report.with("verified", true)
                                .with("after", change.preview().after()),
                        "applied, and read back as planned");
        };
    }

    /// What a look at Mist after the write showed.
    private sealed interface Seen {
        /// Where Mist holds something else; empty when it is as planned.
        record Mismatch(JsonArray places) implements Seen {}

        /// Nothing could be read.
        record Unreadable() implements Seen {}
    }

    private static Seen seen(Change change, WriteReply.Accepted accepted) {
        Seen seen = new Seen.Unreadable();
        for (var wait : READ_BACKS) {
            try {
                Thread.sleep(wait);
                var places = mismatch(change, accepted);
                seen = new Seen.Mismatch(places);
                if (places.isEmpty()) {
                    return seen;
                }
            } catch (MistFailed | Declined unreadable) {
                LOG.warn("the change could not be read back: {}", String.valueOf(unreadable.getMessage()));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return seen;
            }
        }
        return seen;
    }

    private static JsonArray mismatch(Change change, WriteReply.Accepted accepted) throws InterruptedException {
        var actual = change.readBack().read(accepted.body());
        return JsonArray.ofAll(JsonDiff.between(change.expected(), actual).stream()
                .limit(MOST_MISMATCHES)
                .map(moved -> JsonObject.of("path", moved.path())
                        .with("expected", moved.from())
                        .with("actual", moved.to()))
                .toList());
    }

    private static JsonObject report(String status, boolean sent, Optional<Integer> http) {
        return JsonObject.of("status", status, "sent", sent, "verified", false)
                .with("http", JsonObject.EMPTY.withPresent("status", http));
    }

    private static ToolResult stale(Preview now, boolean sameBefore, boolean sameChange) {
        var moved = new java.util.ArrayList<String>();
        if (!sameBefore) {
            moved.add("before");
        }
        if (!sameChange) {
            moved.add("change");
        }
        return failed(
                "stale",
                "what was approved is no longer what would be done; nothing was sent, make a new plan",
                JsonObject.of("moved", moved)
                        .with("before", now.before())
                        .with("diff", now.diff())
                        .with("beforeHash", now.beforeHash())
                        .with("changeDigest", now.changeDigest())
                        .with("alreadySo", now.alreadySo()));
    }

    private JsonObject record(
            Caller caller, JsonObject arguments, Caller.Mode.Commit commit, Preview preview, JsonObject outcome) {
        var shown = preview.toJson();
        return JsonObject.of(
                        "id", commit.planId(),
                        "at", api.clock().instant(),
                        "tool", definition().name(),
                        "principal", caller.principal(),
                        "arguments", arguments)
                .withPresent("targets", shown.get("targets"))
                .withPresent("requests", shown.get("requests"))
                .with("diff", preview.diff())
                .with("undo", preview.undo().toJson())
                .with("outcome", outcome);
    }

    /// What the reads may have kept of the object written.
    private static String kept(MistWrite write) {
        return switch (write) {
            case MistWrite.UpdateSwitch update -> update.path();
            case MistWrite.CreateSite create -> create.path();
            case MistWrite.MarkAlarms marked ->
                marked.path().substring(0, marked.path().lastIndexOf('/'));
        };
    }

    private static ToolResult failed(String code, String message) {
        return failed(code, message, JsonObject.EMPTY);
    }

    private static ToolResult failed(String code, String message, JsonObject more) {
        var failed = ToolResult.failed(code, message);
        return new ToolResult(
                JsonObject.of("code", code, "message", message, "sent", false).withAll(more),
                true,
                failed.meta(),
                failed.content());
    }
}
