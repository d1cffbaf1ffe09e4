package mistmcp.gateway.auth;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Recognises RSA moduli of the chips of CVE-2017-15361: their primes are powers of 65537 modulo many small
/// primes, and so is the modulus. A modulus made by chance passes for one about once in a hundred million.
final class Roca {
    private static final int LARGEST_PRIME = 167;
    private static final List<Subgroup> SUBGROUPS = subgroups();

    private record Subgroup(int prime, BitSet members) {}

    private Roca() {}

    static boolean weak(BigInteger modulus) {
        return SUBGROUPS.stream()
                .allMatch(group -> group.members()
                        .get(modulus.mod(BigInteger.valueOf(group.prime())).intValue()));
    }

    private static List<Subgroup> subgroups() {
        var groups = new ArrayList<Subgroup>();
        for (int prime = 3; prime <= LARGEST_PRIME; prime += 2) {
            if (BigInteger.valueOf(prime).isProbablePrime(30)) {
                var members = new BitSet(prime);
                for (int power = 1; !members.get(power); power = power * (65_537 % prime) % prime) {
                    members.set(power);
                }
                groups.add(new Subgroup(prime, members));
            }
        }
        return groups;
    }
}
