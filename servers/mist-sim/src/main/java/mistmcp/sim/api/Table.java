package mistmcp.sim.api;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;

/// One kind of rows of the state, named as in the seed, with the fields that make a row's key. A table
/// without key fields numbers its rows.
public enum Table {
    ORG("org", "id"),
    ORG_SETTING("org_setting", "org_id"),
    ADMINS("admins", "name"),
    SITES("sites", "id"),
    SITE_SETTINGS("site_settings", "site_id"),
    SITE_GROUPS("site_groups", "id"),
    NETWORK_TEMPLATES("network_templates", "id"),
    RF_TEMPLATES("rf_templates", "id"),
    WLAN_TEMPLATES("wlan_templates", "id"),
    ALARM_TEMPLATES("alarm_templates", "id"),
    DEVICE_PROFILES("device_profiles", "id"),
    DEVICES("devices", "id"),
    DEVICE_STATS("device_stats", "id"),
    LOCAL_PORT_CONFIG("local_port_config", "id"),
    PORTS("ports", "mac", "port_id"),
    WLANS("wlans", "id"),
    WIRELESS_CLIENTS("wireless_clients", "mac"),
    WIRELESS_CLIENT_STATS("wireless_client_stats", "mac"),
    WIRELESS_SESSIONS("wireless_sessions"),
    WIRELESS_EVENTS("wireless_events"),
    WIRED_CLIENTS("wired_clients", "mac"),
    NAC_CLIENTS("nac_clients", "mac"),
    NAC_EVENTS("nac_events"),
    WAN_CLIENTS("wan_clients", "wcid"),
    GUESTS("guests", "mac"),
    FINGERPRINTS("fingerprints", "mac"),
    DISCOVERED_SWITCHES("discovered_switches", "system_name"),
    DEVICE_EVENTS("device_events"),
    CONFIG_HISTORY("config_history"),
    ALARMS("alarms", "id"),
    SUPPRESSIONS("suppressions"),
    SLE("sle", "site_id"),
    ROGUES("rogues", "bssid"),
    ROGUE_CLIENTS("rogue_clients", "client_mac"),
    AUDIT_LOGS("audit_logs", "id"),
    ALARM_DEFINITIONS("alarm_definitions", "key"),
    DEVICE_EVENT_DEFINITIONS("device_event_definitions", "key"),
    CLIENT_EVENT_DEFINITIONS("client_event_definitions", "key"),
    DEVICE_VERSIONS("device_versions"),
    TICKETS("tickets", "id");

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes
    private final List<String> keyFields;

    Table(String label, String... keyFields) {
        this.label = label;
        this.keyFields = List.of(keyFields);
    }

    /// The name in the seed and in pointers into the state.
    public String label() {
        return label;
    }

    /// The table of a name.
    public static Optional<Table> of(String label) {
        return Arrays.stream(values())
                .filter(table -> table.label.equals(label))
                .findFirst();
    }

    /// The key of a row; empty when this table numbers its rows.
    ///
    /// @throws IllegalArgumentException when a key field is missing
    public Optional<String> key(JsonObject row) {
        if (keyFields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(keyFields.stream()
                .map(field -> row.get(field)
                        .map(value -> value instanceof JsonString text ? text.value() : value.toString())
                        .orElseThrow(() -> new IllegalArgumentException("a row of " + label + " has no " + field)))
                .collect(Collectors.joining(" ")));
    }
}
