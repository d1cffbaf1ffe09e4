package mistmcp.gateway.call;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import mistmcp.assertion.Assertion;
import mistmcp.gateway.change.Change;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.Preview;
import mistmcp.gateway.change.Sender;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Mode;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.Sending;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.gateway.upstream.Upstreams;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.UpstreamReply;

/// Sends what the gate has decided, and reads what previews and commits answer. Safe for several threads.
public final class Dispatch implements Sender {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Upstreams upstreams;

    /// Sends over these upstreams.
    public Dispatch(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    /// Sends a read: the params as they came, with the tool's own name.
    UpstreamReply read(Principal principal, Invocation invocation, String upstream, String ownName, Exchange exchange)
            throws InterruptedException {
        var method = switch (invocation.kind()) {
            case TOOL -> "tools/call";
            case RESOURCE -> "resources/read";
            case PROMPT -> "prompts/get";
            case RESOURCE_COMPLETION, PROMPT_COMPLETION -> "completion/complete";
        };
        var params = JsonSpans.known(invocation.params());
        params.remove("_meta");
        if (!invocation.kind().completion()) {
            var member = invocation.kind() == Invocation.Kind.RESOURCE ? "uri" : "name";
            params.put(member, RawJson.of(new JsonString(ownName)));
        }
        invocation.arguments().ifPresent(arguments -> params.put("arguments", arguments));
        return upstreams.send(
                upstream,
                new Sending(
                        method,
                        invocation.kind().completion() ? Optional.empty() : Optional.of(ownName),
                        JsonSpans.join(params),
                        invocation.arguments(),
                        invocation.meta(),
                        principal.key(),
                        principal.role().text(),
                        principal.sites().ids(),
                        Mode.READ.text(),
                        Optional.empty(),
                        mayAsk(upstream, invocation) ? UpstreamSettings.PERSON : DEADLINE),
                exchange);
    }

    private boolean mayAsk(String upstream, Invocation invocation) {
        return invocation.meta().declares("elicitation")
                && upstreams
                        .configured(upstream)
                        .filter(configured -> configured.relay().contains("elicitation"))
                        .isPresent();
    }

    @Override
    public Previewed preview(Change change) throws InterruptedException {
        var tool = upstreams.tool(change.tool(), Optional.empty());
        if (tool.isEmpty()) {
            return new Previewed.Failed("upstream_unreachable", "the tool is not offered any more");
        }
        return switch (tool.get().preview()) {
            case EFFECT -> effect(change, tool.get());
            case ARGUMENTS, NONE ->
                new Previewed.Unseen(
                        Preview.ofArguments(tool.get().name(), tool.get().upstream(), change.argumentsTree()));
        };
    }

    private Previewed effect(Change change, CatalogTool tool) throws InterruptedException {
        return switch (write(change, tool, Mode.DRY_RUN, Optional.empty())) {
            case UpstreamReply.Failed failed -> new Previewed.Failed(failed.code(), failed.message());
            case UpstreamReply.Answered(McpReply.Failure failure) -> new Previewed.Declined(failure);
            case UpstreamReply.Answered(McpReply.Result result) -> {
                var body = tree(result);
                if (body.isEmpty()) {
                    yield new Previewed.Failed("upstream_garbage", "the upstream's preview cannot be read");
                }
                yield body.get().bool("isError").orElse(false)
                        ? new Previewed.Declined(result)
                        : new Previewed.Effect(
                                body.get().object("structuredContent").orElse(JsonObject.EMPTY));
            }
        };
    }

    @Override
    public Sent commit(Change change, Plan plan) throws InterruptedException {
        var found = upstreams.tool(change.tool(), Optional.empty());
        if (found.isEmpty()) {
            return new Sent.Failed("upstream_unreachable", "the tool is not offered any more", false);
        }
        var tool = found.get();
        var commit = new Assertion.Commit(
                plan.id(),
                plan.preview().string("changeDigest").orElse(""),
                plan.preview().string("beforeHash").orElse(""));
        return switch (write(change, tool, Mode.COMMIT, Optional.of(commit))) {
            case UpstreamReply.Failed failed -> new Sent.Failed(failed.code(), failed.message(), failed.maybeSent());
            case UpstreamReply.Answered(McpReply.Failure failure) ->
                tool.preview() == UpstreamSettings.Preview.EFFECT
                        ? new Sent.Refused(
                                "upstream_refused", "the upstream refused the commit with error " + failure.code())
                        : new Sent.Reported(JsonObject.of("status", "rejected", "error", failure.code()));
            case UpstreamReply.Answered(McpReply.Result result) -> sent(tool, result);
        };
    }

    private static Sent sent(CatalogTool tool, McpReply.Result result) {
        var body = tree(result);
        if (body.isEmpty()) {
            return new Sent.Failed("upstream_garbage", "the upstream's answer cannot be read", true);
        }
        boolean failed = body.get().bool("isError").orElse(false);
        if (tool.preview() != UpstreamSettings.Preview.EFFECT) {
            // Nothing can be read back here: what the server answered is all the evidence there is.
            return new Sent.Reported(JsonObject.of(
                    "status", failed ? "rejected" : "applied", "verified", !failed, "answer", body.get()));
        }
        var report = body.get().object("structuredContent").orElse(JsonObject.EMPTY);
        return failed
                ? new Sent.Refused(
                        report.string("code").orElse("upstream_refused"),
                        report.string("message").orElse("the upstream refused the commit"))
                : new Sent.Reported(report);
    }

    private UpstreamReply.Whole write(Change change, CatalogTool tool, Mode mode, Optional<Assertion.Commit> commit)
            throws InterruptedException {
        var params = new LinkedHashMap<String, RawJson>();
        params.put("name", RawJson.of(new JsonString(tool.name())));
        params.put("arguments", change.arguments());
        var principal = change.principal();
        return upstreams
                .send(
                        tool.upstream(),
                        new Sending(
                                "tools/call",
                                Optional.of(tool.name()),
                                JsonSpans.join(params),
                                Optional.of(change.arguments()),
                                RequestMeta.NONE,
                                principal.key(),
                                principal.role().text(),
                                principal.sites().ids(),
                                mode.text(),
                                commit,
                                DEADLINE),
                        // A commit that is being sent is not cancelled, whoever goes away.
                        Exchange.SILENT)
                .whole();
    }

    static Optional<JsonObject> tree(McpReply.Result result) {
        try {
            return result.body().parse(JsonLimits.TRUSTED) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (InvalidJson garbage) {
            return Optional.empty();
        }
    }

    /// Whether a result says of itself that the tool failed, found without reading the rest into a tree.
    static boolean toolError(McpReply.Result result) {
        return result.object()
                .get("isError")
                .filter(flag -> flag.toString().equals("true"))
                .isPresent();
    }

    static String text(JsonObject object) {
        return Json.text(object);
    }
}
