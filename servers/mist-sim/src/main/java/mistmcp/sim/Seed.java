package mistmcp.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;
import mistmcp.sim.api.Cloud;
import mistmcp.sim.api.Table;

/// What a simulator begins with: tables of rows as JSON. In it `{id:NAME}` stands for the id made of a name,
/// `{ago:2h}` for a time before the start, and each entry of `port_blocks` for ports without link.
final class Seed {
    private static final Pattern AGE = Pattern.compile("\\{ago:([0-9]+)(ms|s|m|h|d)\\}");
    private static final Pattern ID = Pattern.compile("\\{id:(.+)\\}");
    private static final String PORT_BLOCKS = "port_blocks";

    private final JsonObject tables;

    private Seed(JsonObject tables) {
        this.tables = tables;
    }

    /// Reads a seed.
    ///
    /// @throws UnusableSeed when there is none, or it is no seed
    static Seed of(String source, Map<String, String> rename) {
        try {
            var large = Pattern.compile("large:([0-9]{1,5})").matcher(source);
            var text = source.isEmpty() || large.matches() ? inside() : Files.readString(Path.of(source));
            var tables = (JsonObject) renamed(Json.parseObject(text), rename);
            for (var name : tables.names()) {
                if (!name.equals(PORT_BLOCKS) && Table.of(name).isEmpty()) {
                    throw new UnusableSeed("the seed has a table that there is not: " + name, new IOException());
                }
            }
            var seed = new Seed(source.startsWith("large:") ? LargeSeed.grow(tables, large.group(1)) : tables);
            seed.rows(Instant.EPOCH);
            return seed;
        } catch (IOException | InvalidJson | IllegalArgumentException | IllegalStateException unusable) {
            throw new UnusableSeed("the seed cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /// The rows, with times counted back from the start.
    Map<Table, List<JsonObject>> rows(Instant start) {
        var rows = new EnumMap<Table, List<JsonObject>>(Table.class);
        for (var name : tables.names()) {
            var table = Table.of(name);
            if (table.isPresent()) {
                var all = new ArrayList<JsonObject>();
                tables.array(name)
                        .orElse(JsonArray.EMPTY)
                        .objects()
                        .forEach(row -> all.add((JsonObject) resolved(row, start)));
                all.forEach(table.get()::key);
                rows.put(table.get(), all);
            }
        }
        var ports = rows.computeIfAbsent(Table.PORTS, _ -> new ArrayList<>());
        tables.array(PORT_BLOCKS).orElse(JsonArray.EMPTY).objects().forEach(block -> fill(ports, block, start));
        return rows;
    }

    /// Adds a port without link for each place of a block that has no row of its own.
    private static void fill(List<JsonObject> ports, JsonObject block, Instant start) {
        var mac = block.string("mac").orElseThrow();
        var prefix = block.string("prefix").orElseThrow();
        var known = ports.stream()
                .filter(port -> port.string("mac").orElse("").equals(mac))
                .map(port -> port.string("port_id").orElse(""))
                .toList();
        for (long i = 0; i < block.integer("count").orElse(0L); i++) {
            var id = prefix + i;
            if (!known.contains(id)) {
                ports.add(JsonObject.of(
                        "mac",
                        mac,
                        "port_id",
                        id,
                        "port_mac",
                        mac,
                        "up",
                        false,
                        "active",
                        false,
                        "full_duplex",
                        false,
                        "speed",
                        0,
                        "stp_state",
                        "disabled",
                        "stp_role",
                        "disabled",
                        "poe_on",
                        false,
                        "unconfigured",
                        false,
                        "uplink",
                        false,
                        "mac_count",
                        0,
                        "timestamp",
                        Cloud.seconds(start.minusSeconds(30)),
                        "rx_bytes",
                        0,
                        "tx_bytes",
                        0,
                        "rx_errors",
                        0,
                        "tx_errors",
                        0));
            }
        }
    }

    private static String inside() throws IOException {
        try (var in = Seed.class.getResourceAsStream("seed.json")) {
            if (in == null) {
                throw new IOException("seed.json is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonValue resolved(JsonValue value, Instant start) {
        return switch (value) {
            case JsonString text -> placeholder(text, start);
            case JsonArray array ->
                new JsonArray(array.stream().map(one -> resolved(one, start)).toList());
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> members.put(name, resolved(member, start)));
                yield new JsonObject(members);
            }
            default -> value;
        };
    }

    private static JsonValue placeholder(JsonString text, Instant start) {
        var id = ID.matcher(text.value());
        if (id.matches()) {
            return new JsonString(id(id.group(1)));
        }
        var age = AGE.matcher(text.value());
        if (!age.matches()) {
            return text;
        }
        var back = age(Long.parseLong(age.group(1)), age.group(2));
        // Times of Mist have fractions; whole seconds would hide readers that cannot take them.
        return fraction(Cloud.seconds(start.minus(back)));
    }

    private static JsonNumber fraction(JsonNumber time) {
        return time.text().endsWith("000") ? new JsonNumber(time.text().replaceAll("000$", "127")) : time;
    }

    private static Duration age(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    /// The id that a name of the seed stands for.
    static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static JsonValue renamed(JsonValue value, Map<String, String> words) {
        return switch (value) {
            case JsonString text -> new JsonString(renamed(text.value(), words));
            case JsonArray array ->
                new JsonArray(array.stream().map(one -> renamed(one, words)).toList());
            case JsonObject object -> {
                var members = new LinkedHashMap<String, JsonValue>();
                object.members().forEach((name, member) -> members.put(renamed(name, words), renamed(member, words)));
                yield new JsonObject(members);
            }
            default -> value;
        };
    }

    private static String renamed(String text, Map<String, String> words) {
        var result = text;
        for (var word : words.entrySet()) {
            result = result.replace(word.getKey(), word.getValue());
        }
        return result;
    }
}
