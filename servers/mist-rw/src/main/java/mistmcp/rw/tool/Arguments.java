package mistmcp.rw.tool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mist.Device;
import mistmcp.mist.Match;
import mistmcp.mist.MistReading;
import mistmcp.mist.Site;
import mistmcp.mist.UntrustedText;

/// Reads what callers name, and writes the schemas in which they name it.
final class Arguments {
    /// How long the reads of one plan may take.
    static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final int MOST_CANDIDATES = 10;

    private Arguments() {}

    /// The site of an id or exact name.
    ///
    /// @throws Declined when there is none in scope, or several
    static Site site(MistReading reading, String idOrName) throws InterruptedException {
        return one(reading.site(idOrName), "site", idOrName, site -> site.id().value(), Site::name);
    }

    /// The switch of an id, MAC address or exact name.
    ///
    /// @throws Declined when there is none in scope, or several, or it is no switch
    static Device networkSwitch(MistReading reading, String idOrName, Optional<Site> site) throws InterruptedException {
        var match = site.isPresent()
                ? Match.of(candidates(reading.device(idOrName)).stream()
                        .filter(device -> device.site().equals(site.map(Site::id)))
                        .toList())
                : reading.device(idOrName);
        var found = one(match, "switch", idOrName, device -> device.id().value(), Device::name);
        if (!found.type().equals("switch")) {
            throw new Declined("invalid_arguments", "`" + shown(found.name()) + "` is no switch");
        }
        return found;
    }

    /// Text of a caller, or a name from Mist, as it may stand in a message.
    static String shown(String text) {
        return UntrustedText.clean(text, 80).replace('`', '\'');
    }

    /// A text that people will read.
    ///
    /// @throws Declined when it holds characters that cannot be seen, or is blank or too long
    static String plain(String name, String text, int mostChars) {
        if (text.isBlank()
                || text.length() > mostChars
                || !UntrustedText.clean(text, mostChars + 1).equals(text)) {
            throw new Declined(
                    "invalid_arguments",
                    "`" + name + "` must be one line of 1 to " + mostChars
                            + " visible characters, without blanks around");
        }
        return text;
    }

    /// The optional arguments that every write takes.
    static JsonObject reasons() {
        return JsonObject.of("note", text(200), "change_ref", text(64));
    }

    /// The schema of a text.
    static JsonObject text(int mostChars) {
        return JsonObject.of("type", "string", "maxLength", mostChars);
    }

    /// The schema of a text that names an object of Mist.
    static JsonObject entity(String entity, String description) {
        return JsonObject.of("type", "string", "x-mist-entity", entity, "description", description);
    }

    /// The schema of arguments.
    static JsonObject schema(JsonObject properties, String... required) {
        return JsonObject.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                List.of(required),
                "additionalProperties",
                false);
    }

    private static <T> List<T> candidates(Match<T> match) {
        return switch (match) {
            case Match.One<T> one -> List.of(one.found());
            case Match.None<T> _ -> List.of();
            case Match.Several<T> several -> several.candidates();
        };
    }

    private static <T> T one(
            Match<T> match, String kind, String asked, Function<T, String> id, Function<T, String> name) {
        return switch (match) {
            case Match.One<T> one -> one.found();
            case Match.None<T> _ -> throw new Declined("not_found", "there is no " + kind + " `" + shown(asked) + "`");
            case Match.Several<T> several ->
                throw new Declined(
                        "ambiguous",
                        "several are called `" + shown(asked) + "`: give the id of the " + kind,
                        JsonObject.of(
                                "candidates",
                                JsonArray.ofAll(several.candidates().stream()
                                        .limit(MOST_CANDIDATES)
                                        .map(found ->
                                                JsonObject.of("id", id.apply(found), "name", shown(name.apply(found))))
                                        .toList())));
        };
    }
}
