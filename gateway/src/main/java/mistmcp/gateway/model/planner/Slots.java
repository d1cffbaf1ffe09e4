package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Fills a tool's arguments from a message, by the tool's schema alone.
final class Slots {
    private static final double ENOUGH = 0.5;
    private static final double TOO_CLOSE = 0.35;
    private static final Set<String> LIMITING =
            Set.of("top", "first", "last", "limit", "max", "maximum", "latest", "most", "only", "newest");

    private static final Pattern EXAMPLE = Pattern.compile("`([A-Za-z_]+)`");

    private final Affinity affinity;
    private final Reader reader;

    Slots(Lexicon lexicon, Reader reader) {
        this.affinity = new Affinity(lexicon);
        this.reader = reader;
    }

    private record Pair(Piece.Value value, Property property, double score) {}

    Filled fill(ToolDoc doc, Reading reading) {
        var arguments = new TreeMap<Integer, Map.Entry<String, JsonValue>>();
        var used = new LinkedHashSet<Piece.Value>();
        var properties = doc.properties();
        for (int at = 0; at < properties.size(); at++) {
            var property = properties.get(at);
            int place = at;
            chosen(property, reading, used)
                    .or(() -> Flags.of(property, properties, reading, reader))
                    .or(() -> duration(property, reading, used))
                    .or(() -> address(property, doc, reading, used))
                    .or(() -> example(property, doc, reading))
                    .ifPresent(value -> arguments.put(place, Map.entry(property.name(), value)));
        }
        var ambiguous = new LinkedHashMap<Piece.Value, List<Property>>();
        var ids = new LinkedHashMap<Piece.Value, Property>();
        var taken = new LinkedHashSet<Property>();
        var pairs = pairs(doc, reading, used);
        for (var pair : pairs) {
            int place = properties.indexOf(pair.property());
            if (used.contains(pair.value()) || taken.contains(pair.property()) || arguments.containsKey(place)) {
                continue;
            }
            var rivals = rivals(pair, pairs);
            if (rivals.size() > 1) {
                ambiguous.put(pair.value(), rivals);
            } else if (pair.property().onlyId() && pair.value().kind().named()) {
                ids.put(pair.value(), pair.property());
            } else {
                var value = value(pair);
                if (value.isEmpty()) {
                    continue;
                }
                arguments.put(place, Map.entry(pair.property().name(), value.get()));
            }
            used.add(pair.value());
            taken.add(pair.property());
        }
        country(doc, arguments);
        var members = new LinkedHashMap<String, JsonValue>();
        arguments.values().forEach(member -> members.put(member.getKey(), member.getValue()));
        var missing = doc.required().stream()
                .filter(property -> !members.containsKey(property.name()))
                .filter(property -> !taken.contains(property)
                        || !(ambiguous.values().stream().anyMatch(of -> of.contains(property))
                                || ids.containsValue(property)))
                .toList();
        var unused = reading.values().stream()
                .filter(value -> !used.contains(value) && value.kind() != Piece.Kind.NUMBER)
                .toList();
        return new Filled(new JsonObject(members), missing, unused, ambiguous, ids);
    }

    /// The country at the end of a postal address.
    private static void country(ToolDoc doc, Map<Integer, Map.Entry<String, JsonValue>> arguments) {
        for (int at = 0; at < doc.properties().size(); at++) {
            var property = doc.properties().get(at);
            if (property.names().contains("country") && !arguments.containsKey(at)) {
                int place = at;
                arguments.values().stream()
                        .filter(argument -> argument.getKey().endsWith("address"))
                        .map(argument -> ((JsonString) argument.getValue()).value())
                        .flatMap(address -> Countries.code(address.substring(address.lastIndexOf(',') + 1)).stream())
                        .findFirst()
                        .ifPresent(code -> arguments.put(place, Map.entry(property.name(), Json.of(code))));
            }
        }
    }

    /// The text of an answer to a question for one argument; empty when it cannot stand there.
    Optional<JsonValue> reply(Property property, String text) {
        var reading = reader.read(text);
        var value = chosen(property, reading, new LinkedHashSet<>())
                .or(() -> property.type("boolean") ? yesOrNo(text) : Optional.empty())
                .or(() -> duration(property, reading, new LinkedHashSet<>()));
        if (value.isPresent()) {
            return value;
        }
        if (!property.options().isEmpty() || property.type("boolean")) {
            return Optional.empty();
        }
        var one = reading.values().size() == 1
                ? reading.values().getFirst().text()
                : text.strip().replaceAll("^[\"'“‘]|[\"'”’.]$", "");
        return value(one, property);
    }

