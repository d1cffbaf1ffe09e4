package mistmcp.gateway.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mistmcp.assertion.AssertionKey;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.UpstreamReply;
import mistmcp.mcp.oauth.AccessState;
import mistmcp.mcp.oauth.Begun;
import mistmcp.mcp.oauth.Finished;
import mistmcp.mcp.oauth.OAuthClient;
import mistmcp.mcp.oauth.Refusal;

/// All upstreams: which server owns which tool, resource and prompt, and the way to it. What a server lists
/// is fetched ahead of the calls, on a thread of its own, and kept while the server is away. Safe for several
/// threads.
public final class Upstreams implements AutoCloseable {
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
    private final Map<String, Listing> listings = new LinkedHashMap<>();
    private final Map<String, Hearing> hearings = new LinkedHashMap<>();
    private final Map<String, OAuthClient> authorizations = new LinkedHashMap<>();
    private final Connections connections;
    private volatile BiConsumer<String, String> onUpdate = (_, _) -> {};
    private volatile BiConsumer<String, Refusal> onLost = (_, _) -> {};

    /// Connects to nothing yet; [#start] does.
    ///
    /// @param connections makes the connection to each upstream
    public Upstreams(UpstreamSettings settings, Connections connections, InstantSource clock) {
        this.connections = connections;
        for (var configured : settings.upstreams()) {
            var connected = connections.connect(configured, why -> lost(configured.name(), why));
            connected.authorization().ifPresent(one -> authorizations.put(configured.name(), one));
            var upstream = new Upstream(
                    configured, connected.client(), configured.serviceKey().map(key -> new AssertionKey(key, clock)));
            upstreams.put(configured.name(), upstream);
            var listing = new Listing(upstream);
            listings.put(configured.name(), listing);
            hearings.put(configured.name(), new Hearing(upstream, listing, (name, uri) -> onUpdate.accept(name, uri)));
        }
    }

    /// Says who is told that a watched resource of an upstream has changed: the upstream's name, and the URI.
    public void onUpdate(BiConsumer<String, String> action) {
        onUpdate = action;
    }

    /// Says who is told that the authorization towards an upstream is gone: its name, and why.
    public void onLost(BiConsumer<String, Refusal> action) {
        onLost = action;
    }

    private void lost(String name, Refusal why) {
        onLost.accept(name, why);
        nudge(name);
    }

    private void nudge(String name) {
        Optional.ofNullable(listings.get(name)).ifPresent(Listing::nudge);
    }

    /// How it stands with the authorization towards an upstream, where it wants one.
    public Optional<AccessState> access(String name) {
        return Optional.ofNullable(authorizations.get(name)).map(OAuthClient::state);
    }

    /// Prepares to ask a person for the authorization towards an upstream; nothing for one that wants none.
    public Optional<Begun> authorize(String name) {
        var begun = Optional.ofNullable(authorizations.get(name)).map(OAuthClient::begin);
        if (begun.filter(Begun.Done.class::isInstance).isPresent()) {
            nudge(name);
        }
        return begun;
    }

