package mistmcp.http;

import java.net.InetAddress;
import java.util.Arrays;

/// A range of internet addresses in the form of RFC 4632: `10.0.0.0/8`, `fd00::/8`, or one address.
public final class AddressRange {
    private final byte[] first;
    private final int bits;

    private AddressRange(byte[] first, int bits) {
        this.first = first;
        this.bits = bits;
    }

    /// Reads a range.
    ///
    /// @throws IllegalArgumentException for a host name, for too many bits, and for an address that has bits
    ///                                  beyond its range, which is a slip more often than a wish
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        var literal = slash < 0 ? text : text.substring(0, slash);
        // The platform also reads `10.1` and `1` as addresses; nobody means that in a list of ranges.
        if (!literal.contains(":") && !literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            throw new IllegalArgumentException("not an address");
        }
        var address = InetAddress.ofLiteral(literal).getAddress();
        int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException("too many bits");
        }
        var range = new AddressRange(address, bits);
        if (!Arrays.equals(range.masked(address), address)) {
            throw new IllegalArgumentException("bits beyond the range");
        }
        return range;
    }

    /// Whether an address lies in this range.
    public boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == first.length && Arrays.equals(masked(bytes), first);
    }

    /// Whether every address is in it.
    public boolean everything() {
        return bits == 0;
    }

    private byte[] masked(byte[] address) {
        var masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            masked[i] = (byte) (masked[i] & (0xFF << (8 - kept)));
        }
        return masked;
    }
}
