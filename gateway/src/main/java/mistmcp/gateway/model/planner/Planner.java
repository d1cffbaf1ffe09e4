package mistmcp.gateway.model.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.gateway.model.Ask;
import mistmcp.gateway.model.Desk;
import mistmcp.gateway.model.Model;
import mistmcp.gateway.model.Reply;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// The built-in planner: reads a message, chooses a tool of the catalogue by its words, fills its arguments
/// from its schema, and shows the result as a table. The same message and catalogue always bring the same
/// calls; what tools answer is shown and never read for meaning. Safe for several threads.
public final class Planner implements Model {
    private static final int MAX_READ = 2_000;
    private static final Pattern GIVE_UP = Pattern.compile("(?i)(never ?mind|cancel|stop|forget it|no|nothing)[.!]?");
    private static final Pattern APPROVE =
            Pattern.compile("\\b(?:approve|confirm|commit|apply)\\b.*\\b(?:plans?|change|changes)\\b");
    private static final Pattern CLAUSES =
            Pattern.compile("(?<=[.?!;])\\s+|\\s*,?\\s+and (?:also )?(?=[a-z])|,\\s+then\\s+");

    private final Lexicon lexicon = Lexicon.load();
    private final Reader reader = new Reader(lexicon);
    private final Slots slots = new Slots(lexicon, reader);
    private final Ranking ranking = new Ranking(lexicon, slots);
    private final Recipes recipes = Recipes.load();
    private final CatalogueCache catalogues = new CatalogueCache(reader, lexicon);

    @Override
    public String id() {
        return "planner/1";
    }

    @Override
    public String label() {
        return "Built-in planner, not an AI. It matches your words to tools.";
    }

    @Override
    public Reply answer(Ask ask, Desk desk) throws InterruptedException {
        var catalogue = catalogues.of(ask.tools());
        var turn = new Turn(ask, desk, catalogue, slots, reader);
        var message = ask.message().strip();
        if (message.startsWith("/planner ")) {
            message = message.substring("/planner ".length()).strip();
        }
        if (message.length() > MAX_READ) {
            return turn.says("This is too long for me: I match words, and read up to " + MAX_READ
                    + " characters. Say it in one sentence, please.");
        }
        if (message.startsWith("/")) {
            return new Commands(turn, label()).run(message);
        }
        var waiting = Memory.read(ask.memory());
        if (waiting.isPresent() && waiting.get().asked().isPresent()) {
            var filled = reply(turn, waiting.get(), message);
            if (filled.isPresent()) {
                return filled.get();
            }
        }
        var chat = chatter(turn, message);
        return chat.isPresent() ? chat.get() : asked(turn, reader.read(message), waiting);
    }

    /// The answer to a question of ours; empty when the message is something else.
    private Optional<Reply> reply(Turn turn, Memory waiting, String message) throws InterruptedException {
        if (GIVE_UP.matcher(message).matches()) {
            return Optional.of(turn.says("Dropped; nothing was called."));
        }
        var doc = turn.catalogue().named(waiting.tool());
        var property = doc.flatMap(known -> known.properties().stream()
                .filter(one -> Optional.of(one.name()).equals(waiting.asked()))
                .findFirst());
        if (doc.isEmpty() || property.isEmpty() || asksAnew(message)) {
            return Optional.empty();
        }
        var more = more(doc.get(), waiting.arguments(), property.get(), message);
        if (more.isPresent()) {
            return Optional.of(turn.call(doc.get(), more.get(), List.of()));
        }
        var value = slots.reply(property.get(), message);
        if (value.isEmpty()) {
            return Optional.of(turn.question(doc.get(), waiting.arguments(), property.get(), "That does not fit. "));
        }
        return Optional.of(
                turn.call(doc.get(), waiting.arguments().with(property.get().name(), value.get()), List.of()));
    }

