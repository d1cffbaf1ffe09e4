package mistmcp.gateway.call;

import java.util.Optional;
import mistmcp.gateway.change.Approver;
import mistmcp.gateway.change.Change;
import mistmcp.gateway.change.Changes;
import mistmcp.gateway.change.Level;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.change.Step;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.gateway.upstream.UpstreamSettings;
import mistmcp.json.JsonSpans;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.Exchange.Answer;

/// The approval that an MCP client can give: where level `client` suffices for a plan, the person at the
/// client is asked with the difference at hand and types the plan's phrase. Above that level nobody is asked,
/// whatever the client declares. Safe for several threads.
final class ClientApproval {
    private final Changes changes;

    ClientApproval(Changes changes) {
        this.changes = changes;
    }

    /// How the question ended.
    sealed interface Asked {
        /// The person typed the phrase; the approval is recorded.
        record Approved() implements Asked {}

        /// Nobody was asked: the level is another, or the client cannot be asked.
        record Nobody() implements Asked {}

        /// There is no approval; the plan waits on.
        record Without(String reason) implements Asked {}
    }

    /// Asks about a plan, when its level and today's are `client` at most and its tool can be committed at
    /// all.
    Asked ask(Call call, CatalogTool tool, Change change, Plan plan, Exchange exchange) throws InterruptedException {
        boolean suffices = plan.level().or(change.level()) == Level.CLIENT;
        if (!suffices || tool.preview() == UpstreamSettings.Preview.NONE) {
            return new Asked.Nobody();
        }
        return switch (exchange.ask("elicitation/create", PlanQuestion.of(plan), Changes.LIFE)) {
            case Answer.NotSupported _ -> new Asked.Nobody();
            case Answer.NoAnswer _ -> new Asked.Without("no answer came from the client");
            case Answer.Refused _ -> new Asked.Without("the client answered the question with an error");
            case Answer.Given given -> given(call, plan, given.result());
        };
    }

    private Asked given(Call call, Plan plan, RawJson result) {
        var action = JsonSpans.find(result, "action").flatMap(RawJson::string).orElse("");
        return switch (action) {
            case "accept" ->
                phrase(result)
                        .map(phrase -> approved(call, plan, phrase))
                        .orElseGet(() -> new Asked.Without("the phrase was not typed"));
            case "decline" -> new Asked.Without("the user declined");
            default -> new Asked.Without("the user was asked and did not decide");
        };
    }

    private Asked approved(Call call, Plan plan, String phrase) {
        return switch (changes.approve(Approver.atClient(call.principal()), plan.id(), phrase)) {
            case Step.Moved _ -> new Asked.Approved();
            case Step.Replayed _ -> new Asked.Without("the plan was committed before");
            case Step.Refused refused -> new Asked.Without(refused.reason());
        };
    }

    private static Optional<String> phrase(RawJson result) {
        return JsonSpans.find(result, "content")
                .filter(RawJson::isObject)
                .flatMap(content -> JsonSpans.find(content, PlanQuestion.PHRASE))
                .flatMap(RawJson::string);
    }
}
