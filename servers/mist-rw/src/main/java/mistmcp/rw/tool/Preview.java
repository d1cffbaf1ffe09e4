package mistmcp.rw.tool;

import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonDiff;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;
import mistmcp.rw.mist.MistWrite;

/// What a change would do, as the design's section 7 fixes it.
///
/// @param targets  the objects that it touches
/// @param write    the one request that would make it; empty when there is nothing to do
/// @param summary  what the request does, for people
/// @param before   the changed places as they are
/// @param after    the same places as they would be
/// @param basis    all that the change replaces or depends on: when it moves, the preview is stale
/// @param impact   who and what is touched, counted
/// @param warnings what a human should know before saying yes
/// @param undo     how to take it back
/// @param phrase   what a human types to approve
record Preview(
        List<Target> targets,
        Optional<MistWrite> write,
        String summary,
        JsonObject before,
        JsonObject after,
        JsonObject basis,
        JsonObject impact,
        List<String> warnings,
        Undo undo,
        String phrase) {

    /// How a change is taken back.
    sealed interface Undo {
        /// By another change.
        record By(String tool, JsonObject arguments) implements Undo {}

        /// Not at all.
        record Impossible(String reason) implements Undo {}

        /// As the public interface shows it.
        default JsonObject toJson() {
            return switch (this) {
                case By by -> JsonObject.of("tool", by.tool(), "arguments", by.arguments());
                case Impossible impossible -> JsonObject.of("impossible", impossible.reason());
            };
        }
    }

    Preview {
        targets = List.copyOf(targets);
        warnings = List.copyOf(warnings);
    }

    /// The differences between before and after.
    JsonArray diff() {
        return JsonArray.ofAll(JsonDiff.between(before, after).stream()
                .map(JsonDiff.Change::toJson)
                .toList());
    }

    /// Whether everything is already as asked.
    boolean alreadySo() {
        return diff().isEmpty();
    }

    /// The hash of what the change replaces and depends on.
    String beforeHash() {
        return Sha256.of(basis);
    }

    /// The digest of the change itself: targets, the request's method and path, and the differences.
    String changeDigest() {
        return Sha256.of(JsonObject.of("targets", targetsJson(), "requests", requests(), "diff", diff()));
    }

    /// The preview as the public interface shows it; with `alreadySo` and `code` when there is nothing to
    /// change.
    JsonObject toJson() {
        var summarised = requests().objects().stream()
                .map(request -> request.with("summary", summary))
                .toList();
        var shown = JsonObject.of("targets", targetsJson(), "requests", summarised)
                .with("before", before)
                .with("after", after)
                .with("diff", diff())
                .with("beforeHash", beforeHash())
                .with("changeDigest", changeDigest())
                .with("impact", impact)
                .with("warnings", JsonArray.ofAll(warnings))
                .with("reversible", undo instanceof Undo.By)
                .with("undo", undo.toJson())
                .with("phrase", phrase);
        return alreadySo() ? shown.with("alreadySo", true).with("code", "nothing_to_change") : shown;
    }

    private JsonArray requests() {
        return JsonArray.ofAll(write.stream()
                .map(request -> JsonObject.of("method", request.method(), "path", request.path()))
                .toList());
    }

    private JsonArray targetsJson() {
        return JsonArray.ofAll(targets.stream().map(Target::toJson).toList());
    }
}
