package mistmcp.mist;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;

/// The reads of one call of one caller. A site outside the caller's scope is answered as an absent one,
/// without asking Mist. Reads that fail throw [MistFailed], for the edge of the call. Safe for several
/// threads.
public final class MistReading {
    /// The largest page that Mist gives.
    public static final int LARGEST_PAGE = 1_000;

    private static final int MOST_PAGES = 100;

    private final MistApi api;
    private final SiteScope scope;
    private final Instant deadline;
    private final AtomicInteger calls = new AtomicInteger();

    MistReading(MistApi api, SiteScope scope, Instant deadline) {
        this.api = api;
        this.scope = scope;
        this.deadline = deadline;
    }

    /// One page of a list or search.
    ///
    /// @param rows  its objects
    /// @param total how many there are on all pages, where Mist says so
    /// @param next  what to hand to [#after] for the page behind; empty on the last
    public record Page(List<JsonObject> rows, Optional<Long> total, Optional<String> next) {
        /// Copies the list given.
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /// The sites that the caller may touch.
    public SiteScope scope() {
        return scope;
    }

    /// The organisation.
    public OrgId org() {
        return api.settings().org();
    }

    /// The time now.
    public Instant now() {
        return api.clock().instant();
    }

    /// Whether the cloud is simulated.
    public boolean simulated() {
        return api.settings().simulated();
    }

    /// How many calls went to Mist so far.
    public int calls() {
        return calls.get();
    }

    /// How many calls the token has left in this hour.
    public int callsLeft() {
        return api.budget().remaining();
    }

    /// Reads, and answers a failure as a value.
    public MistAnswer answer(MistGet get) throws InterruptedException {
        if (get.site().filter(site -> !scope.covers(site)).isPresent()) {
            return new MistAnswer.Failed(new MistFault.NotFound());
        }
        return api.read(get, deadline, calls::addAndGet);
    }

    /// Reads.
    ///
    /// @throws MistFailed when nothing usable came
    public MistAnswer.Read get(MistGet get) throws InterruptedException {
        return answer(get).orThrow();
    }

    /// Reads an object.
    ///
    /// @throws MistFailed when nothing usable came
    public JsonObject object(MistGet get) throws InterruptedException {
        return get(get).object();
    }

    /// The objects of all pages of a list that pages by number, at most 100,000.
    ///
    /// @throws MistFailed when a page cannot be read
    public List<JsonObject> all(MistGet get) throws InterruptedException {
        var rows = new ArrayList<JsonObject>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            var read = numbered(get, page, LARGEST_PAGE);
            rows.addAll(read.rows());
            if (read.next().isEmpty()) {
                break;
            }
        }
        return rows;
    }

    /// One page, counted from 1, of a list that pages by number. The last page is known by the total, or
    /// without one by being short.
    ///
    /// @throws MistFailed when it cannot be read
    public Page numbered(MistGet get, int page, int limit) throws InterruptedException {
        var read = get(get.with("limit", limit).with("page", page));
        var rows = read.rows();
        boolean more = !rows.isEmpty()
                && read.total().map(total -> (long) page * limit < total).orElse(rows.size() >= limit);
        return new Page(rows, read.total(), more ? Optional.of(Integer.toString(page + 1)) : Optional.empty());
    }

    /// The first page of a search that names its next page.
    ///
    /// @throws MistFailed when it cannot be read
    public Page search(MistGet get, int limit) throws InterruptedException {
        var first = get.with("limit", limit);
        return page(first, get(first));
    }

    /// A later page of a search, by the `next` of the page before. Only the query of `next` counts, and only
    /// when its path is that of the search: nothing that Mist sends leads to another host or operation.
    ///
    /// @throws MistFailed when `next` belongs to another operation, or the page cannot be read
    public Page after(MistGet get, String next) throws InterruptedException {
        var query = queryOf(get, next).orElseThrow(() -> new MistFailed(foreignNext()));
        if (get.site().filter(site -> !scope.covers(site)).isPresent()) {
            throw new MistFailed(new MistFault.NotFound());
        }
        var read = api.read(get.path() + "?" + query, get.keep(), deadline, calls::addAndGet)
                .orThrow();
        return page(get, read);
    }

    /// The objects of all pages of a search, at most `most`.
    ///
    /// @throws MistFailed when a page cannot be read
    public List<JsonObject> found(MistGet get, int most) throws InterruptedException {
        var page = search(get, Math.min(most, LARGEST_PAGE));
        var rows = new ArrayList<>(page.rows());
        while (page.next().isPresent() && rows.size() < most) {
            page = after(get, page.next().get());
            rows.addAll(page.rows());
        }
        return rows.size() > most ? List.copyOf(rows.subList(0, most)) : rows;
    }