    /// The upstream for which an answer with this `state` is waited for.
    public Optional<String> awaiting(String state) {
        return authorizations.entrySet().stream()
                .filter(entry -> entry.getValue().awaits(state))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// Takes what an authorization server sent back for an upstream. Its tools come soon after.
    public Finished authorized(String name, Map<String, String> answer) {
        var authorization = authorizations.get(name);
        if (authorization == null) {
            throw new IllegalArgumentException("no upstream of that name wants an authorization");
        }
        var finished = authorization.finish(answer);
        if (finished instanceof Finished.Done) {
            nudge(name);
        }
        return finished;
    }

    /// What the gateway says of itself to authorization servers, where they can fetch it.
    public Optional<JsonObject> clientDocument() {
        return connections.document();
    }

    /// Watches resources of an upstream: what ends it, for each that the upstream does not refuse to tell of.
    /// Of an upstream that is away nothing is known; it is asked when it is back.
    public Map<String, Runnable> watch(String name, Set<String> uris) throws InterruptedException {
        var hearing = hearings.get(name);
        if (hearing == null) {
            return Map.of();
        }
        var ends = hearing.watch(uris);
        boolean known = false;
        try {
            for (var uri : hearing.refused(uris)) {
                Optional.ofNullable(ends.remove(uri)).ifPresent(Runnable::run);
            }
            known = true;
            return ends;
        } finally {
            if (!known) {
                ends.values().forEach(Runnable::run);
            }
        }
    }

    /// Begins to fetch what the servers list and to listen to them, and waits a while for the first answers.
    ///
    /// @param onListed told the name of an upstream after each fetch, before a call can find what came
    /// @param onChange told the name of an upstream, and which of its lists are not what they were
    public void start(Duration patience, Consumer<String> onListed, BiConsumer<String, Set<String>> onChange)
            throws InterruptedException {
        hearings.values().forEach(Hearing::start);
        listings.values().forEach(listing -> listing.start(onListed, onChange));
        long until = System.nanoTime() + patience.toNanos();
        for (var listing : listings.values()) {
            listing.awaitFirst(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        }
        var wireNames = new HashSet<String>();
        for (var tool : tools()) {
            if (!wireNames.add(tool.wireName())) {
                throw new NameCollision(tool.wireName());
            }
        }
    }

    /// The names of all upstreams.
    public List<String> names() {
        return List.copyOf(upstreams.keySet());
    }

    /// All tools, in the order of the configuration and then by name. Where two upstreams come to list one
    /// wire name while running, none of them is served.
    public List<CatalogTool> tools() {
        return listings.values().stream()
                .flatMap(listing -> listing.tools().stream())
                .toList();
    }

    /// The tool of a name on the wire; on an endpoint that is bound to one upstream, of its own name there.
    public Optional<CatalogTool> tool(String name, Optional<String> upstream) {
        var found = new ArrayList<CatalogTool>();
        for (var listing : listings.values()) {
            boolean bound = upstream.isPresent();
            if (!bound || upstream.get().equals(listing.upstream().configured().name())) {
                listing.tool(name, bound).ifPresent(found::add);
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /// The resources, templates or prompts of an upstream, as it lists them.
    ///
    /// @param kind `resources`, `resourceTemplates` or `prompts`
    public List<JsonObject> listed(String upstream, String kind) {
        var listing = listings.get(upstream);
        return listing == null ? List.of() : listing.listed(kind);
    }

    /// The upstream that serves a resource: the one that lists the URI or a template that fits it.
    public Optional<String> ownerOfResource(String uri, Optional<String> only) {
        return listings.keySet().stream()
                .filter(name -> only.isEmpty() || only.get().equals(name))
                .filter(name -> UriTemplates.serves(listed(name, "resources"), listed(name, "resourceTemplates"), uri))
                .findFirst();
    }

    /// The tools of one upstream.
    public List<CatalogTool> tools(String upstream) {
        var listing = listings.get(upstream);
        return listing == null ? List.of() : listing.tools();
    }

    /// Fetches now what an upstream that exists lists; answers why that could not be done, when it could not.
    public Optional<UpstreamReply.Failed> refresh(String upstream) throws InterruptedException {
        var listing = listings.get(upstream);
        if (listing == null) {
            throw new IllegalArgumentException("no upstream of that name");
        }
        return listing.refresh();
    }

    /// How an upstream is configured.
    public Optional<UpstreamSettings.Configured> configured(String name) {
        return Optional.ofNullable(upstreams.get(name)).map(Upstream::configured);
    }

    /// Sends a request to an upstream that exists.
    public UpstreamReply send(String name, Sending sending, Exchange exchange) throws InterruptedException {
        var upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("no upstream of that name");
        }
        var reply = upstream.send(sending, exchange);
        if (reply instanceof UpstreamReply.Failed failed && failed.code().equals(Listing.NEEDS_AUTHORIZATION)) {
            nudge(name);
        }
        return reply;
    }

    /// Everything that is listed, as the policy names it: `upstream/tool`, `upstream/resource:<uri>`,
    /// `upstream/prompt:<name>`.
    public Set<String> items() {
        var items = new HashSet<String>();
        listings.forEach((name, listing) -> {
            listing.tools().forEach(tool -> items.add(name + "/" + tool.name()));
            listing.listed("resources")
                    .forEach(entry -> entry.string("uri").ifPresent(uri -> items.add(name + "/resource:" + uri)));
            listing.listed("resourceTemplates")
                    .forEach(entry ->
                            entry.string("uriTemplate").ifPresent(uri -> items.add(name + "/resource:" + uri)));
            listing.listed("prompts")
                    .forEach(entry -> entry.string("name").ifPresent(prompt -> items.add(name + "/prompt:" + prompt)));
        });
        return items;
    }

    /// The upstreams that have not listed anything yet.
    public Set<String> silent() {
        var silent = new HashSet<String>();
        listings.forEach((name, listing) -> {
            if (!listing.heard()) {
                silent.add(name);
            }
        });
        return silent;
    }

    /// Why an upstream is not ready; nothing for one whose lists were fetched.
    public Map<String, Optional<String>> health() {
        var health = new LinkedHashMap<String, Optional<String>>();
        listings.forEach((name, listing) -> health.put(name, listing.fault()));
        return health;
    }

    @Override
    public void close() {
        listings.values().forEach(Listing::close);
        upstreams.values().forEach(Upstream::close);
    }

    /// Two upstreams that list one name: the start must not guess which is meant.
    public static final class NameCollision extends RuntimeException {
        private static final long serialVersionUID = 1;

        NameCollision(String name) {
            super("two upstreams list the tool `" + name + "`: give one of them a `prefix`");
        }
    }
}
