package mistmcp.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The canonical form of a JSON value (RFC 8785): members sorted by UTF-16 code units, numbers as ECMAScript
/// writes them. A number that a 64-bit float cannot hold exactly has no canonical form here: it would be
/// another number.
public final class CanonicalJson {
    private CanonicalJson() {}

    /// The canonical UTF-8 bytes.
    ///
    /// @throws InvalidJson with `INEXACT_NUMBER` when a number is not exact (I-JSON, RFC 7493), or with
    ///                     `INVALID_UTF8` when a string holds a lone surrogate
    public static byte[] bytes(JsonValue value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(StringBuilder out, JsonValue value) {
        switch (value) {
            case JsonObject object -> {
                out.append('{');
                var names = object.names().toArray(String[]::new);
                Arrays.sort(names);
                for (int i = 0; i < names.length; i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    string(out, names[i]);
                    out.append(':');
                    write(out, object.get(names[i]).orElseThrow());
                }
                out.append('}');
            }
            case JsonArray array -> {
                out.append('[');
                for (int i = 0; i < array.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    write(out, array.get(i));
                }
                out.append(']');
            }
            case JsonString string -> string(out, string.value());
            case JsonNumber number -> out.append(number(number.text()));
            case JsonBoolean bool -> out.append(bool);
            case JsonNull _ -> out.append("null");
        }
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else if (Character.isSurrogate(c)) {
                        if (!Character.isHighSurrogate(c)
                                || i + 1 == text.length()
                                || !Character.isLowSurrogate(text.charAt(i + 1))) {
                            throw new InvalidJson(InvalidJson.Reason.INVALID_UTF8, "a string holds a lone surrogate");
                        }
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /// The number as ECMAScript's Number::toString writes it (ECMA-262, section 6.1.6.1.20).
    private static String number(String text) {
        if (shortInteger(text)) {
            return text;
        }
        double value = Double.parseDouble(text);
        var shortest = Double.isFinite(value) ? new BigDecimal(Double.toString(value)).stripTrailingZeros() : null;
        if (shortest == null || !sameNumber(text, value, shortest)) {
            throw new InvalidJson(
                    InvalidJson.Reason.INEXACT_NUMBER, "a number cannot be held exactly in 64 bits: write it as text");
        }
        if (value == 0) {
            return "0";
        }
        var digits = shortest.unscaledValue().abs().toString();
        int count = digits.length();
        int point = count - shortest.scale();
        var out = new StringBuilder(value < 0 ? "-" : "");
        if (count <= point && point <= 21) {
            out.append(digits).append("0".repeat(point - count));
        } else if (0 < point && point <= 21) {
            out.append(digits, 0, point).append('.').append(digits, point, count);
        } else if (-6 < point && point <= 0) {
            out.append("0.").append("0".repeat(-point)).append(digits);
        } else {
            int exponent = point - 1;
            out.append(digits.charAt(0));
            if (count > 1) {
                out.append('.').append(digits, 1, count);
            }
            out.append('e').append(exponent < 0 ? '-' : '+').append(Math.abs(exponent));
        }
        return out.toString();
    }

    /// Up to 15 digits without sign and leading zero: a double holds it, and writes it in the same way.
    private static boolean shortInteger(String text) {
        if (text.length() > 15 || text.charAt(0) == '0') {
            return text.equals("0");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(String text, double value, BigDecimal shortest) {
        if (text.length() > 400) {
            return false;
        }
        var written = new BigDecimal(text);
        if (written.signum() == 0) {
            return true;
        }
        boolean whole = written.stripTrailingZeros().scale() <= 0;
        return whole ? written.compareTo(new BigDecimal(value)) == 0 : written.compareTo(shortest) == 0;
    }
}
