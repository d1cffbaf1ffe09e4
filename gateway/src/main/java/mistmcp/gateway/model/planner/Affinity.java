package mistmcp.gateway.model.planner;

import java.util.Optional;
import java.util.Set;

/// How well a value of a message fits an argument of a tool: 0 not at all, 0.5 enough, 3 and more for sure.
final class Affinity {
    private static final Set<String> DEVICES = Set.of("device", "switch", "ap", "gateway");
    private static final Set<String> INTO = Set.of("to", "into", "onto", "in", "as", "use", "with", "using");
    private static final Set<String> WHERE_TO = Set.of("profile", "network", "vlan", "neighbour", "name");
    private static final Set<String> LABELLING = Set.of("label", "describe", "annotate", "tag");
    private static final Set<String> NOTED = Set.of("note", "description", "reason", "comment");

    private final Lexicon lexicon;

    Affinity(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    double of(Piece.Value value, Property property, ToolDoc doc, Reading reading) {
        if (!property.options().isEmpty()
                || property.type("boolean")
                || property.is("cursor")
                || property.is("duration")) {
            return 0;
        }
        return switch (value.kind()) {
            case MAC -> scored(property, "mac", 3, "text", 1, "client", 0.7, "device", 0.6);
            case IP -> scored(property, "ip", 3, "client", 1.5, "text", 1);
            case PORT -> scored(property, "port", 3);
            case VLAN ->
                property.names().contains("vlan") ? 3 : property.names().contains("network") ? 1.5 : 0;
            case PLAN -> property.is("plan") || property.names().contains("plan") ? 3 : 0;
            case EMAIL -> property.is("text") ? 1 : 0;
            case UUID -> id(value, property);
            case DURATION, NUMBER -> 0;
            case QUOTED, NAME, CODE -> name(value, property, doc, reading);
        };
    }

    private static double scored(Property property, Object... kindsAndScores) {
        for (int i = 0; i < kindsAndScores.length; i += 2) {
            var kind = (String) kindsAndScores[i];
            if (property.is(kind)
                    || (property.entity().isEmpty() && property.names().contains(kind))) {
                return ((Number) kindsAndScores[i + 1]).doubleValue();
            }
        }
        return 0;
    }

    private double id(Piece.Value value, Property property) {
        boolean named = property.entity().isPresent() && !property.is("limit") && !property.is("mac");
        if (!named) {
            return 0;
        }
        return value.left().filter(hint -> says(property, hint)).isPresent() ? 3 : 0.6;
    }

    private double name(Piece.Value value, Property property, ToolDoc doc, Reading reading) {
        if (!property.text()
                || property.ids()
                || property.is("mac")
                || property.is("ip")
                || property.is("port")
                || property.is("vlan")) {
            return 0;
        }
        boolean likened = value.before().stream().anyMatch(Set.of("like", "same", "copy", "template")::contains)
                || Set.of("as", "like").contains(value.preposition());
        if (property.like()) {
            return likened ? 3.5 : 0;
        }
        if (likened && value.kind() == Piece.Kind.NAME) {
            return 0;
        }
        double hinted = value.left().map(hint -> hint(property, hint)).orElse(0.0)
                + 0.8 * value.right().map(hint -> hint(property, hint)).orElse(0.0);
        if (set(value, property, reading)) {
            return 3;
        }
        if (described(value, property, reading)) {
            return 3;
        }
        if (NOTED.stream().anyMatch(property.names()::contains)) {
            return hinted > 2 ? hinted : 0;
        }
        boolean created = reading.action().equals(Optional.of("create"));
        if (created
                && property.names().equals(Set.of("name"))
                && value.left().isPresent()
                && value.left().equals(doc.head())) {
            return 3;
        }
        if (property.names().contains("country")) {
            return Countries.code(value.text()).isPresent() ? 2 : 0;
        }
        boolean other = hinted == 0 && (hintsAt(value.left(), doc, property) || hintsAt(value.right(), doc, property));
        return other ? 0 : hinted + placed(value, property, reading);
    }

    private static double placed(Piece.Value value, Property property, Reading reading) {
        var before = value.preposition();
        boolean coined = value.text().matches("(?=.*[0-9])[a-z0-9._-]+");
        if (property.is("site")) {
            double place =
                    Set.of("at", "in", "inside", "across", "near", "site").contains(before)
                            ? 1.2
                            : Set.of("of", "from", "for").contains(before) ? 0.9 : 0.5;
            return place + (coined ? -0.3 : 0.2);
        }
        if (property.entity().filter(DEVICES::contains).isPresent()) {
            return (Set.of("on", "of", "for", "from", "to", "at").contains(before) ? 1.0 : 0.6) + (coined ? 0.4 : -0.1);
        }
        if (property.is("client")) {
            return 0.7 + (coined ? 0.2 : 0);
        }
        if (property.is("text")) {
            return 0.55;
        }
        if (property.names().contains("profile") || property.names().contains("network")) {
            boolean other = reading.words()
                    .anyMatch(word -> word.term().kind() == Lexicon.Kind.ATTRIBUTE
                            && !WHERE_TO.contains(word.concept())
                            && !property.names().contains(word.concept()));
            double into = property.names().contains("profile") ? 1.15 : 1.1;
            boolean placed = INTO.contains(before) && (property.names().contains("profile") || !before.equals("in"));
            return placed && !other ? into : value.kind() == Piece.Kind.QUOTED ? 0.5 : 0;
        }
        if (property.names().equals(Set.of("name"))) {
            boolean given = Set.of("named", "called", "name").contains(before);
            boolean created = reading.action().equals(Optional.of("create"));
            return given ? 3 : created && value.kind() == Piece.Kind.QUOTED ? 1.8 : created ? 1.4 : 0.5;
        }
        boolean code = value.kind() == Piece.Kind.CODE || value.text().matches("[a-z0-9]+(_[a-z0-9]+)+");
        return code && property.names().contains("type") ? 1.5 : 0;
    }

    /// `set the ... of ... to` this.
    private static boolean set(Piece.Value value, Property property, Reading reading) {
        return reading.action().isPresent()
                && Set.of("to", "as").contains(value.preposition())
                && reading.words()
                        .filter(word -> word.term().kind() == Lexicon.Kind.ATTRIBUTE)
                        .findFirst()
                        .filter(word -> property.names().contains(word.concept()))
                        .isPresent();
    }

    /// `describe the ... as` this, `label the ...` this.
    private static boolean described(Piece.Value value, Property property, Reading reading) {
        return value.kind() == Piece.Kind.QUOTED
                && reading.action().equals(Optional.of("change"))
                && property.names().contains("description")
                && reading.plain().stream().anyMatch(LABELLING::contains);
    }

    private double hint(Property property, String hint) {
        if (says(property, hint)) {
            return 3;
        }
        return property.about().contains(hint) && !hint.equals("name") ? 1.2 : 0;
    }

    private boolean says(Property property, String hint) {
        var wider = lexicon.parent(hint);
        return property.is(hint)
                || property.names().contains(hint)
                || wider.filter(parent ->
                                property.is(parent) || property.names().contains(parent))
                        .isPresent()
                || (hint.equals("device")
                        && property.entity().filter(DEVICES::contains).isPresent());
    }

    /// Whether a hint speaks for another argument of the tool.
    private boolean hintsAt(Optional<String> hint, ToolDoc doc, Property but) {
        return hint.filter(said -> doc.properties().stream()
                        .anyMatch(property -> !property.equals(but)
                                && property.text()
                                && !property.like()
                                && !property.ids()
                                && says(property, said)))
                .isPresent();
    }
}
