package mistmcp.gateway.chat;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSchema;
import mistmcp.json.JsonString;
import mistmcp.json.SchemaFault;

/// What a question asks for: the `requestedSchema` of an elicitation, which is a flat object of texts,
/// numbers, yes or no, and choices (MCP 2025-11-25 and 2026-07-28). Keywords beyond that are not guessed at.
/// Safe for several threads.
final class Form {
    private static final int MOST_BYTES = 32 << 10;
    private static final int MOST_FIELDS = 32;
    private static final int MOST_NAME = 100;
    private static final Set<String> MEMBERS =
            Set.of("$schema", "type", "title", "description", "properties", "required", "additionalProperties");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");

    private final JsonObject shown;
    private final JsonSchema check;
    private final Map<String, String> formats;

    private Form(JsonObject shown, JsonSchema check, Map<String, String> formats) {
        this.shown = shown;
        this.check = check;
        this.formats = Map.copyOf(formats);
    }

    /// What is wrong with one field of an answer.
    ///
    /// @param name    the field; empty for the answer as a whole
    /// @param message what is wrong, without the value
    record Fault(String name, String message) {}

    /// Reads a schema.
    ///
    /// @throws Unusable when it goes beyond what MCP allows, or beyond what a person can be shown
    static Form read(JsonObject schema) throws Unusable {
        if (Json.bytes(schema).length > MOST_BYTES) {
            throw new Unusable("the form is larger than " + (MOST_BYTES >> 10) + " KiB");
        }
        for (var name : schema.names()) {
            if (!MEMBERS.contains(name) && !name.startsWith("x-")) {
                throw new Unusable("the form has `" + ServerText.line(name, 40) + "`, which forms cannot have");
            }
        }
        if (!schema.string("type").filter("object"::equals).isPresent()) {
            throw new Unusable("the form is no object");
        }
        var properties = schema.object("properties").orElse(JsonObject.EMPTY);
        if (properties.size() > MOST_FIELDS) {
            throw new Unusable("the form has more than " + MOST_FIELDS + " fields");
        }
        var shown = JsonObject.EMPTY;
        var checked = JsonObject.EMPTY;
        var formats = new LinkedHashMap<String, String>();
        for (var property : properties.members().entrySet()) {
            var field = FormField.read(name(property.getKey()), property.getValue());
            shown = shown.with(property.getKey(), field.shown());
            checked = checked.with(property.getKey(), field.checked());
            field.format().ifPresent(format -> formats.put(property.getKey(), format));
        }
        var required = required(schema, properties);
        return new Form(
                object(shown, required),
                compiled(object(checked, required).with("additionalProperties", false)),
                formats);
    }

    private static String name(String name) throws Unusable {
        if (name.isBlank() || name.length() > MOST_NAME || !ServerText.plain(name)) {
            throw new Unusable("a field has a name that cannot be shown");
        }
        return name;
    }

    private static JsonArray required(JsonObject schema, JsonObject properties) throws Unusable {
        var array = schema.array("required").orElse(JsonArray.EMPTY);
        var names = new HashSet<>(array.strings());
        if (names.size() != array.size() || !properties.names().containsAll(names)) {
            throw new Unusable("the form requires a field that it does not have");
        }
        return array;
    }

    private static JsonObject object(JsonObject properties, JsonArray required) {
        return JsonObject.of("type", "object", "properties", properties, "required", required);
    }

    private static JsonSchema compiled(JsonObject schema) throws Unusable {
        try {
            return JsonSchema.compile(schema);
        } catch (IllegalArgumentException unusable) {
            throw new Unusable("the form holds a pattern or a bound that cannot be used");
        }
    }

    /// The form as a page is to show it: every member is one that it knows, every text fit to be seen, and
    /// choices stand in `oneOf` (one of them) or in `items.anyOf` (several) as `const` and `title`.
    JsonObject toJson() {
        return shown;
    }

    /// What is wrong with an answer; empty when it can be sent.
    List<Fault> faults(JsonObject content) {
        var faults = new ArrayList<Fault>();
        for (var fault : check.check(content)) {
            faults.add(new Fault(field(fault), fault.message()));
        }
        formats.forEach((name, format) -> content.get(name).ifPresent(value -> {
            if (value instanceof JsonString(String text) && !fits(format, text)) {
                faults.add(new Fault(name, "is not of the form `" + format + "`"));
            }
        }));
        return faults;
    }

    private static String field(SchemaFault fault) {
        if (fault.place().isEmpty()) {
            return fault.name();
        }
        int end = fault.place().indexOf('/', 1);
        var first = fault.place().substring(1, end < 0 ? fault.place().length() : end);
        return first.replace("~1", "/").replace("~0", "~");
    }

    private static boolean fits(String format, String text) {
        try {
            return switch (format) {
                case "email" -> EMAIL.matcher(text).matches();
                case "uri" -> new URI(text).isAbsolute();
                case "date" -> LocalDate.parse(text).getYear() >= 0;
                default -> OffsetDateTime.parse(text).getYear() >= 0;
            };
        } catch (URISyntaxException | DateTimeException other) {
            return false;
        }
    }
}