    private static Optional<JsonValue> yesOrNo(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "yes", "y", "true", "on" -> Optional.of(Json.of(true));
            case "no", "n", "false", "off" -> Optional.of(Json.of(false));
            default -> Optional.empty();
        };
    }

    private List<Pair> pairs(ToolDoc doc, Reading reading, Set<Piece.Value> used) {
        var pairs = new ArrayList<Pair>();
        for (var value : reading.values()) {
            for (var property : doc.properties()) {
                double score = used.contains(value) ? 0 : affinity.of(value, property, doc, reading);
                if (score >= ENOUGH) {
                    pairs.add(new Pair(value, property, score));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble((Pair pair) -> -pair.score())
                .thenComparingInt(pair -> pair.value().start())
                .thenComparingInt(pair -> doc.properties().indexOf(pair.property())));
        return pairs;
    }

    /// The arguments that a value could as well go to and that mean another kind of thing.
    private static List<Property> rivals(Pair best, List<Pair> pairs) {
        if (!best.value().kind().named() || best.value().left().isPresent()) {
            return List.of(best.property());
        }
        return pairs.stream()
                .filter(pair -> pair.value().equals(best.value()) && best.score() - pair.score() < TOO_CLOSE)
                .map(Pair::property)
                .filter(property -> property.equals(best.property())
                        || !property.entity().equals(best.property().entity()))
                .filter(property -> property.entity().isPresent())
                .toList();
    }

    private static Optional<JsonValue> value(Pair pair) {
        return value(pair.value().text(), pair.property());
    }

    private static Optional<JsonValue> value(String text, Property property) {
        if (property.array()) {
            return Optional.of(JsonArray.of(text));
        }
        if (property.names().contains("country")) {
            return Countries.code(text).map(Json::of);
        }
        if (property.text()) {
            return forms(text, property).filter(property::takes).findFirst().map(Json::of);
        }
        boolean whole = property.type("integer") || property.type("number");
        return whole && text.matches("-?[0-9]{1,15}") ? Optional.of(Json.of(Long.parseLong(text))) : Optional.empty();
    }

    private static java.util.stream.Stream<String> forms(String text, Property property) {
        // A bare number is no port name where ports are called by kind and place, as `ge-0/0/7`.
        boolean bare = property.is("port")
                && text.matches("[0-9]+(/[0-9]+)*")
                && property.description().matches(".*[a-z]+-[0-9]+/[0-9]+/[0-9]+.*");
        return bare ? java.util.stream.Stream.empty() : java.util.stream.Stream.of(text);
    }

    /// One of the values that the schema lists, when the message says it.
    private Optional<JsonValue> chosen(Property property, Reading reading, Set<Piece.Value> used) {
        boolean unasked = property.array() && !property.names().stream().allMatch(reading::says);
        if (property.options().isEmpty() || unasked) {
            return Optional.empty();
        }
        var found = new LinkedHashSet<String>();
        for (var option : property.options()) {
            for (var value : reading.values()) {
                boolean word = value.kind().named()
                        || value.kind() == Piece.Kind.DURATION
                        || value.kind() == Piece.Kind.NUMBER;
                if (word && value.text().equalsIgnoreCase(option)) {
                    used.add(value);
                    found.add(option);
                }
            }
            var concepts =
                    reader.terms(option).stream().map(Lexicon.Term::concept).toList();
            boolean named =
                    reading.plain().contains(property.name()) && reading.plain().contains(option);
            boolean said = !concepts.isEmpty()
                    && concepts.stream().allMatch(concept -> says(reading, concept, property.group()));
            if (said || named) {
                found.add(option);
            }
        }
        if (property.array()) {
            return found.isEmpty() ? Optional.empty() : Optional.of(JsonArray.ofAll(found));
        }
        if (found.size() == 1) {
            return Optional.of(Json.of(found.getFirst()));
        }
        boolean any = found.size() > 1 || (property.names().contains("type") && reading.says("device"));
        return any
                ? property.options().stream()
                        .filter(option -> option.equals("all") || option.equals("any"))
                        .findFirst()
                        .map(Json::of)
                : Optional.empty();
    }

    private static boolean says(Reading reading, String concept, boolean grouped) {
        return reading.words()
                .anyMatch(word -> word.grouped() == grouped
                        && !word.negated()
                        && (word.concept().equals(concept)
                                || Lexicon.stem(word.raw()).equals(Lexicon.stem(concept))));
    }

    private static Optional<JsonValue> duration(Property property, Reading reading, Set<Piece.Value> used) {
        var value = reading.values().stream()
                .filter(found -> found.kind() == Piece.Kind.DURATION)
                .findFirst();
        if (value.isEmpty()) {
            return limit(property, reading, used);
        }
        if (!property.is("duration")) {
            return limit(property, reading, used);
        }
        int hours = Values.hours(value.get().text());
        var written = Durations.of(property, hours);
        written.ifPresent(_ -> used.add(value.get()));
        return written;
    }

    private static Optional<JsonValue> limit(Property property, Reading reading, Set<Piece.Value> used) {
        if (!property.is("limit") || !(property.type("integer") || property.type("number"))) {
            return Optional.empty();
        }
        return reading.values().stream()
                .filter(value -> value.kind() == Piece.Kind.NUMBER && LIMITING.contains(value.preposition()))
                .findFirst()
                .map(value -> {
                    used.add(value);
                    long most = property.schema().integer("maximum").orElse(1000L);
                    return Json.of(Math.clamp(Long.parseLong(value.text()), 1, most));
                });
    }

    /// A value that the schema gives as an example, when the message says it as a deed: `restarted`.
    private Optional<JsonValue> example(Property property, ToolDoc doc, Reading reading) {
        if (doc.tool().write() || !property.text() || property.array() || property.is("duration")) {
            return Optional.empty();
        }
        return EXAMPLE.matcher(property.description())
                .results()
                .map(match -> match.group(1))
                .filter(example -> {
                    var terms = reader.terms(example);
                    return !terms.isEmpty()
                            && terms.stream()
                                    .allMatch(
                                            term -> term.kind() == Lexicon.Kind.ACTION && reading.says(term.concept()));
                })
                .findFirst()
                .map(Json::of);
    }

    /// A postal address: the words from `at` to the next clause.
    private static Optional<JsonValue> address(Property property, ToolDoc doc, Reading reading, Set<Piece.Value> used) {
        boolean postal = property.name().matches("(?i)(street_?|site_?|postal_?)?address");
        if (!postal || !doc.tool().write()) {
            return Optional.empty();
        }
        var matcher = Address.PATTERN.matcher(reading.message());
        if (!matcher.find()) {
            return Optional.empty();
        }
        int start = matcher.start(1);
        int end = matcher.end(1);
        reading.values().stream()
                .filter(value -> start <= value.start() && value.start() < end)
                .forEach(used::add);
        return Optional.of(Json.of(matcher.group(1).strip()));
    }
}
