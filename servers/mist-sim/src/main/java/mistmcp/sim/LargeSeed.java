package mistmcp.sim;

import java.util.ArrayList;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// Grows a seed to many sites, each with one access point and one alarm: for paging and load.
final class LargeSeed {
    private LargeSeed() {}

    static JsonObject grow(JsonObject tables, String sites) {
        int wanted = Integer.parseInt(sites);
        int have = tables.array("sites").orElse(JsonArray.EMPTY).size();
        var result = tables;
        var added = new Added(tables);
        for (int i = have + 1; i <= wanted; i++) {
            added.site(i);
        }
        for (var name : added.names()) {
            result = result.with(name, added.rows(name));
        }
        return result;
    }

    private static final class Added {
        private final java.util.Map<String, ArrayList<JsonValue>> rows = new java.util.LinkedHashMap<>();

        Added(JsonObject tables) {
            for (var name : new String[] {"sites", "site_settings", "devices", "device_stats", "alarms", "sle"}) {
                rows.put(
                        name,
                        new ArrayList<>(
                                tables.array(name).orElse(JsonArray.EMPTY).values()));
            }
        }

        java.util.Set<String> names() {
            return rows.keySet();
        }

        JsonArray rows(String name) {
            return new JsonArray(rows.getOrDefault(name, new ArrayList<>()));
        }

        void site(int number) {
            var name = String.format("Store-%04d", number);
            var id = "{id:" + name + "}";
            var org = org();
            var mac = String.format("d4dc09%06x", number);
            var device = "00000000-0000-0000-1000-" + mac;
            add(
                    "sites",
                    JsonObject.of(
                            "id",
                            id,
                            "org_id",
                            org,
                            "name",
                            name,
                            "country_code",
                            "DE",
                            "timezone",
                            "Europe/Berlin",
                            "address",
                            "Marktplatz " + number,
                            "created_time",
                            "{ago:300d}",
                            "modified_time",
                            "{ago:20d}"));
            add("site_settings", JsonObject.of("site_id", id, "org_id", org, "modified_time", "{ago:20d}"));
            add(
                    "devices",
                    JsonObject.of(
                            "id",
                            device,
                            "org_id",
                            org,
                            "site_id",
                            id,
                            "type",
                            "ap",
                            "mac",
                            mac,
                            "serial",
                            "L" + mac,
                            "model",
                            "AP45",
                            "name",
                            "ap-" + number,
                            "created_time",
                            "{ago:300d}",
                            "modified_time",
                            "{ago:20d}"));
            add(
                    "device_stats",
                    JsonObject.of(
                            "id",
                            device,
                            "status",
                            number % 10 == 0 ? "disconnected" : "connected",
                            "version",
                            "0.14.29633",
                            "uptime",
                            86_400 + number,
                            "last_seen",
                            "{ago:40s}",
                            "ip",
                            "10.200.0.10"));
            add(
                    "alarms",
                    JsonObject.of(
                            "id",
                            "{id:alarm " + name + "}",
                            "org_id",
                            org,
                            "site_id",
                            id,
                            "timestamp",
                            "{ago:" + (number % 1400 + 1) + "m}",
                            "last_seen",
                            "{ago:1m}",
                            "type",
                            "ap_offline",
                            "group",
                            "infrastructure",
                            "severity",
                            "warn",
                            "count",
                            1,
                            "aps",
                            JsonArray.of(mac),
                            "acked",
                            false));
            add(
                    "sle",
                    JsonObject.of(
                            "site_id",
                            id,
                            "wifi",
                            JsonObject.of(
                                    "ap-availability",
                                    0.9 + (number % 10) / 100.0,
                                    "coverage",
                                    0.95,
                                    "num_aps",
                                    1,
                                    "num_clients",
                                    3)));
        }

        private String org() {
            return ((JsonObject) rows("sites").get(0)).string("org_id").orElseThrow();
        }

        private void add(String table, JsonObject row) {
            rows.computeIfAbsent(table, _ -> new ArrayList<>()).add(row);
        }
    }
}
