package mistmcp.gateway.model.planner;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// Asks that need several tools, as data in `recipes.json`. A recipe holds only where its tools are in the
/// catalogue.
final class Recipes {
    private final List<Recipe> recipes;

    private Recipes(List<Recipe> recipes) {
        this.recipes = recipes;
    }

    /// One recipe.
    ///
    /// @param when  sets of concepts: one of them must be in the message whole
    /// @param only  the things that may be named besides
    /// @param named whether it needs a value to look for
    record Recipe(String name, List<Set<String>> when, Set<String> only, boolean named, List<Step> steps) {}

    /// One call of a recipe.
    ///
    /// @param words  what the tool is asked, beside what the message says
    /// @param unless the tool that makes this step needless when it is there
    /// @param named  whether it is asked of what the message names, as the first step is
    record Step(String tool, String words, boolean optional, Optional<String> unless, boolean named) {}

    static Recipes load() {
        return new Recipes(Lexicon.resource("recipes.json").array("recipes").orElseThrow().objects().stream()
                .map(Recipes::recipe)
                .toList());
    }

    /// The recipe for a message, with the steps that the catalogue can do.
    Optional<Recipe> find(Reading reading, Catalogue catalogue) {
        if (reading.action().isPresent()) {
            return Optional.empty();
        }
        var concepts = reading.concepts();
        return recipes.stream()
                .filter(recipe -> recipe.when().stream().anyMatch(concepts::containsAll))
                .filter(recipe -> reading.words()
                        .filter(word -> word.term().kind() == Lexicon.Kind.NOUN)
                        .allMatch(word -> recipe.only().contains(word.concept())))
                .filter(recipe -> !recipe.named() || !reading.names().isEmpty())
                .flatMap(recipe -> doable(recipe, catalogue).stream())
                .findFirst();
    }

    private static Optional<Recipe> doable(Recipe recipe, Catalogue catalogue) {
        boolean whole = recipe.steps().stream()
                .filter(step -> !step.optional() && step.unless().isEmpty())
                .allMatch(step -> there(step.tool(), catalogue));
        var steps = recipe.steps().stream()
                .filter(step -> there(step.tool(), catalogue))
                .filter(step ->
                        step.unless().filter(other -> there(other, catalogue)).isEmpty())
                .toList();
        return whole
                ? Optional.of(new Recipe(recipe.name(), recipe.when(), recipe.only(), recipe.named(), steps))
                : Optional.empty();
    }

    private static boolean there(String tool, Catalogue catalogue) {
        return catalogue.named(tool).filter(doc -> !doc.tool().write()).isPresent();
    }

    private static Recipe recipe(JsonObject json) {
        return new Recipe(
                json.string("name").orElseThrow(),
                json.array("when").orElseThrow().stream().map(Recipes::set).toList(),
                set(json.array("only").orElseThrow()),
                json.has("needs"),
                json.array("steps").orElseThrow().objects().stream()
                        .map(step -> new Step(
                                step.string("tool").orElseThrow(),
                                step.string("words").orElse(""),
                                step.bool("optional").orElse(false),
                                step.string("unless"),
                                step.bool("named").orElse(false)))
                        .toList());
    }

    private static Set<String> set(JsonValue array) {
        return Set.copyOf(((JsonArray) array).strings());
    }
}
