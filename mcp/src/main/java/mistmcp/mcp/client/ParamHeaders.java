package mistmcp.mcp.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonPointer;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.mcp.HeaderText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which arguments of a modern server's tools travel as `Mcp-Param-*` headers, as its `tools/list` said
/// (Streamable HTTP 2026-07-28, "Custom Headers from Tool Parameters"). Safe for several threads.
final class ParamHeaders {
    private static final Logger LOG = LoggerFactory.getLogger(ParamHeaders.class);
    private static final String MARK = "x-mcp-header";
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");
    private static final Set<String> NOT_SCHEMAS = Set.of("default", "const", "enum", "examples");
    private static final long SAFE = (1L << 53) - 1;

    private final ConcurrentMap<String, List<Param>> byTool = new ConcurrentHashMap<>();

    private record Param(String header, JsonPointer path) {}

    /// Learns from a page of `tools/list`; the page without the tools whose annotations break the rules, when
    /// there are any.
    Optional<RawJson> learn(RawJson result) {
        var tools = JsonSpans.find(result, "tools");
        if (tools.isEmpty() || !mentions(tools.get())) {
            return Optional.empty();
        }
        if (!(tools.get().parse(JsonLimits.TRUSTED) instanceof JsonArray listed)) {
            return Optional.empty();
        }
        var kept = new ArrayList<JsonValue>();
        for (var tool : listed) {
            if (!(tool instanceof JsonObject definition) || usable(definition)) {
                kept.add(tool);
            }
        }
        return kept.size() == listed.size()
                ? Optional.empty()
                : Optional.of(JsonSpans.set(result, Map.of("tools", RawJson.of(new JsonArray(kept)))));
    }

    /// The headers of a call.
    Map<String, String> of(String tool, Optional<RawJson> arguments) {
        var params = byTool.getOrDefault(tool, List.of());
        if (params.isEmpty() || arguments.isEmpty()) {
            return Map.of();
        }
        var values = arguments.get().parse(JsonLimits.TRUSTED);
        var headers = new LinkedHashMap<String, String>();
        for (var param : params) {
            param.path()
                    .find(values)
                    .flatMap(ParamHeaders::text)
                    .ifPresent(text -> headers.put("Mcp-Param-" + param.header(), text));
        }
        return headers;
    }

    private boolean usable(JsonObject definition) {
        var name = definition.string("name").orElse("");
        var params = new ArrayList<Param>();
        try {
            collect(definition.object("inputSchema").orElse(JsonObject.EMPTY), JsonPointer.ROOT, true, params);
            distinct(params);
        } catch (Unusable unusable) {
            LOG.warn("tool left out tool={} reason={}", name, unusable.reason);
            byTool.remove(name);
            return false;
        }
        byTool.put(name, List.copyOf(params));
        return true;
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

    /// Most servers annotate nothing: a look at the bytes saves the tree.
    private static boolean mentions(RawJson raw) {
        var mark = MARK.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = raw.start(); i <= raw.end() - mark.length; i++) {
            if (raw.array()[i] == mark[0]
                    && java.util.Arrays.equals(raw.array(), i, i + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }

    /// An annotation that breaks the rules.
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;
        private final String reason;

        Unusable(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
