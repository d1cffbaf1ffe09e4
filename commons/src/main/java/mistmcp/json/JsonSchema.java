package mistmcp.json;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/// A JSON Schema (2020-12) that is ready to check values. No reference is fetched. Safe for several threads.
public final class JsonSchema {
    /// These come with the library.
    private static final String META_SCHEMAS = "https://json-schema.org/";

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
                    builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)
                            .allow(iri -> iri.toString().startsWith(META_SCHEMAS))));
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
        return schema.validate(Json.text(value), InputFormat.JSON).stream()
                .map(fault -> {
                    var at = fault.getInstanceLocation().toString();
                    return (at.isEmpty() ? "" : at + ": ") + fault.getMessage();
                })
                .distinct()
                .limit(20)
                .toList();
    }
}
