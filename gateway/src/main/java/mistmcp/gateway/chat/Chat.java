package mistmcp.gateway.chat;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import mistmcp.gateway.call.Invocation;
import mistmcp.gateway.call.ToolView;
import mistmcp.gateway.change.Plan;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.model.Ask;
import mistmcp.gateway.model.Model;
import mistmcp.gateway.model.ModelTool;
import mistmcp.gateway.model.Reply;
import mistmcp.gateway.store.Threads;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.mcp.Exchange;

/// The chat loop: a message, a model's turn, tool calls through the gate, an answer. A confirmation never
/// meets a model. Safe for several threads.
public final class Chat {
    private static final int MAX_TITLE = 80;

    private final Calls calls;
    private final Model model;
    private final Model planner;
    private final Threads threads;
    private final ChatSettings settings;
    private final BooleanSupplier writes;
    private final InstantSource clock;
    private final OpenQuestions questions = new OpenQuestions();
    private final SecureRandom random = new SecureRandom();

    /// A chat.
    ///
    /// @param model   who answers
    /// @param planner who answers slash commands, also when another model answers the rest
    /// @param writes  whether changes can be committed now; asked for each message, as the switch moves at
    ///                run time
    public Chat(
            Calls calls,
            Model model,
            Model planner,
            Threads threads,
            ChatSettings settings,
            BooleanSupplier writes,
            InstantSource clock) {
        this.calls = calls;
        this.model = model;
        this.planner = planner;
        this.threads = threads;
        this.settings = settings;
        this.writes = writes;
        this.clock = clock;
    }

    /// How a message was taken.
    public sealed interface Answer {
        /// Answered, be it by a refusal or a failure that the text tells of.
        ///
        /// @param body `{thread, text, toolCalls, plans, model, suggestions}`
        record Given(JsonObject body) implements Answer {}

        /// The thread is not the caller's, or there is none.
        record NoThread() implements Answer {}
    }

    /// Answers a message.
    ///
    /// @param requestId the correlation id of the HTTP request
    /// @param client    the caller's program by its own account; empty when unknown
    /// @param exchange  the line back; a cancel on it stops the answer
    /// @param events    is told what happens as it happens
    public Answer answer(
            Principal principal,
            ChatRequest request,
            String requestId,
            String client,
            Exchange exchange,
            Consumer<ChatEvent> events)
            throws InterruptedException {
        var stored = request.thread().flatMap(id -> threads.find(principal.key(), id));
        if (request.thread().isPresent() && stored.isEmpty()) {
            return new Answer.NoThread();
        }
        var thread = request.thread().orElseGet(() -> begin(principal, request));
        var run = id("run_");
        var via = new Invocation.Via("chat", requestId, client, Optional.of(thread));
        events.accept(new ChatEvent.Started(thread, run));
        var memory = stored.map(Threads.Stored::memory).orElse(JsonObject.EMPTY);
        threads.append(
                principal.key(),
                thread,
                List.of(Transcript.user(said(request), clock.instant())),
                memory,
                clock.instant());
        var ended = request.confirmation().isPresent()
                ? confirmed(principal, request.confirmation().get(), via, memory, events)
                : answered(principal, request, stored, via, exchange, events);
        var body = ended.body(thread);
        threads.append(
                principal.key(),
                thread,
                List.of(Transcript.assistant(body, ended.calls(), clock.instant())),
                ended.memory(),
                clock.instant());
        switch (ended.reply()) {
            case Reply.Answered _ -> events.accept(new ChatEvent.Finished(thread, run, body));
            case Reply.Failed failed -> events.accept(new ChatEvent.Failed(failed.code(), failed.message()));
        }
        return new Answer.Given(body);
    }

    /// The caller's chats, the newest first.
    public JsonArray threads(Principal principal) {
        return JsonArray.ofAll(threads.ofPrincipal(principal.key()).stream()
                .map(Transcript::summary)
                .toList());
    }

    /// One chat of the caller's.
    public Optional<JsonObject> thread(Principal principal, String id) {
        return threads.find(principal.key(), id).map(Transcript::shown);
    }

    /// Takes a person's answer to a question of an upstream that waits in a chat of theirs.
    ///
    /// @param content what was filled in; it goes to the upstream that asked, and nowhere else
    public OpenQuestions.Taken answer(
            Principal principal,
            String thread,
            String question,
            OpenQuestions.Action action,
            Optional<JsonObject> content) {
        return questions.answer(principal.key(), thread, question, action, content);
    }

