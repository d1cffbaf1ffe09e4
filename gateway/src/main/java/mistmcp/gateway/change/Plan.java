package mistmcp.gateway.change;

import java.time.Instant;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// The exact change that a write would make, and where it stands. What callers see is [#toJson]; the rest is
/// kept inside.
///
/// @param id               `pl_` and 26 characters that cannot be guessed
/// @param state            where it stands
/// @param tool             the tool's name on the wire
/// @param upstream         the upstream that owns the tool
/// @param arguments        the arguments without `commit` and `confirmation`
/// @param argumentsDigest  the digest over their canonical form
/// @param principal        the key of who asked for it
/// @param preview          what the upstream showed: targets, requests, before, after, diff, hashes, impact,
///                         phrase, undo
/// @param definitionDigest the digest of the tool's definition when it was planned
/// @param policyHash       the policy under which it was planned
/// @param level            the weakest approval that suffices
/// @param createdAt        when it was planned
/// @param expiresAt        when it can no longer be approved or committed
/// @param approval         who approved it and how; absent before
/// @param history          `{at, state, by?, detail?}` for each state reached
/// @param result           how the commit ended; absent before
/// @param url              its page
public record Plan(
        String id,
        PlanState state,
        String tool,
        String upstream,
        JsonObject arguments,
        String argumentsDigest,
        String principal,
        JsonObject preview,
        String definitionDigest,
        String policyHash,
        Level level,
        Instant createdAt,
        Instant expiresAt,
        Optional<JsonObject> approval,
        JsonArray history,
        Optional<JsonObject> result,
        String url) {

    /// What a human types to approve.
    public String phrase() {
        return preview.string("phrase").orElse(id);
    }

    /// The plan as the public interface shows it: the preview's members and
    /// `{id, state, tool, arguments, createdAt, expiresAt, level, url, approval?, history, result?}`.
    public JsonObject toJson() {
        return JsonObject.of(
                        "id", id,
                        "state", state.text(),
                        "tool", tool,
                        "arguments", arguments,
                        "createdAt", createdAt,
                        "expiresAt", expiresAt,
                        "level", level.text(),
                        "url", url)
                .withAll(preview)
                .withPresent("approval", approval)
                .with("history", history)
                .withPresent("result", result);
    }

    /// The same for a reader with little room, such as a model: long lists are cut, and `cut` counts what is
    /// left out. The page of the plan shows all of it.
    public JsonObject brief() {
        return Brief.of(toJson());
    }
}
