package mistmcp.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSchema;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.settings.Env;

/// The Mist OpenAPI document, where a machine has it.
final class MistDocument {
    private static final String SCHEMAS = "#/components/schemas/";

    private final JsonObject document;
    private final Map<String, Operation> operations = new HashMap<>();

    /// Where an operation is, and the description of it.
    record Operation(String method, String path, JsonObject description) {}

    private MistDocument(JsonObject document) {
        this.document = document;
        var paths = document.object("paths").orElseThrow();
        for (var path : paths.names()) {
            var item = paths.object(path).orElseThrow();
            for (var method : new String[] {"get", "put", "post", "delete"}) {
                item.object(method)
                        .ifPresent(found -> operations.put(
                                found.string("operationId").orElse(""),
                                new Operation(method.toUpperCase(java.util.Locale.ROOT), path, found)));
            }
        }
    }

    /// The document of `MIST_TEST_DATA` or of the folder beside the repository; empty when there is none.
    static Optional<MistDocument> find() throws IOException {
        var root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("mist-api"))) {
            root = root.getParent();
        }
        var beside =
                root == null ? Path.of("none") : root.resolveSibling("shared").resolve("data");
        for (var folder : new Path[] {Path.of(Env.ofProcess().text("MIST_TEST_DATA", "none")), beside}) {
            var file = folder.resolve("mist/mist.openapi.json");
            if (Files.isReadable(file)) {
                return Optional.of(new MistDocument(Json.parseObject(Files.readAllBytes(file), JsonLimits.TRUSTED)));
            }
        }
        return Optional.empty();
    }

    Optional<Operation> operation(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    /// The schema of an operation's 200 answer; empty when the document gives it no JSON body. Where it has
    /// one alternative for each type of device, the one of the type given is taken, so that faults are told
    /// apart.
    Optional<JsonSchema> answer(String id, String type) {
        return operation(id)
                .flatMap(operation -> operation.description().object("responses"))
                .flatMap(responses -> responses.object("200"))
                .map(this::resolved)
                .flatMap(response -> response.object("content"))
                .flatMap(content -> content.object("application/json"))
                .flatMap(json -> json.object("schema"))
                .map(schema -> JsonSchema.compile(closed(schema, type)));
    }

    private JsonObject resolved(JsonObject object) {
        return object.string("$ref")
                .flatMap(ref -> mistmcp.json.JsonPointer.parse(ref.substring(1)))
                .flatMap(pointer -> pointer.find(document))
                .map(JsonObject.class::cast)
                .orElse(object);
    }

    /// The schema with all that it refers to inside.
    private JsonObject closed(JsonObject schema, String type) {
        var definitions = new LinkedHashMap<String, JsonValue>();
        var open = new ArrayDeque<String>();
        var top = local(schema, open, type);
        while (!open.isEmpty()) {
            var name = open.pop();
            if (!definitions.containsKey(name)) {
                var found = document.object("components")
                        .flatMap(parts -> parts.object("schemas"))
                        .flatMap(schemas -> schemas.object(name))
                        .orElseThrow();
                definitions.put(name, JsonObject.EMPTY);
                definitions.put(name, local(found, open, type));
            }
        }
        return ((JsonObject) top).with("$defs", new JsonObject(definitions));
    }

    private static JsonValue local(JsonValue value, ArrayDeque<String> open, String type) {
        return switch (value) {
            case JsonObject object
            when ofType(object, type).isPresent() -> local(ofType(object, type).get(), open, type);
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> {
                    if (name.equals("$ref")
                            && member instanceof JsonString ref
                            && ref.value().startsWith(SCHEMAS)) {
                        var target = ref.value().substring(SCHEMAS.length());
                        open.push(target);
                        members.put(name, new JsonString("#/$defs/" + target));
                    } else {
                        members.put(name, local(member, open, type));
                    }
                });
                yield new JsonObject(members);
            }
            case JsonArray array ->
                new JsonArray(array.stream().map(one -> local(one, open, type)).toList());
            default -> value;
        };
    }

    private static Optional<JsonObject> ofType(JsonObject schema, String type) {
        var alternatives = schema.array("oneOf").map(JsonArray::objects).orElse(java.util.List.of());
        var fitting = alternatives.stream()
                .filter(one -> java.util.Arrays.asList(
                                one.string("$ref").orElse("").split("[/_]"))
                        .contains(type))
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }
}
