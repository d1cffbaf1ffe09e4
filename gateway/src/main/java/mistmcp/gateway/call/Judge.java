package mistmcp.gateway.call;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.pin.ToolPins;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Policy;
import mistmcp.gateway.policy.Question;
import mistmcp.gateway.policy.Reach;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;

/// Puts the questions to the policy, one and the same for lists, calls, pages and `why`. Safe for several
/// threads.
public final class Judge {
    private final Upstreams upstreams;
    private final Supplier<Policy> policy;
    private final ToolPins pins;
    private final Changes changes;
    private final WriteSwitch writes;

    /// A judge by the policy in force at the moment of each question.
    public Judge(Upstreams upstreams, Supplier<Policy> policy, ToolPins pins, Changes changes, WriteSwitch writes) {
        this.upstreams = upstreams;
        this.policy = policy;
        this.pins = pins;
        this.changes = changes;
        this.writes = writes;
    }

    /// Takes in what an upstream lists now: definitions that are others than they were are held back.
    public void seen(String upstream) {
        var ours = upstreams
                .configured(upstream)
                .filter(UpstreamSettings.Configured::servesSites)
                .isPresent();
        pins.see(
                upstream,
                ours,
                upstreams.tools(upstream).stream()
                        .map(tool -> new ToolPins.Seen(
                                tool.name(), tool.digest(), tool.definition().definition()))
                        .toList());
    }

    /// What the policy would say to a tool call now, with the way it came to it; nothing is called.
    public Decision why(Principal principal, String tool, JsonObject arguments, boolean commit) {
        return policy.get().explain(question(principal, tool, arguments, commit));
    }

    /// The policy in force now.
    Policy inForce() {
        return policy.get();
    }

    /// Whether a tool can be called at all, before anything is known of the call.
    Decision atAll(Principal principal, CatalogTool tool) {
        return decide(policy.get(), principal, tool, Set.of(), false);
    }

    /// A call of a tool.
    ///
    /// @param sites  the sites that its arguments name
    /// @param commit whether it asks for its effect
    Decision decide(Policy inForce, Principal principal, CatalogTool tool, Set<String> sites, boolean commit) {
        return inForce.decide(question(principal, tool, sites, commit));
    }

    /// A resource or a prompt, named as the policy names it.
    Decision decide(Policy inForce, Principal principal, String upstream, String item) {
        var configured = upstreams.configured(upstream);
        var reach = configured.filter(UpstreamSettings.Configured::servesSites).isPresent()
                ? Reach.FILTERED
                : configured.filter(UpstreamSettings.Configured::withoutSites).isPresent()
                        ? Reach.NONE
                        : Reach.UNFILTERED;
        return inForce.decide(question(principal, upstream, item, true, false, false, reach, Set.of(), false));
    }

    private Question question(Principal principal, String tool, JsonObject arguments, boolean commit) {
        var found = upstreams.tool(tool, Optional.empty());
        if (found.isEmpty()) {
            boolean ours = OwnTools.has(tool);
            return question(
                    principal,
                    ours ? OwnTools.UPSTREAM : "unknown",
                    tool,
                    ours,
                    false,
                    !ours,
                    ours ? Reach.NONE : Reach.UNFILTERED,
                    Set.of(),
                    commit);
        }
        var known = found.get();
        var sites = new Arguments(RawJson.EMPTY_OBJECT, arguments, commit, Optional.empty())
                .sitesNamed(known.definition().inputSchema());
        return question(principal, known, sites, commit);
    }

    private Question question(Principal principal, CatalogTool tool, Set<String> sites, boolean commit) {
        return question(
                principal,
                tool.upstream(),
                tool.name(),
                true,
                pins.holds(tool.upstream(), tool.name(), tool.digest()),
                tool.writes(),
                reach(tool),
                sites,
                commit);
    }

    private Question question(
            Principal principal,
            String upstream,
            String item,
            boolean known,
            boolean held,
            boolean write,
            Reach reach,
            Set<String> sites,
            boolean commit) {
        return new Question(
                principal.role(),
                principal.sites(),
                upstream,
                item,
                known,
                held,
                write,
                reach,
                sites,
                commit,
                writes.enabled() && !changes.unrecorded());
    }

    private static Reach reach(CatalogTool tool) {
        if (!tool.servesSites()) {
            return tool.withoutSites() ? Reach.NONE : Reach.UNFILTERED;
        }
        boolean organisation = tool.definition()
                .definition()
                .object("_meta")
                .flatMap(meta -> meta.bool("mistmcp/organisation"))
                .orElse(false);
        return organisation ? Reach.ORGANISATION : Reach.FILTERED;
    }
}
