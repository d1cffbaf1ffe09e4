package mistmcp.gateway.change;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonDiff;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;

/// Checks what an upstream shows as the effect of a change, and makes the stand-in for upstreams that show
/// none.
public final class Preview {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int MAX_PHRASE = 200;

    private Preview() {}

    /// What is wrong with a preview; nothing when it can be planned on.
    public static Optional<String> fault(JsonObject preview) {
        for (var member : List.of("targets", "requests", "diff")) {
            if (preview.array(member).isEmpty()) {
                return Optional.of("the preview has no list `" + member + "`");
            }
        }
        for (var member : List.of("beforeHash", "changeDigest")) {
            if (preview.string(member)
                    .filter(text -> DIGEST.matcher(text).matches())
                    .isEmpty()) {
                return Optional.of("the preview has no digest `" + member + "`");
            }
        }
        var phrase = preview.string("phrase").orElse("");
        return phrase.isBlank() || phrase.length() > MAX_PHRASE
                ? Optional.of("the preview has no usable `phrase`")
                : Optional.empty();
    }

    /// The preview of a write whose upstream cannot show its effect: the arguments are all that is known.
    public static JsonObject ofArguments(String tool, String upstream, JsonObject arguments) {
        var diff = JsonArray.ofAll(JsonDiff.between(JsonObject.EMPTY, arguments).stream()
                .map(JsonDiff.Change::toJson)
                .toList());
        return JsonObject.of(
                "targets",
                JsonArray.of(JsonObject.of("kind", "tool", "id", upstream + "/" + tool, "name", tool)),
                "requests",
                JsonArray.of(JsonObject.of(
                        "method", "tools/call",
                        "path", upstream + "/" + tool,
                        "summary", "call the tool with these arguments")),
                "before",
                JsonObject.EMPTY,
                "after",
                arguments,
                "diff",
                diff,
                "beforeHash",
                Sha256.of(JsonObject.EMPTY),
                "changeDigest",
                Sha256.of(JsonObject.of("tool", upstream + "/" + tool, "arguments", arguments)),
                "impact",
                JsonArray.EMPTY,
                "warnings",
                JsonArray.of("this server shows no preview: what the call will change is not known, only its"
                        + " arguments are"),
                "reversible",
                false,
                "undo",
                JsonObject.of("impossible", "this server shows no preview, so its effect cannot be undone here"),
                "phrase",
                tool);
    }

    /// Whether the network is already as the change wants it.
    static boolean alreadySo(JsonObject preview) {
        return preview.bool("alreadySo").orElse(false);
    }

    /// Whether two previews are of the same change on the same state.
    static boolean same(JsonObject planned, JsonObject now) {
        return planned.string("beforeHash").equals(now.string("beforeHash"))
                && planned.string("changeDigest").equals(now.string("changeDigest"));
    }

    /// What moved between two previews, for people: the differences of what each found before the change.
    static JsonArray moved(JsonObject planned, JsonObject now) {
        var before = planned.object("before").orElse(JsonObject.EMPTY);
        var today = now.object("before").orElse(JsonObject.EMPTY);
        return JsonArray.ofAll(JsonDiff.between(before, today).stream()
                .limit(50)
                .map(JsonDiff.Change::toJson)
                .toList());
    }

    /// The ids of what a change touches, in order: what is locked while it is sent.
    static List<String> targets(JsonObject preview) {
        return preview.array("targets").orElse(JsonArray.EMPTY).objects().stream()
                .map(target -> target.string("kind").orElse("") + ":"
                        + target.string("id").orElse(""))
                .sorted()
                .distinct()
                .toList();
    }
}
