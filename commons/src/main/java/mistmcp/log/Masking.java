package mistmcp.log;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import mistmcp.settings.Secret;

/// Takes secrets out of text: those that are known, and what looks like an authorization value or a JWT.
final class Masking {
    private static final String DOTS = "•••";
    private static final Pattern LOOKS_SECRET =
            Pattern.compile("(?i)\\b(token|bearer|basic)([ :=]+)(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,}"
                    + "|\\beyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)?");

    private final List<Secret> secrets;

    Masking(Collection<Secret> secrets) {
        this.secrets =
                secrets.stream().filter(secret -> secret.reveal().length() >= 4).toList();
    }

    String mask(String text) {
        var masked = text;
        for (var secret : secrets) {
            masked = masked.replace(secret.reveal(), DOTS);
        }
        return LOOKS_SECRET.matcher(masked).replaceAll(match -> {
            var scheme = match.group(1);
            return scheme == null ? DOTS : scheme + match.group(2) + DOTS;
        });
    }
}
