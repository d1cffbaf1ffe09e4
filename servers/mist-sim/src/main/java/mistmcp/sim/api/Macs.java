package mistmcp.sim.api;

import java.util.Locale;
import java.util.regex.Pattern;

/// MAC addresses in their forms.
final class Macs {
    private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}[:.-]?){5}[0-9a-fA-F]{2}");

    private Macs() {}

    static boolean isMac(String text) {
        return MAC.matcher(text).matches();
    }

    /// 12 lower-case hex digits.
    static String plain(String mac) {
        return mac.replaceAll("[:.-]", "").toLowerCase(Locale.ROOT);
    }

    /// Six pairs with a separator between them.
    static String pairs(String mac, String separator) {
        return String.join(separator, plain(mac).split("(?<=\\G..)"));
    }
}
