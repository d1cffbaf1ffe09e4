package mistmcp.gateway.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.pin.Held;
import mistmcp.gateway.pin.ToolPins;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ParamHeaders;

/// What there is for a principal: the tools, resources and prompts of all upstreams, each as the policy sees
/// it for this principal now. Safe for several threads.
public final class Listings {
    private final Upstreams upstreams;
    private final Judge judge;
    private final ToolPins pins;
    /// By the digest of the tool's definition.
    private final Cache<String, ParamHeaders> headers =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /// Lists over upstreams.
    public Listings(Upstreams upstreams, Judge judge, ToolPins pins) {
        this.upstreams = upstreams;
        this.judge = judge;
        this.pins = pins;
    }

    /// Every tool as it stands for a principal now, allowed or not, in a stable order.
    public List<ToolView> tools(Principal principal) {
        return tools(principal, Optional.empty());
    }

    /// The tools of one upstream, under their own names there; of all upstreams when none is given.
    public List<ToolView> tools(Principal principal, Optional<String> upstream) {
        var views = new ArrayList<ToolView>();
        for (var tool : upstreams.tools()) {
            if (upstream.isEmpty() || upstream.get().equals(tool.upstream())) {
                var name = upstream.isPresent() ? tool.name() : tool.wireName();
                var decision = judge.atAll(principal, tool);
                views.add(new ToolView(
                        name,
                        tool.upstream(),
                        WriteSchema.listed(tool, name),
                        tool.writes(),
                        decision.rule(),
                        denial(decision)));
            }
        }
        if (upstream.isEmpty()) {
            for (var definition : OwnTools.definitions()) {
                views.add(new ToolView(
                        definition.name(), OwnTools.UPSTREAM, definition, false, "gateway:own-tool", Optional.empty()));
            }
        }
        return Collections.unmodifiableList(views);
    }

    /// The arguments of a tool that a modern caller sends as headers too; nothing for a tool that this
    /// principal may not use, so that a hidden tool answers as an absent one.
    public ParamHeaders paramHeaders(Principal principal, String tool, Optional<String> upstream) {
        return upstreams
                .tool(tool, upstream)
                .filter(known -> !mirrored(known).params().isEmpty())
                .filter(known -> judge.atAll(principal, known).allowed())
                .map(this::mirrored)
                .orElse(ParamHeaders.NONE);
    }

    private ParamHeaders mirrored(CatalogTool tool) {
        return headers.get(tool.digest(), _ -> {
            try {
                return ParamHeaders.of(tool.definition().inputSchema());
            } catch (ParamHeaders.Unusable unusable) {
                // Over stdio a server may annotate as it likes: nothing is mirrored then.
                return ParamHeaders.NONE;
            }
        });
    }

    /// One entry of a list, and its place: lists are in the order of their places, which does not change when
    /// others come and go.
    public record Listed(String place, JsonObject entry) {}

    /// What a principal is shown of a kind (`tools`, `resources`, `resourceTemplates`, `prompts`), as far as
    /// the policy allows, in a stable order: by upstream, then by name.
    public List<Listed> listed(Principal principal, String kind, Optional<String> upstream) {
        var all = kind.equals("tools") ? toolEntries(principal, upstream) : items(principal, kind, upstream);
        all.sort(Comparator.comparing(Listed::place));
        return Collections.unmodifiableList(all);
    }

    private List<Listed> toolEntries(Principal principal, Optional<String> upstream) {
        var all = new ArrayList<Listed>();
        for (var view : tools(principal, upstream)) {
            if (view.denial().isEmpty()) {
                all.add(new Listed(
                        place(view.upstream(), view.name()), view.definition().definition()));
            }
        }
        return all;
    }

    /// A name that two upstreams list is the first one's, as in calls.
    private List<Listed> items(Principal principal, String kind, Optional<String> upstream) {
        var all = new ArrayList<Listed>();
        var taken = new HashSet<String>();
        for (var name : upstreams.names()) {
            if (upstream.isEmpty() || upstream.get().equals(name)) {
                for (var entry : upstreams.listed(name, kind)) {
                    var item = item(kind, entry);
                    if (item.isPresent()
                            && taken.add(item.get())
                            && judge.decide(judge.inForce(), principal, name, item.get())
                                    .allowed()) {
                        all.add(new Listed(place(name, item.get()), entry));
                    }
                }
            }
        }
        return all;
    }

    /// The gateway's own come last.
    private String place(String upstream, String item) {
        int rank = upstreams.names().indexOf(upstream);
        return "%04d/%s".formatted(rank < 0 ? 9_999 : rank, item);
    }

    /// What a tool is held back for; nothing for one that is in force.
    public Optional<Held> held(ToolView view) {
        return upstreams.tool(view.name(), Optional.empty()).flatMap(tool -> pins.held(tool.upstream(), tool.name()));
    }

    private static Optional<Denial> denial(Decision decision) {
        return switch (decision) {
            case Decision.Execute _ -> Optional.empty();
            case Decision.Deny deny -> Optional.of(deny.denial());
        };
    }

    private static Optional<String> item(String kind, JsonObject entry) {
        return switch (kind) {
            case "resources" -> entry.string("uri").map(uri -> "resource:" + uri);
            case "resourceTemplates" -> entry.string("uriTemplate").map(uri -> "resource:" + uri);
            case "prompts" -> entry.string("name").map(name -> "prompt:" + name);
            default -> Optional.empty();
        };
    }
}
