package mistmcp.gateway.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.Outcome;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.model.Desk;
import mistmcp.gateway.model.ToolReply;
import mistmcp.json.JsonObject;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;

/// The desk of one answer: each call goes through the gate, is shown and counted.
final class GateDesk implements Desk {
    /// How many calls one message may bring about.
    static final int MAX_CALLS = 24;

    private final Calls calls;
    private final Principal principal;
    private final Map<String, ToolView> tools;
    private final Invocation.Via via;
    private final Exchange exchange;
    private final Optional<OpenQuestions> questions;
    private final Consumer<ChatEvent> events;
    private final List<ChatCall> made = new ArrayList<>();

    /// A desk.
    ///
    /// @param questions where questions of upstreams wait; empty when nobody can be asked
    GateDesk(
            Calls calls,
            Principal principal,
            Map<String, ToolView> tools,
            Invocation.Via via,
            Exchange exchange,
            Optional<OpenQuestions> questions,
            Consumer<ChatEvent> events) {
        this.calls = calls;
        this.principal = principal;
        this.tools = Map.copyOf(tools);
        this.via = via;
        this.exchange = exchange;
        this.questions = questions;
        this.events = events;
    }

    @Override
    public void text(String delta) {
        if (!delta.isEmpty()) {
            events.accept(new ChatEvent.Text(delta));
        }
    }

    @Override
    public ToolReply call(String tool, JsonObject arguments) throws InterruptedException {
        if (cancelled()) {
            return new ToolReply.Failed("cancelled", "the answer was stopped");
        }
        if (made.size() >= MAX_CALLS) {
            return new ToolReply.Failed(
                    "too_many_calls", "one message may bring about " + MAX_CALLS + " tool calls at most");
        }
        var view = Optional.ofNullable(tools.get(tool));
        // A model asks for a plan at most; what would approve it never comes from a model.
        var sent = arguments.without("commit", "confirmation");
        var id = "call_" + (made.size() + 1);
        events.accept(new ChatEvent.CallStarted(id, tool, sent));
        var asked = new CopyOnWriteArrayList<JsonObject>();
        long start = System.nanoTime();
        var outcome = called(Invocation.tool(tool, RawJson.of(sent), via), id, asked);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        var mode = view.map(ToolView::write).orElse(false) ? "dry_run" : "read";
        var call = ChatCall.of(tool, sent, mode, view, outcome, millis).asked(asked);
        made.add(call);
        events.accept(new ChatEvent.CallEnded(id, call.toJson(), call.content()));
        call.plan().ifPresent(plan -> events.accept(new ChatEvent.PlanShown(plan)));
        return call.reply();
    }

    private Outcome called(Invocation invocation, String id, List<JsonObject> asked) throws InterruptedException {
        if (questions.isEmpty()) {
            return calls.call(principal, invocation, exchange);
        }
        var line = new ChatLine(
                exchange, new ChatLine.Place(principal.key(), via.thread().orElse(""), id), questions.get(), told -> {
                    if (told instanceof ChatEvent.AskEnded(JsonObject end)) {
                        asked.add(end.without("id", "toolCallId"));
                    }
                    events.accept(told);
                });
        return calls.call(principal, invocation.declaring(ChatLine.CAPABILITIES), line);
    }

    @Override
    public boolean cancelled() {
        return exchange.cancelled();
    }

    /// The calls made so far.
    List<ChatCall> made() {
        return List.copyOf(made);
    }
}