    /// The sites in scope, by name.
    ///
    /// @throws MistFailed when they cannot be read
    public List<Site> sites() throws InterruptedException {
        return all(Operations.listOrgSites(org())).stream()
                .flatMap(row -> site(row).stream())
                .filter(site -> scope.covers(site.id()))
                .sorted(java.util.Comparator.comparing(Site::name)
                        .thenComparing(site -> site.id().value()))
                .toList();
    }

    /// The site of an id or exact name, in scope.
    ///
    /// @throws MistFailed when the sites cannot be read
    public Match<Site> site(String idOrName) throws InterruptedException {
        var sites = sites();
        return SiteId.of(idOrName)
                .map(id -> Match.of(
                        sites.stream().filter(site -> site.id().equals(id)).toList()))
                .orElseGet(() -> named(sites, idOrName, Site::name));
    }

    /// The devices in scope, as the inventory has them; unassigned ones only when all sites are in scope.
    ///
    /// @throws MistFailed when they cannot be read
    public List<Device> devices() throws InterruptedException {
        return all(Operations.getOrgInventory(org())).stream()
                .flatMap(row -> device(row).stream())
                .filter(device -> device.site().map(scope::covers).orElse(scope.all()))
                .toList();
    }

    /// The device of an id, MAC address or exact name, in scope.
    ///
    /// @throws MistFailed when the devices cannot be read
    public Match<Device> device(String idOrNameOrMac) throws InterruptedException {
        var devices = devices();
        var id = DeviceId.of(idOrNameOrMac);
        if (id.isPresent()) {
            return Match.of(devices.stream()
                    .filter(device -> device.id().equals(id.get()))
                    .toList());
        }
        var byName = named(devices, idOrNameOrMac, Device::name);
        return Mac.of(idOrNameOrMac)
                .filter(_ -> byName instanceof Match.None)
                .map(mac -> Match.of(devices.stream()
                        .filter(device -> device.mac().equals(mac))
                        .toList()))
                .orElse(byName);
    }

    private static <T> Match<T> named(List<T> all, String name, Function<T, String> nameOf) {
        var wanted = name.strip();
        var exact = all.stream().filter(one -> nameOf.apply(one).equals(wanted)).toList();
        return exact.isEmpty()
                ? Match.of(all.stream()
                        .filter(one -> nameOf.apply(one).equalsIgnoreCase(wanted))
                        .toList())
                : Match.of(exact);
    }

    private static Optional<Site> site(JsonObject row) {
        return row.string("id")
                .flatMap(SiteId::of)
                .map(id -> new Site(id, row.string("name").orElse(id.value()), row));
    }

    private static Optional<Device> device(JsonObject row) {
        var mac = row.string("mac").flatMap(Mac::of);
        var id = row.string("id")
                .flatMap(DeviceId::of)
                .or(() -> mac.map(known -> new DeviceId("00000000-0000-0000-1000-" + known)));
        if (mac.isEmpty() || id.isEmpty()) {
            return Optional.empty();
        }
        var name = row.string("name")
                .filter(text -> !text.isBlank())
                .orElse(mac.get().digits());
        return Optional.of(new Device(
                id.get(),
                name,
                row.string("type").orElse("ap"),
                mac.get(),
                row.string("site_id").flatMap(SiteId::of),
                row));
    }

    private static Page page(MistGet get, MistAnswer.Read read) {
        var body = read.object();
        var next = body.string("next").filter(text -> !text.isEmpty());
        if (next.isPresent() && queryOf(get, next.get()).isEmpty()) {
            throw new MistFailed(foreignNext());
        }
        return new Page(
                read.rows(),
                body.get("total")
                        .filter(JsonNumber.class::isInstance)
                        .map(JsonNumber.class::cast)
                        .flatMap(JsonNumber::asLong),
                next);
    }

    private static Optional<String> queryOf(MistGet get, String next) {
        try {
            var uri = URI.create(next);
            boolean own = uri.getScheme() == null
                    && uri.getRawAuthority() == null
                    && get.path().equals(uri.getRawPath())
                    && uri.getRawFragment() == null;
            return own ? Optional.ofNullable(uri.getRawQuery()) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static MistFault foreignNext() {
        return new MistFault.Garbage("its next page belongs to another request");
    }

    /// How long this call may still take.
    public Duration left() {
        return Duration.between(api.clock().instant(), deadline);
    }
}
