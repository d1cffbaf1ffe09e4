package mistmcp.gateway.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.oauth.AccessState;
import mistmcp.mcp.oauth.Begun;
import mistmcp.mcp.oauth.Finished;
import mistmcp.mcp.oauth.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authorizations of the gateway towards its upstreams: how they stand, how one is given, and the record
/// of it. They are the gateway's own, the same whoever calls. Safe for several threads.
public final class UpstreamAccess {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAccess.class);

    private final Upstreams upstreams;
    private final AuditLog audit;

    /// Also records from here on when an authorization is lost.
    public UpstreamAccess(Upstreams upstreams, AuditLog audit) {
        this.upstreams = upstreams;
        this.audit = audit;
        upstreams.onLost(this::lost);
    }

    /// An upstream and how it stands.
    ///
    /// @param fault  why it is not ready; nothing when it is
    /// @param access how it stands with the authorization, where it wants one
    public record Standing(String name, int tools, Optional<String> fault, Optional<AccessState> access) {
        /// `ready`, `needs_authorization` or `away`.
        public String state() {
            if (access.filter(AccessState.NeedsAuthorization.class::isInstance).isPresent()) {
                return "needs_authorization";
            }
            return fault.isPresent() ? "away" : "ready";
        }
    }

    /// All upstreams.
    public List<Standing> standings() {
        var health = upstreams.health();
        return upstreams.names().stream()
                .map(name -> new Standing(
                        name,
                        upstreams.tools(name).size(),
                        health.getOrDefault(name, Optional.empty()),
                        upstreams.access(name)))
                .toList();
    }

    /// Whether there is an upstream of that name.
    public boolean known(String name) {
        return upstreams.names().contains(name);
    }

    /// Who has given the authorization that an upstream has now, if it has one.
    public Optional<String> issuer(String name) {
        return upstreams
                .access(name)
                .filter(AccessState.Authorized.class::isInstance)
                .map(AccessState.Authorized.class::cast)
                .map(AccessState.Authorized::issuer);
    }

    /// Prepares to ask a person for an authorization; nothing for an upstream that wants none.
    public Optional<Begun> begin(String name, String requestId) {
        var begun = upstreams.authorize(name);
        begun.ifPresent(how -> {
            var record = AuditRecord.of(Event.UPSTREAM_ACCESS).system().request(requestId);
            audit.write(
                    switch (how) {
                        case Begun.Ready(var _, var _, var issuer, var scopes, var _) ->
                            record.outcome("planned", "prepared").detail(detail(name, issuer, scopes));
                        case Begun.Done(var issuer, var scopes) ->
                            record.outcome("done", "authorized").detail(detail(name, issuer, scopes));
                        case Begun.Refused(var refusal) -> refused(record, name, refusal);
                    });
        });
        return begun;
    }

    /// Takes what an authorization server sent back. An answer that nobody waits for is no event: anybody can
    /// send one. Of one that another browser brings nothing is used, and the right one still counts.
    ///
    /// @param sameBrowser whether the browser that brings it is the one that was sent
    public Finished finish(Map<String, String> answer, boolean sameBrowser, String requestId) {
        var name = upstreams.awaiting(answer.getOrDefault("state", ""));
        if (name.isEmpty()) {
            return new Finished.Refused(
                    new Refusal("oauth_state_unknown", "no authorization is waited for under this state"));
        }
        var finished = sameBrowser
                ? upstreams.authorized(name.get(), answer)
                : new Finished.Refused(new Refusal(
                        "oauth_browser_changed", "the answer comes with another browser than the one that was sent"));
        var record = AuditRecord.of(Event.UPSTREAM_ACCESS).system().request(requestId);
        audit.write(
                switch (finished) {
                    case Finished.Done(var issuer, var scopes) ->
                        record.outcome("done", "authorized").detail(detail(name.get(), issuer, scopes));
                    case Finished.Refused(var refusal) -> refused(record, name.get(), refusal);
                });
        return finished;
    }

    /// What the gateway says of itself to authorization servers, where they can fetch it.
    public Optional<JsonObject> clientDocument() {
        return upstreams.clientDocument();
    }

    /// Nobody waits for this record, and what it tells has happened.
    private void lost(String name, Refusal why) {
        LOG.warn("upstream={} its authorization is gone code={}", name, why.code());
        try {
            audit.append(refused(AuditRecord.of(Event.UPSTREAM_ACCESS).system(), name, why));
        } catch (AuditUnavailable full) {
            LOG.warn("a record of a lost authorization could not be written code={}", full.code());
        }
    }

    private static AuditRecord refused(AuditRecord record, String name, Refusal refusal) {
        return record.outcome("failed", refusal.code())
                .reason(refusal.detail())
                .detail(JsonObject.of("upstream", name));
    }

    private static JsonObject detail(String name, String issuer, Set<String> scopes) {
        return JsonObject.of(
                "upstream",
                name,
                "issuer",
                issuer,
                "scopes",
                JsonArray.ofAll(scopes.stream().sorted().toList()));
    }
}
