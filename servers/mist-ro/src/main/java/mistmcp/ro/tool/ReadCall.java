package mistmcp.ro.tool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.Device;
import mistmcp.mist.Mac;
import mistmcp.mist.Match;
import mistmcp.mist.MistGet;
import mistmcp.mist.MistReading;
import mistmcp.mist.OrgId;
import mistmcp.mist.Site;
import mistmcp.mist.SiteId;
import mistmcp.mist.UntrustedText;
import org.jspecify.annotations.Nullable;

/// One call of a read tool: its arguments, resolved within the caller's scope, and its reads. Used by one
/// thread.
final class ReadCall {
    static final int MOST_ROWS = 100;
    private static final int ROWS = 25;

    private final String tool;
    private final JsonObject arguments;
    private final MistReading reading;
    private final Cursors cursors;
    private @Nullable Map<SiteId, Site> sites;
    private @Nullable Map<Mac, Device> devices;

    ReadCall(String tool, JsonObject arguments, MistReading reading, Cursors cursors) {
        this.tool = tool;
        this.arguments = arguments;
        this.reading = reading;
        this.cursors = cursors;
    }

    MistReading reading() {
        return reading;
    }

    OrgId org() {
        return reading.org();
    }

    /// An argument that is text, blanks around it dropped; a blank one is none.
    Optional<String> text(String name) {
        return arguments.string(name).map(String::strip).filter(text -> !text.isEmpty());
    }

    String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    Optional<Boolean> bool(String name) {
        return arguments.bool(name);
    }

    int limit() {
        return arguments.integer("limit").map(Long::intValue).orElse(ROWS);
    }

    /// The site that the argument `site` names.
    Optional<Site> site() throws InterruptedException {
        var named = text("site");
        return named.isEmpty() ? Optional.empty() : Optional.of(one(reading.site(named.get()), "site"));
    }

    /// The device that the argument `device` names; its site, when one is named too, must be its own.
    Optional<Device> device() throws InterruptedException {
        var named = text("device");
        if (named.isEmpty()) {
            return Optional.empty();
        }
        var match = reading.device(named.get());
        var site = site();
        var narrowed = site.isPresent() ? narrowed(match, site.get().id()) : match;
        return Optional.of(one(narrowed, "device"));
    }

    /// The sites that a list without an argument `site` walks over, or the one named; empty for "the
    /// organisation as a whole", when all sites are in scope and none is named.
    Optional<List<Site>> sitesToWalk() throws InterruptedException {
        var named = site();
        if (named.isPresent()) {
            return Optional.of(List.of(named.get()));
        }
        return reading.scope().all() ? Optional.empty() : Optional.of(reading.sites());
    }

    /// One source for the organisation, or one for each site to walk over.
    List<Walk.Source> sources(
            Function<OrgId, MistGet> whole,
            Function<SiteId, MistGet> single,
            Function<JsonObject, Optional<JsonObject>> row)
            throws InterruptedException {
        return sitesToWalk()
                .map(list -> list.stream()
                        .map(site -> new Walk.Source(single.apply(site.id()), row))
                        .toList())
                .orElseGet(() -> List.of(new Walk.Source(whole.apply(org()), row)));
    }

    /// The site's name as it may be shown; empty outside the scope.
    Optional<String> siteName(SiteId id) throws InterruptedException {
        if (sites == null) {
            var known = new HashMap<SiteId, Site>();
            reading.sites().forEach(site -> known.put(site.id(), site));
            sites = known;
        }
        return Optional.ofNullable(sites.get(id)).map(site -> UntrustedText.clean(site.name()));
    }

    /// The device of a MAC address, when it is in scope.
    Optional<Device> deviceOf(Optional<Mac> mac) throws InterruptedException {
        if (devices == null) {
            var known = new HashMap<Mac, Device>();
            reading.devices().forEach(device -> known.put(device.mac(), device));
            devices = known;
        }
        var all = devices;
        return mac.flatMap(address -> Optional.ofNullable(all.get(address)));
    }

