package mistmcp.ro.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import mistmcp.json.JsonObject;
import mistmcp.mist.Device;
import mistmcp.mist.Mac;
import mistmcp.mist.MistGet;
import mistmcp.mist.Operations;

/// How wireless and wired clients are searched and shown.
final class ClientSearch {
    private static final Pattern IP = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*::?[0-9a-fA-F:]+");
    private static final int MOST_ANYWHERE = 50;

    private ClientSearch() {}

    /// What is searched for; empty for no matter.
    record Wanted(
            Optional<Mac> mac,
            Optional<String> ip,
            Optional<String> hostname,
            Optional<String> ssid,
            Optional<Device> device,
            Optional<String> port,
            String since) {
        MistGet wireless(MistGet get) {
            return get.withPresent("mac", mac.map(Mac::digits))
                    .withPresent("ip", ip)
                    .withPresent("hostname", hostname.map(ClientSearch::containing))
                    .withPresent("ssid", ssid)
                    .withPresent("ap", device.map(found -> found.mac().digits()))
                    .with("duration", since);
        }

        MistGet wired(MistGet get) {
            return get.withPresent("mac", mac.map(Mac::digits))
                    .withPresent("ip", ip)
                    .withPresent("dhcp_hostname", hostname.map(ClientSearch::containing))
                    .withPresent("device_mac", device.map(found -> found.mac().digits()))
                    .withPresent("port_id", port)
                    .with("duration", since);
        }

        /// Whether a MAC address that is searched for is this row's: Mist's own filter is not relied on.
        boolean isWanted(JsonObject row) {
            return mac.isEmpty() || mac.equals(Row.mac(row, "mac"));
        }
    }

    static List<Walk.Source> wireless(ReadCall call, Wanted wanted, Names names) throws InterruptedException {
        return call.sources(
                org -> wanted.wireless(Operations.searchOrgWirelessClients(org)),
                site -> wanted.wireless(Operations.searchSiteWirelessClients(site)),
                picked(wanted, row -> wireless(row, names)));
    }

    static List<Walk.Source> wired(ReadCall call, Wanted wanted, Names names) throws InterruptedException {
        return call.sources(
                org -> wanted.wired(Operations.searchOrgWiredClients(org)),
                site -> wanted.wired(Operations.searchSiteWiredClients(site)),
                picked(wanted, row -> wired(row, names)));
    }

    /// Clients of both kinds whose MAC, IP address or host name is the query.
    static List<JsonObject> anywhere(ReadCall call, String query) throws InterruptedException {
        var mac = Mac.of(query);
        var ip = Optional.of(query)
                .filter(text -> mac.isEmpty() && IP.matcher(text).matches());
        var hostname = Optional.of(query).filter(_ -> mac.isEmpty() && ip.isEmpty());
        var wanted = new Wanted(mac, ip, hostname, Optional.empty(), Optional.empty(), Optional.empty(), "7d");
        var names = call.names();
        var sources = new ArrayList<>(wireless(call, wanted, names));
        sources.addAll(wired(call, wanted, names));
        return new Walk(call.reading(), sources, Walk.Paging.SEARCH, true)
                .take(Optional.empty(), MOST_ANYWHERE)
                .rows();
    }

    private static Function<JsonObject, Optional<JsonObject>> picked(
            Wanted wanted, Function<JsonObject, JsonObject> row) {
        return object -> wanted.isWanted(object) ? Optional.of(row.apply(object)) : Optional.empty();
    }

    private static String containing(String text) {
        return "*" + text.replace("*", "") + "*";
    }

    private static JsonObject wireless(JsonObject client, Names names) {
        return Row.of(client)
                .set("kind", "wireless")
                .takeFirst("hostname", "last_hostname", "hostname")
                .mac("mac", "mac")
                .takeFirst("ip", "last_ip", "ip")
                .takeFirst("username", "last_username", "username")
                .takeFirst("ssid", "last_ssid", "ssid")
                .set("siteName", names.site(Names.siteOf(client)))
                .set("device", names.device(Row.mac(client, "last_ap").or(() -> Row.mac(client, "ap"))))
                .takeFirst("vlan", "last_vlan", "vlan")
                .take("band", "band")
                .takeFirst("os", "last_os", "os")
                .take("manufacturer", "mfg")
                .takeFirst("model", "last_model", "model")
                .time("lastSeen", "timestamp")
                .done();
    }

    private static JsonObject wired(JsonObject client, Names names) {
        return Row.of(client)
                .set("kind", "wired")
                .takeFirst("hostname", "dhcp_hostname", "dhcp_fqdn")
                .mac("mac", "mac")
                .take("ip", "ip")
                .set("siteName", names.site(Names.siteOf(client)))
                .set("device", names.device(Row.mac(client, "device_mac")))
                .take("port", "port_id")
                .take("vlan", "vlan")
                .take("authState", "auth_state")
                .take("manufacturer", "manufacture")
                .time("lastSeen", "timestamp")
                .done();
    }
}
