package mistmcp.rw.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mist.Device;
import mistmcp.mist.Mac;
import mistmcp.mist.MistReading;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.mist.UntrustedText;

/// What is known of a port in operation: its link, its neighbour, who hangs on it.
///
/// @param known           the ports that the switch reports; empty when it reports none
/// @param row             the port's own row; empty when it is not reported
/// @param clients         how many wired clients were last seen on it
/// @param managedNeighbour whether its LLDP neighbour is a device of this organisation
record PortFacts(List<String> known, JsonObject row, int clients, boolean managedNeighbour) {
    private static final int MOST_PORTS = 1_000;
    private static final int MOST_CLIENTS = 1_000;

    PortFacts {
        known = List.copyOf(known);
    }

    /// Reads the facts of a port.
    static PortFacts read(MistReading reading, SiteId site, Device device, String port) throws InterruptedException {
        var ports = reading
                .found(
                        Operations.searchSiteSwOrGwPorts(site, "switch")
                                .with("mac", device.mac().digits()),
                        MOST_PORTS)
                .stream()
                .filter(row -> mac(row, "mac").equals(Optional.of(device.mac())))
                .toList();
        var row = ports.stream()
                .filter(candidate -> candidate.string("port_id").equals(Optional.of(port)))
                .findFirst()
                .orElse(JsonObject.EMPTY);
        var neighbour = mac(row, "neighbor_mac");
        boolean managed = neighbour.isPresent()
                && reading.devices().stream().anyMatch(other -> neighbour.equals(Optional.of(other.mac())));
        return new PortFacts(
                ports.stream().flatMap(one -> one.string("port_id").stream()).toList(),
                row,
                clients(reading, site, device, port),
                managed);
    }

    /// Whether the link is up.
    boolean up() {
        return row.bool("up").orElse(false);
    }

    /// Whether the port leads up to the rest of the network.
    boolean uplink() {
        return row.bool("uplink").orElse(false);
    }

    /// What is touched, counted.
    JsonObject impact(String summary) {
        var impact = JsonObject.of("summary", summary, "ports", 1, "clients", clients, "up", up(), "uplink", uplink());
        return row.string("neighbor_system_name")
                .map(name -> impact.with(
                        "neighbour",
                        JsonObject.of("name", UntrustedText.clean(name, 64), "managed", managedNeighbour)
                                .withPresent(
                                        "port",
                                        row.string("neighbor_port_desc").map(text -> UntrustedText.clean(text, 64)))))
                .orElse(impact);
    }

    /// What a human should know of the port before it is changed.
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (uplink()) {
            warnings.add("the port is an uplink: a wrong setting can cut off the switch and all behind it");
        }
        if (managedNeighbour) {
            warnings.add("its LLDP neighbour is a device that Mist manages: the change can cut it off");
        }
        if (up()) {
            warnings.add("the port is up"
                    + (clients > 0
                            ? ", with " + clients + (clients == 1 ? " wired client" : " wired clients")
                                    + " last seen on it"
                            : ""));
        }
        if (known.isEmpty()) {
            warnings.add("the switch reports no ports: whether this one exists is not known");
        }
        return warnings;
    }

    private static int clients(MistReading reading, SiteId site, Device device, String port)
            throws InterruptedException {
        var rows = reading.found(
                Operations.searchSiteWiredClients(site)
                        .with("device_mac", device.mac().digits())
                        .with("port_id", port),
                MOST_CLIENTS);
        return (int) rows.stream().filter(row -> isOn(row, device.mac(), port)).count();
    }

    private static boolean isOn(JsonObject client, Mac device, String port) {
        var pairs = client.array("device_mac_port").orElse(JsonArray.EMPTY).objects();
        if (!pairs.isEmpty()) {
            return pairs.stream().anyMatch(pair -> isPair(pair, device, port));
        }
        return texts(client, "device_mac").stream()
                        .anyMatch(text -> Mac.of(text).equals(Optional.of(device)))
                && texts(client, "port_id").contains(port);
    }

    private static boolean isPair(JsonObject pair, Mac device, String port) {
        return mac(pair, "device_mac").equals(Optional.of(device))
                && pair.string("port_id").equals(Optional.of(port));
    }

    private static List<String> texts(JsonObject row, String name) {
        return row.array(name)
                .map(JsonArray::strings)
                .orElseGet(() -> row.string(name).map(List::of).orElse(List.of()));
    }

    private static Optional<Mac> mac(JsonObject row, String name) {
        return row.string(name).flatMap(Mac::of);
    }
}
