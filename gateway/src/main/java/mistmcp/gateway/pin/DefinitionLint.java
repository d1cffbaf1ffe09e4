package mistmcp.gateway.pin;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Looks through a tool's definition for text that a model reads and a person does not see, and for text that
/// is too long to be read. What it finds is not cleaned: the tool is held back, since a cleaned definition
/// would not be the one that its server stands for.
final class DefinitionLint {
    private static final int MAX_TITLE = 200;
    private static final int MAX_TEXT = 8_000;
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_FAULTS = 20;
    private static final int MAX_MARKS = 4;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    /// Letters and symbols that are drawn as nothing.
    private static final Set<Integer> BLANKS =
            Set.of(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x180B, 0x180C, 0x180D, 0x180F);

    private DefinitionLint() {}

    /// What is wrong with a definition, one line each; nothing when it can be listed.
    static List<String> faults(JsonObject definition) {
        var faults = new LinkedHashSet<String>();
        if (Json.bytes(definition).length > MAX_BYTES) {
            faults.add("the definition is longer than " + MAX_BYTES + " bytes");
        }
        definition
                .string("title")
                .filter(title -> title.length() > MAX_TITLE)
                .ifPresent(_ -> faults.add("/title is longer than " + MAX_TITLE + " characters"));
        texts("", definition, (path, text) -> {
            if (text.length() > MAX_TEXT) {
                faults.add(path + " is longer than " + MAX_TEXT + " characters");
            }
            hidden(text).forEach(found -> faults.add(path + " has " + found));
        });
        return faults.stream().limit(MAX_FAULTS).toList();
    }

    /// The same value with each hidden character written as `<U+200B>`, to be shown to people.
    static JsonValue visible(JsonValue value) {
        return switch (value) {
            case JsonString text -> new JsonString(visible(text.value()));
            case JsonArray array ->
                JsonArray.ofAll(
                        array.values().stream().map(DefinitionLint::visible).toList());
            case JsonObject object -> {
                var shown = JsonObject.EMPTY;
                for (var member : object.members().entrySet()) {
                    shown = shown.with(visible(member.getKey()), visible(member.getValue()));
                }
                yield shown;
            }
            default -> value;
        };
    }

    private static String visible(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isHidden(point) && point != ZERO_WIDTH_JOINER) {
                shown.append("<U+%04X>".formatted(point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.toString();
    }

    private static void texts(String path, JsonValue value, BiConsumer<String, String> each) {
        switch (value) {
            case JsonString text -> each.accept(path, text.value());
            case JsonArray array -> {
                int index = 0;
                for (var entry : array.values()) {
                    texts(path + "/" + index++, entry, each);
                }
            }
            case JsonObject object ->
                object.members().forEach((name, member) -> {
                    var inner = path + "/" + visible(name);
                    each.accept(inner + " (the name)", name);
                    texts(inner, member, each);
                });
            default -> {
                // Numbers and literals hold no text.
            }
        }
    }

    private static List<String> hidden(String text) {
        var found = new ArrayList<String>();
        int[] points = text.codePoints().toArray();
        int marks = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            marks = Character.getType(point) == Character.NON_SPACING_MARK ? marks + 1 : 0;
            if (marks > MAX_MARKS) {
                found.add("a pile of combining marks");
                marks = 0;
            }
            if (isVariation(point)) {
                // One after a visible character picks its form; more of them carry data.
                if (i == 0 || isVariation(points[i - 1]) || isHidden(points[i - 1])) {
                    found.add(named(point));
                }
            } else if (isHidden(point) && !joinsEmoji(points, i)) {
                found.add(named(point));
            }
        }
        return found.stream().distinct().toList();
    }

    private static boolean isVariation(int point) {
        return point >= 0xFE00 && point <= 0xFE0F;
    }

    private static boolean joinsEmoji(int[] points, int at) {
        if (points[at] != ZERO_WIDTH_JOINER || at == 0 || at + 1 >= points.length) {
            return false;
        }
        int before = isVariation(points[at - 1]) && at > 1 ? points[at - 2] : points[at - 1];
        return (Character.isExtendedPictographic(before) || Character.isEmojiModifier(before))
                && Character.isExtendedPictographic(points[at + 1]);
    }

    private static boolean isHidden(int point) {
        if (point == '\n' || point == '\t' || point == '\r') {
            return false;
        }
        if (point >= 0xE0100 && point <= 0xE01EF) {
            return true;
        }
        return BLANKS.contains(point)
                || switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default -> false;
                };
    }

    private static String named(int point) {
        var kind = switch (Character.getType(point)) {
            case Character.CONTROL -> "a control character";
            case Character.FORMAT -> point >= 0xE0000 ? "a tag character" : "an invisible format character";
            default -> "an invisible character";
        };
        return kind + " U+%04X".formatted(point);
    }
}