    private Ended answered(
            Principal principal,
            ChatRequest request,
            Optional<Threads.Stored> stored,
            Invocation.Via via,
            Exchange exchange,
            Consumer<ChatEvent> events)
            throws InterruptedException {
        var tools = new LinkedHashMap<String, ToolView>();
        calls.tools(principal).forEach(view -> tools.put(view.name(), view));
        var desk = new GateDesk(
                calls,
                principal,
                tools,
                via,
                exchange,
                request.streamed() ? Optional.of(questions) : Optional.empty(),
                events);
        var ask = new Ask(
                settings.instructions(),
                new Ask.Who(
                        principal.email().orElse(principal.subject()),
                        principal.role().text(),
                        principal.sites().ids(),
                        writes.getAsBoolean()),
                tools.values().stream().map(Chat::modelTool).toList(),
                stored.map(thread -> Transcript.told(thread.entries())).orElse(List.of()),
                request.message(),
                stored.map(Threads.Stored::memory).orElse(JsonObject.EMPTY));
        var asked = request.message().strip().startsWith("/") ? planner : model;
        var reply = asked.answer(ask, desk);
        return new Ended(asked.id(), reply, desk.made(), plans(desk.made()));
    }

    /// Commits a plan. Who calls here has sent the plan's id with their own request: no model is asked, none
    /// can.
    private Ended confirmed(
            Principal principal, String planId, Invocation.Via via, JsonObject memory, Consumer<ChatEvent> events)
            throws InterruptedException {
        var before = calls.plan(principal, planId);
        var tool = before.map(Plan::tool).orElse("unknown");
        var arguments = before.map(Plan::arguments).orElse(JsonObject.EMPTY);
        events.accept(new ChatEvent.CallStarted("call_1", tool, arguments));
        long start = System.nanoTime();
        var outcome = calls.confirm(principal, planId, via);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        var call = ChatCall.of(tool, arguments, "commit", Optional.empty(), outcome, millis);
        events.accept(new ChatEvent.CallEnded("call_1", call.toJson(), call.content()));
        var after = calls.plan(principal, planId);
        after.ifPresent(plan -> events.accept(new ChatEvent.PlanShown(plan.brief())));
        var reply = new Reply.Answered(CommitText.of(call.reply(), after), List.of(), memory);
        events.accept(new ChatEvent.Text(reply.text()));
        return new Ended(
                "none",
                reply,
                List.of(call),
                after.map(Plan::brief).map(List::of).orElse(List.of()));
    }

    private String begin(Principal principal, ChatRequest request) {
        var id = id("th_");
        var title = said(request).strip().replaceAll("\\s+", " ");
        threads.begin(
                principal.key(),
                id,
                title.length() <= MAX_TITLE ? title : title.substring(0, MAX_TITLE - 1) + "…",
                clock.instant());
        return id;
    }

    private String id(String prefix) {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }

    private static String said(ChatRequest request) {
        return request.message().isBlank()
                ? request.confirmation().map(plan -> "Confirm " + plan).orElse("")
                : request.message();
    }

    private static ModelTool modelTool(ToolView view) {
        var definition = view.definition().definition();
        return new ModelTool(
                view.name(),
                view.upstream(),
                definition
                        .string("title")
                        .or(() -> definition.object("annotations").flatMap(hints -> hints.string("title")))
                        .orElse(""),
                view.definition().description(),
                withoutConfirmation(view.definition().inputSchema()),
                view.write(),
                view.rule(),
                view.denial().map(denial -> new ModelTool.Denied(denial.code(), denial.reason(), denial.remedy())));
    }

    private static JsonObject withoutConfirmation(JsonObject schema) {
        return schema.object("properties")
                .map(properties -> schema.with("properties", properties.without("commit", "confirmation")))
                .orElse(schema);
    }

    private static List<JsonObject> plans(List<ChatCall> calls) {
        return calls.stream().flatMap(call -> call.plan().stream()).toList();
    }

    /// How a message's answer ended.
    private record Ended(String model, Reply reply, List<ChatCall> calls, List<JsonObject> plans) {
        JsonObject body(String thread) {
            var suggestions = new ArrayList<JsonObject>();
            if (reply instanceof Reply.Answered answered) {
                answered.suggestions()
                        .forEach(next ->
                                suggestions.add(JsonObject.of("label", next.label(), "message", next.message())));
            }
            var body = JsonObject.of(
                    "thread", thread,
                    "text", Transcript.text(reply),
                    "toolCalls", calls.stream().map(ChatCall::toJson).toList(),
                    "plans", plans,
                    "model", model,
                    "suggestions", suggestions);
            return reply instanceof Reply.Failed failed
                    ? body.with("error", JsonObject.of("code", failed.code(), "message", failed.message()))
                    : body;
        }

        JsonObject memory() {
            return reply instanceof Reply.Answered answered ? answered.memory() : JsonObject.EMPTY;
        }
    }
}