    /// What an answer gives of the arguments that are needed, when it gives another than was asked for.
    private Optional<JsonObject> more(ToolDoc doc, JsonObject before, Property asked, String message) {
        var given = slots.fill(doc, reader.read(message)).arguments();
        var needed = doc.required().stream()
                .map(Property::name)
                .filter(name -> !before.has(name) && given.has(name))
                .toList();
        boolean formed =
                doc.properties().stream().anyMatch(property -> needed.contains(property.name()) && property.is("port"));
        if (needed.isEmpty() || needed.equals(List.of(asked.name())) || !formed) {
            return Optional.empty();
        }
        var arguments = before;
        for (var name : needed) {
            arguments = arguments.with(name, given.get(name).orElseThrow());
        }
        return Optional.of(arguments);
    }

    private boolean asksAnew(String message) {
        var reading = reader.read(message);
        boolean reads = !reading.plain().isEmpty()
                && lexicon.reads(reading.plain().getFirst())
                && reading.plain().size() > 1;
        return reading.action().isPresent() || reads || reading.plain().size() > 8;
    }

    private Optional<Reply> chatter(Turn turn, String message) {
        var plain = message.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_' ]+", " ")
                .strip();
        var words = List.of(plain.split("\\s+"));
        if (plain.isEmpty() || lexicon.isHelp(plain.replace("'", "")) || lexicon.isGreeting(words)) {
            return Optional.of(turn.introduction(label()));
        }
        if (lexicon.isApproval(words)) {
            return Optional.of(cannotApprove(turn));
        }
        return Optional.empty();
    }

    private static Reply cannotApprove(Turn turn) {
        return turn.says("I cannot approve or apply a change: a person does that on the plan's page, by typing its"
                + " phrase. `/plan` shows where your plans stand.");
    }

    private Reply asked(Turn turn, Reading reading, Optional<Memory> before) throws InterruptedException {
        var catalogue = turn.catalogue();
        if (APPROVE.matcher(String.join(" ", reading.plain())).find()) {
            return cannotApprove(turn);
        }
        var recipe = recipes.find(reading, catalogue);
        if (recipe.isPresent()) {
            return turn.recipe(recipe.get(), reading);
        }
        var decision = ranking.decide(catalogue, reading);
        if (decision instanceof Decision.Clear(ToolDoc doc, Filled filled)) {
            return turn.run(doc, filled, reading);
        }
        if (Reader.superlative(reading.message())
                && ranking.decide(catalogue, reading.ungrouped())
                        instanceof Decision.Clear(ToolDoc doc, Filled filled)) {
            return turn.run(doc, filled, reading);
        }
        var several = several(catalogue, reading);
        if (!several.isEmpty()) {
            return turn.all(several);
        }
        var further = further(turn, reading, before);
        if (further.isPresent()) {
            return further.get();
        }
        var lookup = lookup(catalogue, reading);
        if (lookup.isPresent()) {
            var found = lookup.get();
            boolean plainly = reading.words()
                    .noneMatch(word -> word.term().kind() == Lexicon.Kind.ATTRIBUTE
                            || word.term().kind() == Lexicon.Kind.STATE);
            return found.doc().finds() && plainly
                    ? turn.look(found.doc(), found.filled(), about(catalogue))
                    : turn.run(found.doc(), found.filled(), reading);
        }
        return switch (decision) {
            case Decision.Clear(ToolDoc doc, Filled filled) -> turn.run(doc, filled, reading);
            case Decision.Unclear(List<ToolDoc> candidates) -> turn.didYouMean(candidates, reading);
            case Decision.NoTool(Optional<String> missing, List<ToolDoc> nearest)
            when missing.isEmpty()
                    && nearest.isEmpty()
                    && reading.action().isEmpty()
                    && !reading.names().isEmpty() -> turn.noTool(missing, about(catalogue), reading);
            case Decision.NoTool(Optional<String> missing, List<ToolDoc> nearest) ->
                turn.noTool(missing, nearest, reading);
        };
    }