    /// Loads the names of sites and devices, so that rows can be made without waiting.
    Names names() throws InterruptedException {
        siteName(new SiteId("00000000-0000-0000-0000-000000000000"));
        deviceOf(Optional.empty());
        return new Names(
                Map.copyOf(java.util.Objects.requireNonNull(sites)), java.util.Objects.requireNonNull(devices));
    }

    /// Where the caller wants to go on.
    Optional<Position> position() {
        return text("cursor")
                .map(cursor -> cursors.open(tool, arguments, reading.scope(), cursor)
                        .orElseThrow(() -> new Refusal(
                                "invalid_cursor",
                                "this cursor does not belong to this call; begin again without one, with the same"
                                        + " arguments")));
    }

    /// The answer of a list: the rows under a name, how many there are, and how to get the rest.
    ToolResult listed(String name, Listed listed, JsonObject more, List<String> untrusted) {
        var next = listed.next().map(position -> cursors.seal(tool, arguments, reading.scope(), position));
        var result = JsonObject.of(
                        name,
                        JsonArray.ofAll(listed.rows()),
                        "shown",
                        listed.rows().size())
                .withPresent("total", listed.total())
                .with("truncated", next.isPresent())
                .withPresent("cursor", next)
                .withAll(more);
        return answer(result, untrusted);
    }

    /// An answer with the places of text that strangers can write.
    static ToolResult answer(JsonObject result, List<String> untrusted) {
        return ToolResult.of(result).withMeta(JsonObject.of("mistmcp/untrusted", untrusted));
    }

    /// A page of rows that are all at hand.
    Listed slice(List<JsonObject> rows) {
        int from = Math.min(position().map(Position::skip).orElse(0), rows.size());
        int to = from;
        int bytes = 0;
        while (to < rows.size() && to - from < limit()) {
            bytes += Json.bytes(rows.get(to)).length;
            if (bytes > Walk.MOST_BYTES && to > from) {
                break;
            }
            to++;
        }
        var next = to < rows.size()
                ? Optional.of(new Position(0, 1, Optional.empty(), to, Optional.empty()))
                : Optional.<Position>empty();
        return new Listed(rows.subList(from, to), Optional.of((long) rows.size()), next);
    }

    private static Match<Device> narrowed(Match<Device> match, SiteId site) {
        return switch (match) {
            case Match.One<Device>(var device) ->
                device.site().filter(site::equals).isPresent() ? match : new Match.None<>();
            case Match.None<Device> none -> none;
            case Match.Several<Device>(var candidates) ->
                Match.of(candidates.stream()
                        .filter(device -> device.site().filter(site::equals).isPresent())
                        .toList());
        };
    }

    private static <T> T one(Match<T> match, String kind) {
        return switch (match) {
            case Match.One<T>(var found) -> found;
            case Match.None<T> _ -> throw new Refusal("not_found", "there is no " + kind + " of this id or exact name");
            case Match.Several<T>(var candidates) -> throw new Refusal(ambiguous(kind, candidates));
        };
    }

    private static <T> ToolResult ambiguous(String kind, List<T> candidates) {
        var message = "several objects have this name; give the id of one of the candidates";
        var ids = candidates.stream()
                .limit(20)
                .map(candidate -> switch (candidate) {
                    case Site site -> JsonObject.of("id", site.id().value());
                    case Device device ->
                        JsonObject.of(
                                        "id",
                                        device.id().value(),
                                        "mac",
                                        device.mac().digits(),
                                        "type",
                                        device.type())
                                .withPresent("siteId", device.site().map(SiteId::value));
                    default -> JsonObject.EMPTY;
                })
                .toList();
        return new ToolResult(
                JsonObject.of("code", "ambiguous_" + kind, "message", message, "candidates", ids),
                true,
                JsonObject.EMPTY,
                JsonArray.of(JsonObject.of(
                        "type",
                        "text",
                        "text",
                        "ambiguous_" + kind + ": " + message + ": " + Json.text(JsonArray.ofAll(ids)))));
    }
}
