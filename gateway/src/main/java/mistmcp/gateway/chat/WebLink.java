package mistmcp.gateway.chat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;

/// An address that an upstream wants a person to open. It is shown, and never fetched by us.
///
/// @param host     the host, set apart for the eye
/// @param punycode whether a part of the host stands for letters beyond ASCII, so that it may look like
///                 another when a browser shows it
record WebLink(String url, String host, boolean punycode) {
    private static final int MOST_CHARS = 2_048;

    /// An address as it is given: `https`, in full, of characters that a URI may have.
    ///
    /// @throws Unusable when it is another one
    static WebLink read(String url) throws Unusable {
        if (url.length() > MOST_CHARS) {
            throw new Unusable("the address has more than " + MOST_CHARS + " characters");
        }
        if (!url.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw new Unusable("the address has characters that no address may have");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException unreadable) {
            throw new Unusable("the address cannot be read");
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw new Unusable("the address is not `https`");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new Unusable("the address names no host, or a user beside it");
        }
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        return new WebLink(url, host, Arrays.stream(host.split("\\.")).anyMatch(label -> label.startsWith("xn--")));
    }
}
