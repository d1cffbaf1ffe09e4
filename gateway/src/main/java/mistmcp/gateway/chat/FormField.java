package mistmcp.gateway.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// One field of a form.
///
/// @param shown   its schema as a page shows it
/// @param checked its schema as an answer is held against it
/// @param format  the format of a text, when it has one
record FormField(JsonObject shown, JsonObject checked, Optional<String> format) {
    private static final int MOST_TITLE = 200;
    private static final int MOST_HELP = 1_000;
    private static final int MOST_CHOICES = 200;
    private static final int MOST_VALUE = 500;
    private static final Set<String> WORDS = Set.of("type", "title", "description", "default");
    private static final Set<String> TEXT = Set.of("minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER = Set.of("minimum", "maximum");
    private static final Set<String> ONE = Set.of("enum", "enumNames", "oneOf");
    private static final Set<String> SEVERAL = Set.of("items", "minItems", "maxItems");
    private static final Set<String> FORMATS = Set.of("email", "uri", "date", "date-time");

    /// Reads a field.
    ///
    /// @throws Unusable when it goes beyond what MCP allows, or beyond what a person can be shown
    static FormField read(String name, JsonValue value) throws Unusable {
        if (!(value instanceof JsonObject schema)) {
            throw new Unusable(field(name) + " has no schema");
        }
        return switch (schema.string("type").orElse("")) {
            case "string" -> schema.has("enum") || schema.has("oneOf") ? one(name, schema) : text(name, schema);
            case "number", "integer" -> number(name, schema);
            case "boolean" -> flag(name, schema);
            case "array" -> several(name, schema);
            default -> throw new Unusable(field(name) + " is neither a text, a number, yes or no, nor a choice");
        };
    }

    private static FormField text(String name, JsonObject schema) throws Unusable {
        only(name, schema, TEXT);
        var format = schema.string("format");
        if (schema.has("format") && !format.filter(FORMATS::contains).isPresent()) {
            throw new Unusable(field(name) + " has a format that forms cannot have");
        }
        if (schema.has("pattern")
                && !schema.string("pattern").filter(FormField::pattern).isPresent()) {
            throw new Unusable(field(name) + " has a pattern that cannot be used");
        }
        whole(name, schema, "minLength", "maxLength");
        var fallback = fallback(name, schema, schema.get("default").orElse(null) instanceof JsonString);
        var rules = rules(schema, TEXT).without("format");
        return new FormField(
                shown(schema, fallback).withAll(rules).withPresent("format", format),
                JsonObject.of("type", "string").withAll(rules),
                format);
    }

    private static boolean pattern(String text) {
        try {
            return text.length() <= MOST_VALUE
                    && Pattern.compile(text).pattern().equals(text);
        } catch (PatternSyntaxException unusable) {
            return false;
        }
    }

    private static FormField number(String name, JsonObject schema) throws Unusable {
        only(name, schema, NUMBER);
        for (var bound : NUMBER) {
            if (schema.has(bound) && !(schema.get(bound).orElse(null) instanceof JsonNumber)) {
                throw new Unusable(field(name) + " has a `" + bound + "` that is no number");
            }
        }
        var fallback = fallback(name, schema, schema.get("default").orElse(null) instanceof JsonNumber);
        var rules = rules(schema, NUMBER);
        return new FormField(
                shown(schema, fallback).withAll(rules),
                JsonObject.of("type", schema.string("type").orElse("number")).withAll(rules),
                Optional.empty());
    }

    private static FormField flag(String name, JsonObject schema) throws Unusable {
        only(name, schema, Set.of());
        var fallback = fallback(name, schema, schema.get("default").orElse(null) instanceof JsonBoolean);
        return new FormField(shown(schema, fallback), JsonObject.of("type", "boolean"), Optional.empty());
    }

    private static FormField one(String name, JsonObject schema) throws Unusable {
        only(name, schema, ONE);
        var choices = choices(name, schema, "oneOf", schema.array("enumNames").orElse(JsonArray.EMPTY));
        var values = values(choices);
        boolean known = schema.string("default").filter(values::contains).isPresent();
        return new FormField(
                shown(schema, fallback(name, schema, known)).with("oneOf", choices),
                JsonObject.of("type", "string", "enum", JsonArray.ofAll(values)),
                Optional.empty());
    }

    private static FormField several(String name, JsonObject schema) throws Unusable {
        only(name, schema, SEVERAL);
        whole(name, schema, "minItems", "maxItems");
        var items = schema.object("items").orElse(JsonObject.EMPTY);
        for (var member : items.names()) {
            if (!Set.of("type", "enum", "anyOf").contains(member)) {
                throw beyond(name, member);
            }
        }
        var choices = choices(name, items, "anyOf", JsonArray.EMPTY);
        var values = values(choices);
        var chosen = schema.array("default");
        boolean known = chosen.filter(
                        array -> array.strings().size() == array.size() && values.containsAll(array.strings()))
                .isPresent();
        var rules = rules(schema, Set.of("minItems", "maxItems"));
        return new FormField(
                shown(schema, fallback(name, schema, known))
                        .withAll(rules)
                        .with("items", JsonObject.of("anyOf", choices)),
                JsonObject.of("type", "array")
                        .withAll(rules)
                        .with("uniqueItems", true)
                        .with("items", JsonObject.of("type", "string", "enum", JsonArray.ofAll(values))),
                Optional.empty());
    }

    private static JsonArray choices(String name, JsonObject schema, String titled, JsonArray names) throws Unusable {
        var listed = schema.array("enum").orElse(JsonArray.EMPTY);
        var entries = schema.array(titled).orElse(JsonArray.EMPTY);
        var choices = new ArrayList<JsonObject>();
        for (int i = 0; i < listed.strings().size(); i++) {
            var value = listed.strings().get(i);
            choices.add(
                    choice(value, i < names.strings().size() ? names.strings().get(i) : value));
        }
        for (var entry : entries.objects()) {
            var value = entry.string("const");
            if (value.isEmpty() || !Set.of("const", "title").containsAll(entry.names())) {
                throw new Unusable(field(name) + " has a choice that is no text with a title");
            }
            choices.add(choice(value.get(), entry.string("title").orElse(value.get())));
        }
        boolean whole = choices.size() == listed.size() + entries.size()
                && (listed.isEmpty() || entries.isEmpty())
                && !choices.isEmpty()
                && choices.size() <= MOST_CHOICES;
        if (!whole || values(JsonArray.ofAll(choices)).size() != choices.size()) {
            throw new Unusable(field(name) + " has no choices, too many, or some that are the same or no text");
        }
        for (var choice : choices) {
            var value = choice.string("const").orElse("");
            if (value.length() > MOST_VALUE || !ServerText.plain(value)) {
                throw new Unusable(field(name) + " has a choice that cannot be shown");
            }
        }
        return JsonArray.ofAll(choices);
    }

    private static JsonObject choice(String value, String title) {
        return JsonObject.of("const", value, "title", ServerText.line(title, MOST_TITLE));
    }

    private static Set<String> values(JsonArray choices) {
        var values = new LinkedHashSet<String>();
        choices.objects().forEach(choice -> choice.string("const").ifPresent(values::add));
        return values;
    }

    private static JsonObject shown(JsonObject schema, Optional<JsonValue> fallback) {
        return JsonObject.of("type", schema.string("type").orElse(""))
                .withPresent("title", schema.string("title").map(text -> ServerText.line(text, MOST_TITLE)))
                .withPresent("description", schema.string("description").map(text -> ServerText.line(text, MOST_HELP)))
                .withPresent("default", fallback);
    }

    private static JsonObject rules(JsonObject schema, Set<String> names) {
        var rules = JsonObject.EMPTY;
        for (var name :
                List.of("minLength", "maxLength", "pattern", "format", "minimum", "maximum", "minItems", "maxItems")) {
            rules = names.contains(name) ? rules.withPresent(name, schema.get(name)) : rules;
        }
        return rules;
    }

    /// What a field holds before the person has touched it; it must be of the field's own kind, and no longer
    /// than a person can look through.
    private static Optional<JsonValue> fallback(String name, JsonObject schema, boolean fits) throws Unusable {
        var fallback = schema.get("default");
        boolean seen = !(fallback.orElse(null) instanceof JsonString(String text))
                || (text.length() <= MOST_HELP && ServerText.plain(text));
        if (fallback.isPresent() && !(fits && seen)) {
            throw new Unusable(field(name) + " has a default that does not fit it");
        }
        return fallback;
    }

    private static void whole(String name, JsonObject schema, String... bounds) throws Unusable {
        for (var bound : bounds) {
            if (schema.has(bound)
                    && !schema.integer(bound).filter(value -> value >= 0).isPresent()) {
                throw new Unusable(field(name) + " has a `" + bound + "` that is no number of things");
            }
        }
    }

    private static void only(String name, JsonObject schema, Set<String> words) throws Unusable {
        var known = new HashSet<>(WORDS);
        known.addAll(words);
        for (var member : schema.names()) {
            if (!known.contains(member) && !member.startsWith("x-")) {
                throw beyond(name, member);
            }
        }
    }

    private static Unusable beyond(String name, String member) {
        return new Unusable(field(name) + " has `" + ServerText.line(member, 40) + "`, which forms cannot have");
    }

    private static String field(String name) {
        return "the field `" + ServerText.line(name, 60) + "`";
    }
}
