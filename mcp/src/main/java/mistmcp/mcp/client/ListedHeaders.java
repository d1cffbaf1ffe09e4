package mistmcp.mcp.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonValue;
import mistmcp.json.RawJson;
import mistmcp.mcp.ParamHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a modern server's `tools/list` said of the headers of its tools' arguments. Safe for several threads.
final class ListedHeaders {
    private static final Logger LOG = LoggerFactory.getLogger(ListedHeaders.class);
    private static final byte[] MARK = "x-mcp-header".getBytes(StandardCharsets.US_ASCII);

    private final ConcurrentMap<String, ParamHeaders> byTool = new ConcurrentHashMap<>();

    /// Learns from a page of `tools/list`; the page without the tools whose annotations break the rules, when
    /// there are any.
    Optional<RawJson> learn(RawJson result) {
        var tools = JsonSpans.find(result, "tools");
        if (tools.isEmpty() || (byTool.isEmpty() && !mentions(tools.get()))) {
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
        return byTool.getOrDefault(tool, ParamHeaders.NONE).of(arguments);
    }

    private boolean usable(JsonObject definition) {
        var name = definition.string("name").orElse("");
        try {
            var headers = ParamHeaders.of(definition.object("inputSchema").orElse(JsonObject.EMPTY));
            if (headers.params().isEmpty()) {
                byTool.remove(name);
            } else {
                byTool.put(name, headers);
            }
            return true;
        } catch (ParamHeaders.Unusable unusable) {
            LOG.warn("tool left out tool={} reason={}", name, unusable.getMessage());
            byTool.remove(name);
            return false;
        }
    }

    /// Most servers annotate nothing: a look at the bytes saves the tree.
    private static boolean mentions(RawJson raw) {
        for (int i = raw.start(); i <= raw.end() - MARK.length; i++) {
            if (raw.array()[i] == MARK[0] && Arrays.equals(raw.array(), i, i + MARK.length, MARK, 0, MARK.length)) {
                return true;
            }
        }
        return false;
    }
}
