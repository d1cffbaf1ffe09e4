package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.model.ModelTool;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// A tool as the planner sees it: the words of its definition and its arguments.
///
/// @param head   what its name is about: ports for `list_switch_ports`
/// @param counts whether it counts rather than lists
/// @param kinds  the concepts in its name
/// @param terms  every concept of its definition, as often as it counts
/// @param known  the same as a set, wider concepts included
/// @param actions what it does, by its name and title, and by what it can switch on and off
record ToolDoc(
        ModelTool tool,
        Optional<String> head,
        boolean counts,
        Set<String> kinds,
        List<String> terms,
        Set<String> known,
        Set<String> told,
        Set<String> actions,
        List<Property> properties) {
    private static final Set<Lexicon.Kind> THINGS = Set.of(Lexicon.Kind.NOUN, Lexicon.Kind.ATTRIBUTE);

    /// Copies the collections given.
    ToolDoc {
        kinds = Set.copyOf(kinds);
        terms = List.copyOf(terms);
        known = Set.copyOf(known);
        told = Set.copyOf(told);
        actions = Set.copyOf(actions);
        properties = List.copyOf(properties);
    }

    static ToolDoc of(ModelTool tool, Reader reader, Lexicon lexicon) {
        var name = reader.terms(tool.name());
        var title = reader.terms(tool.title());
        // `without secrets` says what a tool does not tell.
        var description =
                reader.terms(tool.description().replaceAll("(?i)\\b(?:without|except|excluding)\\s+\\w+", " "));
        var properties = properties(tool, reader);
        var terms = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            name.forEach(term -> terms.add(term.concept()));
        }
        title.forEach(term -> terms.add(term.concept()));
        description.forEach(term -> terms.add(term.concept()));
        for (var property : properties) {
            terms.addAll(property.names());
            property.options().forEach(option -> reader.terms(option).forEach(term -> terms.add(term.concept())));
            terms.addAll(property.about());
        }
        var head = head(name);
        // A tool about the caller is no tool about gateways, whatever is in its name.
        if (head.equals(Optional.of("identity")) || head.equals(Optional.of("plan"))) {
            terms.removeIf("gateway"::equals);
        }
        terms.removeIf(term -> term.equals("reads") || term.equals("offtopic"));
        var known = new HashSet<>(terms);
        terms.forEach(term -> lexicon.parent(term).ifPresent(known::add));
        properties.forEach(property -> property.entity().ifPresent(known::add));
        var told = new HashSet<String>();
        List.of(name, title, description).forEach(part -> part.forEach(term -> told.add(term.concept())));
        boolean counts = name.stream().anyMatch(term -> term.kind() == Lexicon.Kind.COUNT);
        var kinds = name.stream().map(Lexicon.Term::concept).collect(java.util.stream.Collectors.toSet());
        return new ToolDoc(
                tool,
                head,
                counts,
                kinds,
                terms,
                known,
                told,
                actions(name, title, description, properties),
                properties);
    }

    /// The arguments that a call must have.
    List<Property> required() {
        return properties.stream().filter(Property::required).toList();
    }

    /// Whether it finds things of any kind by one free text.
    boolean finds() {
        return !tool.write()
                && tool.name().toLowerCase(Locale.ROOT).matches("(.*_)?(find|search|lookup|resolve)")
                && query().isPresent();
    }

    /// The argument that takes free text.
    Optional<Property> query() {
        return properties.stream().filter(property -> property.is("text")).findFirst();
    }

    /// Whether it does what an order asks for.
    boolean does(String action) {
        var opposite = switch (action) {
            case "enable" -> "disable";
            case "disable" -> "enable";
            case "unack" -> "open";
            default -> action;
        };
        return tool.write() && (actions.contains(action) || actions.contains(opposite));
    }

    private static Set<String> actions(
            List<Lexicon.Term> name,
            List<Lexicon.Term> title,
            List<Lexicon.Term> description,
            List<Property> properties) {
        var actions = new HashSet<String>();
        name.forEach(term -> actions.add(term.concept()));
        if (!name.stream().anyMatch(ToolDoc::deed)) {
            title.forEach(term -> actions.add(term.concept()));
            if (!title.stream().anyMatch(ToolDoc::deed)) {
                description.forEach(term -> actions.add(term.concept()));
            }
        }
        properties.stream()
                .filter(property -> property.type("boolean"))
                .forEach(property -> actions.addAll(property.names()));
        return actions;
    }

    private static boolean deed(Lexicon.Term term) {
        return term.kind() == Lexicon.Kind.ACTION || term.kind() == Lexicon.Kind.STATE;
    }

    private static Optional<String> head(List<Lexicon.Term> name) {
        var things = name.stream().filter(term -> THINGS.contains(term.kind())).toList();
        for (var special : List.of("identity", "plan")) {
            if (things.stream().anyMatch(term -> term.concept().equals(special))) {
                return Optional.of(special);
            }
        }
        return things.isEmpty()
                ? Optional.empty()
                : Optional.of(things.getLast().concept());
    }

    private static List<Property> properties(ModelTool tool, Reader reader) {
        var required =
                tool.inputSchema().array("required").orElse(JsonArray.EMPTY).strings();
        var properties = new ArrayList<Property>();
        tool.inputSchema()
                .object("properties")
                .orElse(JsonObject.EMPTY)
                .members()
                .forEach((name, schema) -> {
                    if (schema instanceof JsonObject object) {
                        properties.add(Property.of(name, object, required.contains(name), reader));
                    }
                });
        return properties;
    }
}
