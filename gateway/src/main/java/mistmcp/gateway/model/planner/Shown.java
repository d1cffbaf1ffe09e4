package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Writes results for people: a list as a table, all else as facts. What a result says is data: it stands in
/// a code block, where nothing is Markdown, and is never read for meaning.
final class Shown {
    private static final int MAX_ROWS = 20;
    private static final int MAX_COLUMNS = 8;
    private static final int MAX_CELL = 40;
    private static final int MAX_FACTS = 30;
    private static final int FEW = 4;
    private static final Set<String> PAGING =
            Set.of("total", "shown", "limit", "cursor", "nextCursor", "next", "more", "truncated");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F-]{36}|[0-9a-fA-F]{32}");

    private Shown() {}

    /// A result's main list or its facts.
    static String result(JsonObject content) {
        return result(content, "");
    }

    /// The same; columns that a message names are among those shown.
    static String result(JsonObject content, String message) {
        var list = list(content);
        if (list.isPresent()) {
            var total = content.integer("total").orElse((long) list.get().size());
            var rows = list.get().isEmpty() ? "Nothing matches." : table(list.get(), total, message);
            var beside = beside(content);
            return beside.size() > FEW
                    ? facts(beside) + "\n\n" + rows
                    : rows
                            + String.join(
                                    "",
                                    beside.entrySet().stream()
                                            .map(fact -> " " + name(fact.getKey() + ": " + fact.getValue()))
                                            .toList());
        }
        var text = content.string("text");
        if (text.isPresent() && content.size() == 1) {
            return block(text.get().lines().limit(60).map(Shown::plain).toList());
        }
        return facts(content);
    }

    /// What a result says beside its list, how it is paged left out.
    private static Map<String, String> beside(JsonObject content) {
        var facts = new LinkedHashMap<String, String>();
        content.members().forEach((name, value) -> {
            if (!PAGING.contains(name) && !(value instanceof JsonArray)) {
                flatten("", JsonObject.of(name, value), facts, 1);
            }
        });
        return facts;
    }

    /// How many entries the main list has in all; empty when there is no list.
    static Optional<Long> total(JsonObject content) {
        return list(content).map(rows -> content.integer("total").orElse((long) rows.size()));
    }

    /// The main list of a result: the first that holds objects only.
    static Optional<List<JsonObject>> list(JsonObject content) {
        Optional<List<JsonObject>> empty = Optional.empty();
        for (var value : content.members().values()) {
            if (value instanceof JsonArray array) {
                if (!array.isEmpty() && array.objects().size() == array.size()) {
                    return Optional.of(array.objects());
                }
                if (array.isEmpty() && empty.isEmpty()) {
                    empty = Optional.of(List.of());
                }
            }
        }
        return content.has("shown") || content.has("total") || content.size() == 1 ? empty : Optional.empty();
    }

    /// A name from a result or a message, on one line and without what Markdown reads.
    static String name(String text) {
        return "`" + plain(text) + "`";
    }

    /// Text on one line, without control and direction characters, backticks turned.
    static String plain(String text) {
        var out = new StringBuilder();
        text.codePoints().limit(500).forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.PRIVATE_USE,
                        Character.UNASSIGNED -> out.append(' ');
                default -> out.appendCodePoint(point == '`' ? '\'' : point);
            }
        });
        return out.toString().strip();
    }

    private static String table(List<JsonObject> rows, long total, String message) {
        var shown = rows.stream().limit(MAX_ROWS).toList();
        var columns = columns(shown, stems(message));
        var lines = new ArrayList<List<String>>();
        lines.add(columns);
        for (var row : shown) {
            lines.add(columns.stream()
                    .map(column -> row.get(column).map(Shown::cell).orElse(""))
                    .toList());
        }
        var widths = new int[columns.size()];
        for (var line : lines) {
            for (int at = 0; at < widths.length; at++) {
                widths[at] = Math.max(widths[at], line.get(at).length());
            }
        }
        var text = new ArrayList<String>();
        for (var line : lines) {
            var out = new StringBuilder();
            for (int at = 0; at < widths.length; at++) {
                out.append(line.get(at))
                        .append(" ".repeat(widths[at] - line.get(at).length() + 2));
            }
            text.add(out.toString().stripTrailing());
            if (text.size() == 1) {
                text.add("-".repeat(Math.max(3, out.toString().stripTrailing().length())));
            }
        }
        var count =
                shown.size() == total ? total + (total == 1 ? " entry" : " entries") : shown.size() + " of " + total;
        return block(text) + "\n" + count + ".";
    }

    private static Set<String> stems(String message) {
        return Arrays.stream(message.toLowerCase(Locale.ROOT).split("[^\\p{L}]+"))
                .filter(word -> word.length() > 2)
                .map(Lexicon::stem)
                .collect(Collectors.toSet());
    }

    private static boolean named(String column, Set<String> stems) {
        return Arrays.stream(column.split("(?=[A-Z])|_"))
                .map(part -> Lexicon.stem(part.toLowerCase(Locale.ROOT)))
                .anyMatch(stems::contains);
    }

    private static List<String> columns(List<JsonObject> rows, Set<String> stems) {
        var names = new LinkedHashSet<String>();
        rows.forEach(row -> row.members().forEach((name, value) -> {
            if (scalar(value) || value instanceof JsonArray) {
                names.add(name);
            }
        }));
        var telling = names.stream()
                .filter(name -> rows.stream()
                        .map(row -> row.get(name).map(Shown::cell).orElse(""))
                        .anyMatch(cell -> !cell.isEmpty() && !UUID.matcher(cell).matches()))
                .toList();
        if (telling.isEmpty()) {
            return List.copyOf(names).subList(0, Math.min(1, names.size()));
        }
        var kept = Stream.concat(telling.stream().filter(name -> named(name, stems)), telling.stream())
                .distinct()
                .limit(MAX_COLUMNS)
                .collect(Collectors.toSet());
        return telling.stream().filter(kept::contains).toList();
    }

    private static String facts(JsonObject content) {
        var facts = new LinkedHashMap<String, String>();
        flatten("", content, facts, 0);
        return facts.isEmpty() ? "The answer is empty." : facts(facts);
    }

    private static String facts(Map<String, String> facts) {
        int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
        var lines = new ArrayList<String>();
        facts.entrySet().stream()
                .limit(MAX_FACTS)
                .forEach(fact -> lines.add(
                        fact.getKey() + " ".repeat(width - fact.getKey().length() + 2) + fact.getValue()));
        var text = block(lines);
        return facts.size() > MAX_FACTS ? text + "\n" + MAX_FACTS + " of " + facts.size() + " facts." : text;
    }

    private static void flatten(String prefix, JsonObject content, Map<String, String> facts, int depth) {
        content.members().forEach((name, value) -> {
            var key = plain(prefix.isEmpty() ? name : prefix + "." + name);
            switch (value) {
                case JsonObject object when depth < 3 -> flatten(key, object, facts, depth + 1);
                case JsonArray array
                when !array.isEmpty() && array.objects().size() == array.size() -> {
                    for (int at = 0; at < Math.min(10, array.size()); at++) {
                        facts.put(key + "[" + at + "]", row(array.objects().get(at)));
                    }
                }
                case JsonObject _ -> {}
                case JsonNull _ -> {}
                default -> {
                    var cell = cell(value);
                    if (!cell.isEmpty()) {
                        facts.put(key, cell);
                    }
                }
            }
        });
    }

    private static String row(JsonObject row) {
        var parts = new ArrayList<String>();
        row.members().forEach((name, value) -> {
            if (scalar(value)) {
                parts.add(plain(name) + "=" + cell(value));
            }
        });
        return String.join(", ", parts);
    }

    private static boolean scalar(JsonValue value) {
        return value instanceof JsonString || value instanceof JsonNumber || value instanceof JsonBoolean;
    }

    private static String cell(JsonValue value) {
        var text = switch (value) {
            case JsonString string -> plain(string.value());
            case JsonNumber number -> number.text();
            case JsonBoolean bool -> bool.value() ? "yes" : "no";
            case JsonNull _ -> "";
            case JsonObject object -> object.isEmpty() ? "" : "{" + object.size() + "}";
            case JsonArray array ->
                array.stream().allMatch(Shown::scalar)
                        ? String.join(
                                ", ", array.stream().limit(5).map(Shown::cell).toList())
                        : "[" + array.size() + "]";
        };
        return text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL - 1) + "…";
    }

    private static String block(List<String> lines) {
        return "```\n" + String.join("\n", lines) + "\n```";
    }
}
