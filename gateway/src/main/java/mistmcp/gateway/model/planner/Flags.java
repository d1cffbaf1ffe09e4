package mistmcp.gateway.model.planner;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.Json;
import mistmcp.json.JsonValue;

/// Fills yes-or-no arguments: `disabled`, `acked`, `poe`.
final class Flags {
    private static final Set<String> POLES = Set.of("enable", "disable");

    private Flags() {}

    static Optional<JsonValue> of(Property property, List<Property> all, Reading reading, Reader reader) {
        if (!property.type("boolean")) {
            return Optional.empty();
        }
        var topic = topic(property, reader);
        boolean negative = concepts(property, reader).contains("disable");
        if (topic.isEmpty()) {
            boolean elsewhere = all.stream()
                    .filter(other -> !other.equals(property) && other.type("boolean"))
                    .map(other -> topic(other, reader))
                    .anyMatch(other -> !other.isEmpty() && other.stream().allMatch(reading::says));
            return elsewhere ? Optional.empty() : pole(reading).map(on -> Json.of(on != negative));
        }
        if (topic.equals(Set.of("ack"))) {
            return truth(reading, "ack", "open");
        }
        if (topic.equals(Set.of("open"))) {
            return truth(reading, "open", "ack");
        }
        if (topic.equals(Set.of("up"))) {
            return truth(reading, "up", "down");
        }
        if (topic.equals(Set.of("down"))) {
            return truth(reading, "down", "up");
        }
        if (!topic.stream().allMatch(reading::says)) {
            return Optional.empty();
        }
        boolean no = reading.words().anyMatch(word -> topic.contains(word.concept()) && word.negated());
        var on = pole(reading).orElse(!no);
        return Optional.of(Json.of(on != negative));
    }

    /// Whether the message wants something on or off.
    private static Optional<Boolean> pole(Reading reading) {
        if (reading.action().filter(POLES::contains).isPresent()) {
            return Optional.of(reading.action().get().equals("enable"));
        }
        if (reading.says("disable")) {
            return Optional.of(reading.words().anyMatch(word -> word.concept().equals("disable") && word.negated()));
        }
        return reading.says("enable") ? Optional.of(true) : Optional.empty();
    }

    private static Optional<JsonValue> truth(Reading reading, String yes, String no) {
        if (reading.says(no)) {
            return Optional.of(Json.of(false));
        }
        return reading.words()
                .filter(word -> word.concept().equals(yes))
                .findFirst()
                .map(word -> Json.of(!word.negated()));
    }

    private static Set<String> topic(Property property, Reader reader) {
        var topic = new HashSet<>(concepts(property, reader));
        topic.removeAll(POLES);
        return topic;
    }

    private static Set<String> concepts(Property property, Reader reader) {
        var concepts = new HashSet<String>();
        reader.terms(property.name()).forEach(term -> concepts.add(term.concept()));
        return concepts;
    }
}
