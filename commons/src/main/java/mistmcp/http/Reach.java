package mistmcp.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// To which internet addresses a client may connect. It is asked about what a name stands for right before
/// the connection is made to just that, so a name that changes its mind gains nothing.
public final class Reach {
    /// Every address.
    public static final Reach ANYWHERE = new Reach("");

    private static final List<AddressRange> PRIVATE =
            ranges("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");
    /// Not for use between hosts of the internet, or another way to write an IPv4 address (RFC 6890).
    private static final List<AddressRange> SPECIAL = ranges(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fe80::/9",
            "ff00::/8");

    private final String home;

    private Reach(String home) {
        this.home = home;
    }

    /// What an address is for.
    public enum Zone {
        /// The internet.
        PUBLIC,
        /// A network of one's own.
        PRIVATE,
        /// This machine.
        LOOPBACK,
        /// Anything else, such as the link-local address where clouds keep credentials.
        SPECIAL
    }

    /// The internet, and the zone in which this host is: one that is on this machine may name others on it, one
    /// in a private network others in such networks.
    public static Reach around(String host) {
        return new Reach(host);
    }

    /// Whether an address may be connected to.
    public boolean covers(InetAddress address) {
        if (home.isEmpty()) {
            return true;
        }
        var zone = zone(address);
        return zone == Zone.PUBLIC || (zone != Zone.SPECIAL && zones(home).contains(zone));
    }

    /// The zone of an address.
    public static Zone zone(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Zone.LOOPBACK;
        }
        if (SPECIAL.stream().anyMatch(range -> range.contains(address))) {
            return Zone.SPECIAL;
        }
        return PRIVATE.stream().anyMatch(range -> range.contains(address)) ? Zone.PRIVATE : Zone.PUBLIC;
    }

    /// The zones of all addresses that a host has now; none for one that is not known.
    public static Set<Zone> zones(String host) {
        var zones = EnumSet.noneOf(Zone.class);
        try {
            for (var address : InetAddress.getAllByName(host)) {
                zones.add(zone(address));
            }
        } catch (UnknownHostException unknown) {
            return Set.of();
        }
        return zones;
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts).map(AddressRange::of).toList();
    }
}
