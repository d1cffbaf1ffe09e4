package mistmcp.mist;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The form of Mist's ids.
final class Uuids {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Uuids() {}

    static boolean isUuid(String text) {
        return UUID.matcher(text).matches();
    }

    static Optional<String> of(String text) {
        return Optional.of(text.strip().toLowerCase(Locale.ROOT)).filter(Uuids::isUuid);
    }
}
