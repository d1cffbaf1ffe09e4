package mistmcp.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The difference of two JSON values as add, remove and replace with RFC 6901 paths. Objects are compared
/// member by member; arrays and scalars are replaced whole, since an index is no identity.
public final class JsonDiff {
    private JsonDiff() {}

    /// One changed place. `from` is absent on an add, `to` on a remove.
    public record Change(String op, String path, Optional<JsonValue> from, Optional<JsonValue> to) {
        /// The change as the public interface shows it: `{op, path, from?, to?}`.
        public JsonObject toJson() {
            return JsonObject.of("op", op, "path", path)
                    .withPresent("from", from)
                    .withPresent("to", to);
        }
    }

    /// The changes that turn `before` into `after`, in the order of the members; empty when nothing changes.
    /// Numbers of equal value but other text count as equal when their canonical form is.
    public static List<Change> between(JsonValue before, JsonValue after) {
        var changes = new ArrayList<Change>();
        compare(JsonPointer.ROOT, before, after, changes);
        return List.copyOf(changes);
    }

    private static void compare(JsonPointer at, JsonValue before, JsonValue after, List<Change> changes) {
        if (before instanceof JsonObject left && after instanceof JsonObject right) {
            left.members().forEach((name, value) -> {
                var path = at.child(name);
                right.get(name)
                        .ifPresentOrElse(
                                other -> compare(path, value, other, changes),
                                () -> changes.add(
                                        new Change("remove", path.toString(), Optional.of(value), Optional.empty())));
            });
            right.members().forEach((name, value) -> {
                if (!left.has(name)) {
                    changes.add(new Change("add", at.child(name).toString(), Optional.empty(), Optional.of(value)));
                }
            });
        } else if (!same(before, after)) {
            changes.add(new Change("replace", at.toString(), Optional.of(before), Optional.of(after)));
        }
    }

    private static boolean same(JsonValue left, JsonValue right) {
        if (left.equals(right)) {
            return true;
        }
        try {
            return java.util.Arrays.equals(CanonicalJson.bytes(left), CanonicalJson.bytes(right));
        } catch (InvalidJson inexact) {
            return false;
        }
    }
}
