package mistmcp.gateway.model.planner;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// One argument of a tool, as its schema describes it.
///
/// @param entity what it names: `site`, `device`, `mac`, `port`, `text`, `duration`, ...; empty when nothing
///               says
/// @param names  the concepts in its name
/// @param about  the concepts in its title and description
record Property(
        String name,
        JsonObject schema,
        boolean required,
        Optional<String> entity,
        Set<String> names,
        Set<String> about) {
    private static final Pattern TEXT =
            Pattern.compile("(^|_)(q|query|search|text|filter|contains|find|term|keyword)(_|$)");
    private static final Pattern DURATION = Pattern.compile(
            "(^|_)(duration|since|period|window|lookback|timeframe|hours|days|minutes|range|last|within)(_|$)");
    private static final Pattern LIMIT = Pattern.compile("(^|_)(limit|max|top|size|max_results)(_|$)");
    private static final Pattern PAGING = Pattern.compile("(^|_)(cursor|page|offset|next)(_|$)");
    private static final Pattern GROUP = Pattern.compile("(^|_)(by|group|group_by|distinct|per|dimension)(_|$)");
    private static final Pattern LIKE = Pattern.compile("\\b(same|copy|copied|copies|like|clone)\\b");

    /// Copies the sets given.
    Property {
        names = Set.copyOf(names);
        about = Set.copyOf(about);
    }

    static Property of(String name, JsonObject schema, boolean required, Reader reader) {
        var names = concepts(reader, name);
        var about = concepts(
                reader,
                schema.string("title").orElse("") + " "
                        + schema.string("description").orElse(""));
        return new Property(name, schema, required, entity(name, schema, names), names, about);
    }

    /// What the person is told that it is.
    String description() {
        return schema.string("description").or(() -> schema.string("title")).orElse(name);
    }

    boolean array() {
        return type("array");
    }

    /// The schema of the value itself, or of the elements of a list.
    JsonObject element() {
        return array() ? schema.object("items").orElse(JsonObject.EMPTY) : schema;
    }

    boolean type(String type) {
        return schema.string("type").equals(Optional.of(type))
                || schema.array("type").orElse(JsonArray.EMPTY).strings().contains(type);
    }

    boolean text() {
        var element = element();
        return element.string("type").equals(Optional.of("string"))
                || element.array("type").orElse(JsonArray.EMPTY).strings().contains("string");
    }

    /// The values that the schema lists; empty when it lists none.
    List<String> options() {
        return element().array("enum").orElse(JsonArray.EMPTY).strings();
    }

    boolean is(String kind) {
        return entity.equals(Optional.of(kind));
    }

    /// Whether it says by what to group, rather than what to keep.
    boolean group() {
        return GROUP.matcher(name).find();
    }

    /// Whether it names something to be like.
    boolean like() {
        return LIKE.matcher((name.replace('_', ' ') + " " + description()).toLowerCase(Locale.ROOT))
                .find();
    }

    /// Whether it is a list of ids.
    boolean ids() {
        return array() && name.matches("(?i)(.*_)?ids?");
    }

    /// Whether only an id will do.
    boolean onlyId() {
        return element().string("format").equals(Optional.of("uuid"))
                || (name.endsWith("_id")
                        && !description().toLowerCase(Locale.ROOT).contains("name"));
    }

    /// Whether a text may stand here, as far as pattern and length say.
    boolean takes(String text) {
        var element = element();
        if (element.string("pattern").filter(pattern -> !matches(pattern, text)).isPresent()) {
            return false;
        }
        return text.length() <= element.integer("maxLength").orElse(Long.MAX_VALUE)
                && text.length() >= element.integer("minLength").orElse(0L);
    }

    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (java.util.regex.PatternSyntaxException foreign) {
            return true;
        }
    }

    private static Optional<String> entity(String name, JsonObject schema, Set<String> names) {
        var hint = schema.string("x-mist-entity")
                .or(() -> schema.object("items").flatMap(items -> items.string("x-mist-entity")));
        var plain = name.toLowerCase(Locale.ROOT);
        if (hint.isPresent()) {
            return hint;
        }
        if (PAGING.matcher(plain).find()) {
            return Optional.of("cursor");
        }
        if (TEXT.matcher(plain).find()) {
            return Optional.of("text");
        }
        if (LIMIT.matcher(plain).find()) {
            return Optional.of("limit");
        }
        if (DURATION.matcher(plain).find()) {
            return Optional.of("duration");
        }
        for (var kind : List.of(
                "mac", "ip", "port", "vlan", "client", "switch", "ap", "gateway", "device", "alarm", "plan", "site")) {
            if (names.contains(kind)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static Set<String> concepts(Reader reader, String text) {
        var concepts = new HashSet<String>();
        reader.terms(text).forEach(term -> concepts.add(term.concept()));
        return concepts;
    }
}
