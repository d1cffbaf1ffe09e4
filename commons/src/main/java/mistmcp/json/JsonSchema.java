package mistmcp.json;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;

/// A JSON Schema (2020-12, or the draft that its `$schema` names) that is ready to check values. No reference
/// is fetched, and no regular expression runs on for ever. Safe for several threads.
public final class JsonSchema {
    /// These come with the library.
    private static final List<String> META_SCHEMAS = List.of("https://json-schema.org/", "http://json-schema.org/");

    private static final int MOST_FAULTS = 20;
    private static final int MOST_CHARS = 200;
    private static final SchemaRegistryConfig BOUNDED = SchemaRegistryConfig.builder()
            .regularExpressionFactory(BoundedPattern::new)
            .build();

    private final com.networknt.schema.Schema schema;

    private JsonSchema(com.networknt.schema.Schema schema) {
        this.schema = schema;
    }

    /// Makes a schema ready.
    ///
    /// @throws IllegalArgumentException when it is no usable schema
    public static JsonSchema compile(JsonObject schema) {
        try {
            var registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(BOUNDED)
                            .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                    .allow(iri -> META_SCHEMAS.stream().anyMatch(iri.toString()::startsWith))));
            var ready = registry.getSchema(Json.text(schema), InputFormat.JSON);
            // What a reference lacks shows now, and not at the first value.
            ready.initializeValidators();
            return new JsonSchema(ready);
        } catch (RuntimeException unusable) {
            throw new IllegalArgumentException("not a usable JSON schema", unusable);
        }
    }

    /// What is wrong with a value, one line each with the place; empty when it is valid.
    public List<String> faults(JsonValue value) {
        return check(value).stream().map(SchemaFault::line).distinct().toList();
    }

    /// What is wrong with a value, the first 20; empty when it is valid.
    public List<SchemaFault> check(JsonValue value) {
        var errors = JacksonTree.of(value)
                .map(schema::validate)
                .orElseGet(() -> schema.validate(Json.text(value), InputFormat.JSON));
        return errors.isEmpty()
                ? List.of()
                : errors.stream()
                        .map(JsonSchema::fault)
                        .distinct()
                        .limit(MOST_FAULTS)
                        .toList();
    }

    private static SchemaFault fault(com.networknt.schema.Error error) {
        var place = shown(error.getInstanceLocation().toString());
        var name = shown(Optional.ofNullable(error.getProperty()).orElse(""));
        return switch (error.getKeyword()) {
            case "required" -> new SchemaFault(SchemaFault.Kind.MISSING, place, name, "`" + name + "` is missing");
            case "additionalProperties", "unevaluatedProperties" ->
                new SchemaFault(SchemaFault.Kind.UNKNOWN, place, name, "`" + name + "` is not known");
            case "type" -> new SchemaFault(SchemaFault.Kind.TYPE, place, "", shown(error.getMessage()));
            default -> new SchemaFault(SchemaFault.Kind.OTHER, place, "", shown(error.getMessage()));
        };
    }

    /// The caller chose the names of members: they are shown short and without control characters.
    private static String shown(String text) {
        var plain = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return plain.length() <= MOST_CHARS ? plain : plain.substring(0, MOST_CHARS) + "...";
    }
}