    /// Several questions in one message, each of them clear by itself and a read.
    private List<Decision.Clear> several(Catalogue catalogue, Reading reading) {
        var parts = CLAUSES.split(reading.message());
        if (parts.length < 2
                || parts.length > Turn.MAX_CALLS
                || reading.action().isPresent()) {
            return List.of();
        }
        var clear = new ArrayList<Decision.Clear>();
        for (var part : parts) {
            if (ranking.decide(catalogue, reader.read(part)) instanceof Decision.Clear one
                    && !one.doc().tool().write()
                    && one.filled().complete()) {
                clear.add(one);
            }
        }
        return clear.size() == parts.length ? clear : List.of();
    }

    /// A message such as `and at the other one?`: the last read again, with what the message gives.
    private Optional<Reply> further(Turn turn, Reading reading, Optional<Memory> before) throws InterruptedException {
        boolean again = reading.message().strip().matches("(?i)(and|what about|how about|same for|also|now for)\\b.*")
                && !reading.values().isEmpty()
                && reading.words().noneMatch(word -> word.term().kind() == Lexicon.Kind.NOUN && !word.bound());
        var doc = before.flatMap(last -> turn.catalogue().named(last.tool()));
        if (!again || doc.isEmpty() || doc.get().tool().write()) {
            return Optional.empty();
        }
        var filled = slots.fill(doc.get(), reading);
        return filled.arguments().isEmpty() || !filled.unused().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        turn.call(doc.get(), before.orElseThrow().arguments().withAll(filled.arguments()), List.of()));
    }

    /// The tools that tell what there is to tell of one named thing.
    private static List<ToolDoc> about(Catalogue catalogue) {
        return catalogue.docs().stream()
                .filter(doc -> !doc.tool().write() && doc.tool().denied().isEmpty())
                .filter(doc -> doc.finds()
                        || (doc.required().size() == 1
                                && doc.head()
                                        .filter(head -> !head.equals("plan"))
                                        .isPresent()
                                && doc.required().getFirst().entity().equals(doc.head())))
                .toList();
    }

    /// A message that only names something: it is looked up.
    private Optional<Decision.Clear> lookup(Catalogue catalogue, Reading reading) {
        var names = reading.names();
        boolean only = reading.action().isEmpty()
                && names.size() == 1
                && reading.values().stream().noneMatch(value -> value.kind() == Piece.Kind.PORT)
                && reading.words()
                        .noneMatch(word -> word.term().kind() == Lexicon.Kind.UNKNOWN
                                || word.term().kind() == Lexicon.Kind.ACTION
                                || (word.term().kind() == Lexicon.Kind.NOUN && !word.bound()));
        if (!only) {
            return Optional.empty();
        }
        var one = one(catalogue, names.getFirst());
        if (one.isPresent()) {
            return one;
        }
        var finder = catalogue.finder();
        if (finder.isEmpty()) {
            return Optional.empty();
        }
        var query = finder.get().query().orElseThrow().name();
        var arguments = JsonObject.of(query, Json.of(names.getFirst().text()));
        return Optional.of(new Decision.Clear(
                finder.get(), new Filled(arguments, List.of(), List.of(), java.util.Map.of(), java.util.Map.of())));
    }

    /// The tool that shows one thing of the kind that a name is said to be: the state of a switch.
    private Optional<Decision.Clear> one(Catalogue catalogue, Piece.Value name) {
        var kind = name.left().or(name::right);
        if (kind.isEmpty() || !name.kind().named()) {
            return Optional.empty();
        }
        var wanted = lexicon.parent(kind.get()).orElse(kind.get());
        return catalogue.docs().stream()
                .filter(doc -> !doc.tool().write() && doc.head().equals(Optional.of(wanted)))
                .filter(doc -> doc.required().size() == 1)
                .flatMap(doc -> doc.required().stream()
                        .filter(property -> property.is(wanted) && property.takes(name.text()))
                        .map(property -> new Decision.Clear(
                                doc,
                                new Filled(
                                        JsonObject.of(property.name(), name.text()),
                                        List.of(),
                                        List.of(),
                                        java.util.Map.of(),
                                        java.util.Map.of()))))
                .findFirst();
    }
}
