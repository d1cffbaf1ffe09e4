package mistmcp.json;

import java.math.BigDecimal;
import java.util.Optional;

/// A JSON number, kept as the text it was written with (`1.10` stays `1.10`).
public record JsonNumber(String text) implements JsonValue {
    /// The number of a Java long.
    public static JsonNumber of(long value) {
        return new JsonNumber(Long.toString(value));
    }

    /// The number of a finite Java double; 64-bit floats that are whole are written without a fraction.
    public static JsonNumber of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not a JSON number");
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? of((long) value)
                : new JsonNumber(Double.toString(value));
    }

    /// The value as a long, when it is a whole number in range (`1e3` and `10.0` count).
    public Optional<Long> asLong() {
        if (text.length() > 40) {
            return Optional.empty();
        }
        try {
            var decimal = new BigDecimal(text);
            return Math.abs((long) decimal.scale()) > 40 ? Optional.empty() : Optional.of(decimal.longValueExact());
        } catch (ArithmeticException | NumberFormatException outOfRange) {
            return Optional.empty();
        }
    }

    /// The nearest double; infinite when the number is beyond its range.
    public double asDouble() {
        return Double.parseDouble(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
