package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import mistmcp.json.Json;
import mistmcp.json.JsonValue;

/// Writes a span of time as a schema wants it.
final class Durations {
    private Durations() {}

    static Optional<JsonValue> of(Property property, int hours) {
        if (property.type("integer") || property.type("number")) {
            return Optional.of(Json.of(number(property, hours)));
        }
        if (!property.text()) {
            return Optional.empty();
        }
        var description = property.description();
        boolean relative = description.matches(".*[`\\s(]-[0-9]+[mhdw].*");
        var forms = Stream.concat(relative ? forms(hours).map(form -> "-" + form) : Stream.empty(), forms(hours))
                .toList();
        var options = property.options();
        return forms.stream()
                .filter(form -> options.isEmpty() ? property.takes(form) : options.contains(form))
                .findFirst()
                .map(Json::of);
    }

    private static Stream<String> forms(int hours) {
        var days = hours / 24 + "d";
        var whole = hours % 24 == 0 ? List.of(days, hours + "h") : List.of(hours + "h");
        var iso = hours % 24 == 0 ? "P" + hours / 24 + "D" : "PT" + hours + "H";
        return Stream.concat(
                whole.stream(), Stream.of(iso, "PT" + hours + "H", hours / 168 + "w", Integer.toString(hours * 3600)));
    }

    private static long number(Property property, int hours) {
        var words = (property.name() + " " + property.description()).toLowerCase(Locale.ROOT);
        if (words.contains("hour")) {
            return hours;
        }
        if (words.contains("day")) {
            return Math.max(1, hours / 24);
        }
        return words.contains("minute") ? hours * 60L : hours * 3600L;
    }
}
