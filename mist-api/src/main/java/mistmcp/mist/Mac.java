package mistmcp.mist;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A MAC address. Mist takes and gives 12 hex digits, but answers vary in form: all forms are read, one is
/// written.
///
/// @param digits 12 hex digits in lower case
public record Mac(String digits) {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{12}");
    private static final Pattern WRITTEN = Pattern.compile(
            "[0-9a-f]{12}|[0-9a-f]{2}([:-])[0-9a-f]{2}(\\1[0-9a-f]{2}){4}|[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}");

    /// Takes 12 hex digits in lower case.
    ///
    /// @throws IllegalArgumentException when the text is another
    public Mac {
        if (!DIGITS.matcher(digits).matches()) {
            throw new IllegalArgumentException("not a MAC address");
        }
    }

    /// The address of a text: 12 hex digits, or with `:`, `-` or Cisco's dots, in any case. Empty for
    /// anything else.
    public static Optional<Mac> of(String text) {
        var lower = text.strip().toLowerCase(Locale.ROOT);
        return WRITTEN.matcher(lower).matches()
                ? Optional.of(new Mac(lower.replaceAll("[:.-]", "")))
                : Optional.empty();
    }

    /// The form people read: `5c:5b:35:0e:00:61`.
    public String withColons() {
        return digits.replaceAll("(..)(?!$)", "$1:");
    }

    @Override
    public String toString() {
        return digits;
    }
}
