package mistmcp.rw.tool;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFailed;
import mistmcp.mist.MistFault;
import mistmcp.mist.MistReading;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteId;
import mistmcp.rw.mist.MistWrite;

/// Creates a site (`createOrgSite`). Mist takes a name twice, so a site of the same name is looked for first.
final class CreateSite implements WriteTool {
    private static final ToolDefinition DEFINITION = ToolDefinition.of(
            "create_site",
            "Create a site",
            "Create a new site in the organisation. It cannot be undone here. Needs all sites in scope.",
            Arguments.schema(
                    JsonObject.of(
                                    "name", Arguments.text(64),
                                    "address", Arguments.text(256),
                                    "country_code", JsonObject.of("type", "string", "pattern", "^[A-Z]{2}$"),
                                    "timezone", JsonObject.of("type", "string", "description", "IANA, as Europe/Oslo"),
                                    "latlng",
                                            Arguments.schema(
                                                    JsonObject.of("lat", degrees(90), "lng", degrees(180)),
                                                    "lat",
                                                    "lng"),
                                    "notes", Arguments.text(1000),
                                    "network_template",
                                            JsonObject.of("type", "string", "description", "id or exact name"),
                                    "like_site", Arguments.entity("site", "take the network template of this site"))
                            .withAll(Arguments.reasons()),
                    "name"),
            Optional.empty(),
            JsonObject.of(
                    "readOnlyHint", false,
                    "destructiveHint", false,
                    "idempotentHint", false));

    private final MistApi api;

