package mistmcp.mcp;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;

/// The arguments of one tool that travel as `Mcp-Param-*` headers too, as its input schema says by
/// `x-mcp-header` (Streamable HTTP 2026-07-28, "Custom Headers from Tool Parameters").
///
/// @param params header and place of each
public record ParamHeaders(List<Param> params) {
    /// For a tool that marks no argument.
    public static final ParamHeaders NONE = new ParamHeaders(List.of());

    private static final String MARK = "x-mcp-header";
    private static final String PREFIX = "Mcp-Param-";
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");
    private static final Set<String> NOT_SCHEMAS = Set.of("default", "const", "enum", "examples");
    private static final long SAFE = (1L << 53) - 1;

    /// Copies the list given.
    public ParamHeaders {
        params = List.copyOf(params);
    }

    /// One argument that is mirrored.
    ///
    /// @param header the name behind `Mcp-Param-`
    /// @param path   where the value stands in the arguments
    public record Param(String header, JsonPointer path) {}

    /// Reads the marks of an input schema.
    ///
    /// @throws Unusable when one breaks the rules: such a tool is not to be offered
    public static ParamHeaders of(JsonObject inputSchema) throws Unusable {
        var found = new ArrayList<Param>();
        collect(inputSchema, JsonPointer.ROOT, true, found);
        if (found.isEmpty()) {
            return NONE;
        }
        distinct(found);
        return new ParamHeaders(found);
    }

    /// The headers that go with a call.
    public Map<String, String> of(Optional<RawJson> arguments) {
        if (params.isEmpty() || arguments.isEmpty()) {
            return Map.of();
        }
        var values = arguments.get().parse(JsonLimits.TRUSTED);
        var headers = new LinkedHashMap<String, String>();
        for (var param : params) {
            param.path().find(values).flatMap(ParamHeaders::text).ifPresent(text -> headers.put(name(param), text));
        }
        return headers;
    }

    /// What is wrong with the headers of a call; empty when they say what its arguments say.
    ///
    /// @param headers all values of a header, by its name
    public Optional<String> mismatch(Optional<RawJson> arguments, Function<String, List<String>> headers) {
        if (params.isEmpty()) {
            return Optional.empty();
        }
        var values = arguments.orElse(RawJson.EMPTY_OBJECT).parse(JsonLimits.REQUEST);
        return params.stream()
                .filter(param ->
                        !agrees(headers.apply(name(param)), param.path().find(values)))
                .findFirst()
                .map(param -> "the " + name(param) + " header does not match the body");
    }

    private static boolean agrees(List<String> headers, Optional<JsonValue> value) {
        var expected = value.flatMap(ParamHeaders::text);
        if (headers.size() > 1) {
            return false;
        }
        if (headers.isEmpty()) {
            // An integer beyond the safe range has no header that a client could send.
            return expected.isEmpty();
        }
        var read = HeaderText.decode(headers.getFirst().strip());
        return read.isPresent() && value.isPresent() && same(read.get(), value.get());
    }

    private static boolean same(String read, JsonValue value) {
        return switch (value) {
            case JsonString string -> string.value().equals(read);
            case JsonBoolean bool -> bool.toString().equals(read);
            case JsonNumber number ->
                read.matches("-?[0-9]{1,40}(\\.[0-9]{1,40})?")
                        && number.asLong()
                                .map(BigDecimal::valueOf)
                                .filter(whole -> whole.compareTo(new BigDecimal(read)) == 0)
                                .isPresent();
            default -> false;
        };
    }

    private static String name(Param param) {
        return PREFIX + param.header();
    }

    private static void collect(JsonValue node, JsonPointer path, boolean reachable, List<Param> params)
            throws Unusable {
        if (node instanceof JsonArray array) {
            for (var element : array) {
                collect(element, path, false, params);
            }
        }
        if (!(node instanceof JsonObject schema)) {
            return;
        }
        if (schema.has(MARK)) {
            params.add(param(schema, path, reachable));
        }
        for (var member : schema.members().entrySet()) {
            if (member.getKey().equals("properties") && member.getValue() instanceof JsonObject properties) {
                for (var property : properties.members().entrySet()) {
                    collect(property.getValue(), path.child(property.getKey()), reachable, params);
                }
            } else if (!NOT_SCHEMAS.contains(member.getKey())) {
                collect(member.getValue(), path, false, params);
            }
        }
    }

    private static Param param(JsonObject schema, JsonPointer path, boolean reachable) throws Unusable {
        var header = schema.string(MARK).orElse("");
        if (!reachable || path.segments().isEmpty()) {
            throw new Unusable("an annotation stands where no argument can be read from");
        }
        if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")) {
            throw new Unusable("an annotation is no header name");
        }
        if (schema.string("type").filter(TYPES::contains).isEmpty()) {
            throw new Unusable("an annotated argument is no string, integer or boolean");
        }
        return new Param(header, path);
    }

    private static void distinct(List<Param> params) throws Unusable {
        var seen = new HashSet<String>();
        for (var param : params) {
            if (!seen.add(param.header().toLowerCase(Locale.ROOT))) {
                throw new Unusable("two annotations name the same header");
            }
        }
    }

    private static Optional<String> text(JsonValue value) {
        return switch (value) {
            case JsonString string -> Optional.of(HeaderText.encode(string.value()));
            case JsonBoolean bool -> Optional.of(bool.toString());
            case JsonNumber number ->
                number.asLong().filter(whole -> Math.abs(whole) <= SAFE).map(String::valueOf);
            default -> Optional.empty();
        };
    }

    /// An annotation that breaks the rules.
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String reason) {
            super(reason);
        }
    }
}