    CreateSite(MistApi api) {
        this.api = api;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Change plan(Caller caller, JsonObject arguments) throws InterruptedException {
        if (!caller.scope().all()) {
            throw new Declined("needs_all_sites", "creating a site needs all sites in scope");
        }
        var name = Arguments.plain("name", arguments.string("name").orElse(""), 64);
        var reading = api.reading(caller.scope(), Arguments.PATIENCE);
        var template = template(reading, arguments);
        var site = body(arguments, name, template);
        var namesakes = namesakes(reading, name);
        var same = namesakes.stream()
                .filter(other -> holds(other, site))
                .findFirst()
                .flatMap(other -> other.string("id"));
        if (!namesakes.isEmpty() && same.isEmpty()) {
            throw new Declined(
                    "already_exists",
                    "a site called `" + Arguments.shown(name) + "` exists already, with other settings",
                    JsonObject.of(
                            "sites",
                            namesakes.stream()
                                    .flatMap(other -> other.string("id").stream())
                                    .toList()));
        }
        var shown = JsonObject.of("site", site);
        var preview = new Preview(
                List.of(new Target("site", same.orElse("new"), name, same.flatMap(SiteId::of), same.map(_ -> name))),
                same.isPresent() ? Optional.empty() : Optional.of(new MistWrite.CreateSite(reading.org(), site)),
                "create the site " + Arguments.shown(name),
                same.isPresent() ? shown : JsonObject.EMPTY,
                shown,
                JsonObject.of(
                        "org",
                        reading.org().value(),
                        "name",
                        name,
                        "namesakes",
                        namesakes.stream()
                                .flatMap(other -> other.string("id").stream())
                                .sorted()
                                .toList()),
                JsonObject.of("summary", "one new site, without devices", "sites", 1),
                warnings(site),
                new Preview.Undo.Impossible("a site is not deleted through this gateway"),
                "create " + Arguments.shown(name));
        return new Change(
                preview, shown, answer -> held(api.reading(caller.scope(), Arguments.PATIENCE), site, answer));
    }

    private static List<JsonObject> namesakes(MistReading reading, String name) throws InterruptedException {
        return reading.all(Operations.listOrgSites(reading.org()).fresh()).stream()
                .filter(other -> other.string("name")
                        .filter(taken -> taken.strip().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                        .isPresent())
                .toList();
    }

    private static boolean holds(JsonObject other, JsonObject site) {
        return projected(other, site).equals(site);
    }

    /// The site that was made, as Mist holds it, in the members that were asked for.
    private static JsonObject held(MistReading reading, JsonObject site, Optional<JsonObject> answer)
            throws InterruptedException {
        var id = answer.flatMap(body -> body.string("id")).flatMap(SiteId::of);
        var held = id.isPresent()
                ? Optional.of(reading.object(Operations.getSiteInfo(id.get()).fresh()))
                : namesakes(reading, site.string("name").orElse("")).stream().findFirst();
        return JsonObject.of("site", projected(held.orElseThrow(() -> new MistFailed(new MistFault.NotFound())), site));
    }

    private static JsonObject projected(JsonObject held, JsonObject site) {
        var projected = JsonObject.EMPTY;
        for (var member : site.names()) {
            projected = projected.withPresent(member, held.get(member));
        }
        return projected;
    }

    private static JsonObject body(JsonObject arguments, String name, Optional<String> template) {
        var country = arguments.string("country_code");
        country.filter(code -> !List.of(Locale.getISOCountries()).contains(code))
                .ifPresent(code -> {
                    throw new Declined("invalid_arguments", "`" + Arguments.shown(code) + "` is no country code");
                });
        var zone = arguments.string("timezone");
        zone.filter(id -> !ZoneId.getAvailableZoneIds().contains(id)).ifPresent(id -> {
            throw new Declined("invalid_arguments", "`" + Arguments.shown(id) + "` is no IANA time zone");
        });
        arguments.string("address").ifPresent(text -> Arguments.plain("address", text, 256));
        return JsonObject.of("name", name)
                .withPresent("address", arguments.string("address"))
                .withPresent("country_code", country)
                .withPresent("timezone", zone)
                .withPresent("latlng", arguments.object("latlng"))
                .withPresent("notes", arguments.string("notes"))
                .withPresent("networktemplate_id", template);
    }

    private static Optional<String> template(MistReading reading, JsonObject arguments) throws InterruptedException {
        var named = arguments.string("network_template");
        var like = arguments.string("like_site");
        if (named.isPresent() && like.isPresent()) {
            throw new Declined("invalid_arguments", "give `network_template` or `like_site`, not both");
        }
        if (like.isPresent()) {
            var site = Arguments.site(reading, like.get());
            return Optional.of(site.body()
                    .string("networktemplate_id")
                    .orElseThrow(() -> new Declined(
                            "invalid_arguments",
                            "the site `" + Arguments.shown(site.name()) + "` has no network template")));
        }
        return named.isPresent() ? Optional.of(templateNamed(reading, named.get())) : Optional.empty();
    }

    private static String templateNamed(MistReading reading, String idOrName) throws InterruptedException {
        var matching = reading.all(Operations.listOrgNetworkTemplates(reading.org())).stream()
                .filter(template -> template.string("id").equals(Optional.of(idOrName))
                        || template.string("name").equals(Optional.of(idOrName)))
                .flatMap(template -> template.string("id").stream())
                .toList();
        return switch (matching.size()) {
            case 0 ->
                throw new Declined("not_found", "there is no network template `" + Arguments.shown(idOrName) + "`");
            case 1 -> matching.getFirst();
            default ->
                throw new Declined(
                        "ambiguous",
                        "several network templates are called `" + Arguments.shown(idOrName) + "`: give the id",
                        JsonObject.of("candidates", matching));
        };
    }

    private static List<String> warnings(JsonObject site) {
        var warnings = new ArrayList<String>();
        if (!site.has("timezone")) {
            warnings.add("no time zone is given: the site will be on UTC");
        }
        if (!site.has("country_code")) {
            warnings.add("no country is given: access points need one before they may transmit");
        }
        if (!site.has("networktemplate_id")) {
            warnings.add("no network template is given: switches at the site start without common settings");
        }
        return warnings;
    }

    private static JsonObject degrees(int most) {
        return JsonObject.of("type", "number", "minimum", -most, "maximum", most);
    }
}
