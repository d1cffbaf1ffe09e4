package mistmcp.mcp.server;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.json.InvalidJson;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.ErrorCode;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.RequestMeta;
import mistmcp.mcp.Revision;

/// An MCP endpoint over Streamable HTTP: 2026-07-28, and the handshake revisions 2025-11-25 and 2025-06-18
/// side by side. Routes for POST, GET and DELETE lead to [#serve]; Host and Origin are the HTTP edge's to
/// check. Safe for several threads.
///
/// Legacy callers need no MCP session for plain requests. One is opened by `initialize`, where the options
/// allow it, for what cannot do without: questions to the caller, a log level, a GET stream. A caller that
/// has gone away has cancelled, in both eras: nothing here can deliver its answer later.
///
/// @param <C> who calls, as the process knows it
public final class McpHttp<C> implements AutoCloseable {
    private final McpService<C> service;
    private final McpOptions options;
    private final Handshake<C> handshake;
    private final Sessions sessions;
    private final Questions questions = new Questions();
    private final Running running = new Running();
    private final Parked parked;
    private final Pump<C> pump;
    private final Listeners<C> listeners;

    /// An endpoint for a service.
    public McpHttp(McpService<C> service, McpOptions options) {
        this.service = service;
        this.options = options;
        this.handshake = new Handshake<>(service);
        this.sessions = new Sessions(options);
        this.parked = new Parked(options);
        this.pump = new Pump<>(service, options, parked, questions);
        this.listeners = new Listeners<>(service, options);
    }

    /// Answers one HTTP request, and returns when its answer is out.
    ///
    /// @throws HttpProblem for what is refused before it is MCP
    /// @throws IOException when the caller has gone away
    public void serve(HttpRequest request, HttpResponse response, Admission<C> admission)
            throws IOException, InterruptedException {
        switch (request.method()) {
            case "POST" -> post(request, response, admission);
            case "GET" -> get(request, response, admission);
            case "DELETE" -> delete(request, response, admission);
            default -> throw notAllowed();
        }
    }

    /// Says to all who listen that a list has changed: `tools`, `resources` or `prompts`.
    public void listChanged(String kind) {
        listeners.listChanged(kind);
    }

    /// Says to those who subscribed to it that a resource has changed.
    public void resourceUpdated(String uri) {
        resourceUpdated(uri, "");
    }

    /// Says to those who subscribed to it, and whom the service lets hear of it, that a resource has changed.
    ///
    /// @param source who says so, as the service knows it
    public void resourceUpdated(String uri, String source) {
        listeners.resourceUpdated(uri, source);
    }

    /// How many MCP sessions of legacy callers are open.
    public int openSessions() {
        return sessions.size();
    }

    /// Ends the streams that would otherwise stay open for ever, and lets no more be opened. Call it before
    /// the HTTP server is closed: calls that are in flight go on.
    public void endStreams() {
        listeners.close();
    }

    /// Ends all.
    @Override
    public void close() {
        listeners.close();
        sessions.endAll();
        pump.close();
    }

    private void post(HttpRequest request, HttpResponse response, Admission<C> admission)
            throws IOException, InterruptedException {
        if (!request.header("Content-Type").map(McpHttp::isJson).orElse(false)) {
            throw new HttpProblem(415, "content_type_not_supported", "send `application/json` here");
        }
        switch (Envelope.read(request.body(), options.limits())) {
            case Envelope.Request message -> request(message, request, response, admission);
            case Envelope.Notification message ->
                took(request, response, admission, () -> notification(message, request, admission));
            case Envelope.Success answer ->
                took(request, response, admission, () -> questions.given(admission.key(), answer));
            case Envelope.Fault answer ->
                took(request, response, admission, () -> questions.refused(admission.key(), answer));
            case Envelope.Invalid invalid ->
                send(
                        response,
                        invalid.reason()
                                        .filter(InvalidJson.Reason.TOO_LARGE::equals)
                                        .isPresent()
                                ? 413
                                : 400,
                        Messages.failure(invalid.id(), invalid.code(), invalid.message(), Optional.empty()));
        }
    }

    /// A message that has no answer is taken or refused as a whole.
    private void took(HttpRequest request, HttpResponse response, Admission<C> admission, Runnable act)
            throws IOException {
        var refused = Intake.version(request::headers);
        if (refused.isPresent()) {
            var fault = refused.get();
            send(
                    response,
                    fault.status(),
                    Messages.failure(Optional.empty(), fault.code(), fault.message(), fault.data()));
            return;
        }
        if (!modern(request)) {
            // A dead session is told, so that the caller does not go on talking to nobody.
            session(request, admission);
        }
        act.run();
        response.send(202);
    }

    private static boolean modern(HttpRequest request) {
        return request.headers("MCP-Protocol-Version").contains(Revision.V2026_07_28.text());
    }

    private void request(Envelope.Request message, HttpRequest http, HttpResponse response, Admission<C> admission)
            throws IOException, InterruptedException {
        var line = ReplyLine.of(http, response);
        boolean modern = Intake.claimsModern(message.params());
        boolean before = modern || message.method().equals("initialize");
        var session = before ? Optional.<Session>empty() : session(http, admission);
        switch (Intake.take(message, http::headers, session)) {
            case Intake.Taken.Rejected refused ->
                line.last(
                        refused.status(),
                        Messages.failure(Optional.of(message.id()), refused.code(), refused.message(), refused.data()));
            case Intake.Taken.Accepted accepted -> {
                var request = accepted.request();
                var caller = admission.admit(request);
                if (request.revision().modern()) {
                    var mismatch = mirrored(request, caller, http);
                    if (mismatch.isPresent()) {
                        line.last(
                                400,
                                Messages.failure(
                                        Optional.of(message.id()),
                                        ErrorCode.HEADER_MISMATCH,
                                        mismatch.get(),
                                        Optional.empty()));
                        return;
                    }
                    modern(message, request, caller, line, admission);
                } else {
                    legacy(message, request, caller, new Way(line, response, session, admission.key()));
                }
            }
        }
    }

    /// What is wrong with the headers that mirror a tool's arguments.
    private Optional<String> mirrored(McpRequest request, C caller, HttpRequest http) {
        return request.method().equals("tools/call")
                ? request.target()
                        .flatMap(
                                tool -> service.paramHeaders(caller, tool).mismatch(request.arguments(), http::headers))
                : Optional.empty();
    }

    /// What a legacy request has around it.
    private record Way(ReplyLine line, HttpResponse response, Optional<Session> session, String key) {
        Pump.Back back(Envelope.Request message) {
            return new Pump.Back(line, message.id(), key);
        }
    }

    private void legacy(Envelope.Request message, McpRequest request, C caller, Way way)
            throws IOException, InterruptedException {
        if (request.method().equals("initialize")) {
            initialize(message, caller, way);
            return;
        }
        var own = handshake.legacy(request, way.session(), caller);
        if (own.isPresent()) {
            pump.end(way.back(message), request, own.get());
            return;
        }
        var call = new LiveCall(request);
        var name = Running.name(way.key(), way.session().map(Session::id).orElse(""), message.id());
        running.begin(name, call);
        try {
            pump.run(caller, call, way.back(message));
        } finally {
            running.end(name, call);
        }
    }

    private void initialize(Envelope.Request message, C caller, Way way) throws IOException {
        var hello = handshake.hello(message.params());
        if (options.sessions()) {
            var session = sessions.open(way.key(), hello.revision(), hello.clientInfo(), hello.clientCapabilities());
            way.response().header("Mcp-Session-Id", session.id());
        }
        var result = McpReply.Result.of(handshake.welcome(hello, caller, options.sessions()));
        way.line().last(200, Messages.success(message.id(), result.body()));
    }

    private void modern(Envelope.Request message, McpRequest request, C caller, ReplyLine line, Admission<C> admission)
            throws IOException, InterruptedException {
        var key = admission.key();
        if (request.method().equals("subscriptions/listen")) {
            if (!line.takesEvents()) {
                throw new HttpProblem(406, "not_acceptable", "accept `text/event-stream` here");
            }
            var end = listeners.listen(message, request, caller, new Listeners.Way(line, key, admission::holds));
            line.message(end.cancelled());
            line.last(200, end.answer());
            return;
        }
        var back = new Pump.Back(line, message.id(), key);
        var own = handshake.modern(request, caller);
        if (own.isPresent()) {
            pump.end(back, request, own.get());
            return;
        }
        switch (parked.resume(message, request, key)) {
            case Parked.Resumed.Fresh fresh -> {
                var call = new LiveCall(request, fresh.given());
                if (call.canAsk()) {
                    pump.start(caller, call, back);
                } else {
                    pump.run(caller, call, back);
                }
            }
            case Parked.Resumed.Going going -> pump.goOn(going.call(), back);
            case Parked.Resumed.AskAgain again -> line.last(200, again.message());
            case Parked.Resumed.Refused refused ->
                line.last(
                        400,
                        Messages.failure(
                                Optional.of(message.id()),
                                ErrorCode.INVALID_PARAMS,
                                refused.message(),
                                Optional.empty()));
        }
    }

    private void notification(Envelope.Notification message, HttpRequest http, Admission<C> admission) {
        var key = admission.key();
        if (message.method().equals("notifications/cancelled")) {
            var session = http.header("Mcp-Session-Id")
                    .filter(_ -> options.sessions())
                    .orElse("");
            message.params()
                    .get("requestId")
                    .flatMap(id -> running.find(Running.name(key, session, id)))
                    .ifPresent(LiveCall::cancel);
        }
    }

    private Optional<Session> session(HttpRequest http, Admission<C> admission) {
        return http.header("Mcp-Session-Id")
                .filter(_ -> options.sessions())
                .map(id -> sessions.use(id, admission.key()).orElseThrow(McpHttp::sessionGone));
    }

    private void get(HttpRequest request, HttpResponse response, Admission<C> admission)
            throws IOException, InterruptedException {
        var id = request.header("Mcp-Session-Id");
        if (!options.sessions() || id.isEmpty() || modern(request)) {
            throw notAllowed();
        }
        var session = sessions.use(id.get(), admission.key()).orElseThrow(McpHttp::sessionGone);
        var line = ReplyLine.of(request, response);
        if (!line.takesEvents()) {
            throw new HttpProblem(406, "not_acceptable", "accept `text/event-stream` here");
        }
        var caller = admission.admit(listening(session));
        listeners.stream(
                session,
                caller,
                new Listeners.Way(
                        line,
                        session.key(),
                        () -> admission.holds()
                                && sessions.use(session.id(), session.key()).isPresent()));
    }

    /// A GET stream is let in as the request that took its place in the modern era.
    private static McpRequest listening(Session session) {
        return new McpRequest(
                session.revision(),
                "subscriptions/listen",
                Optional.empty(),
                RawJson.EMPTY_OBJECT,
                Optional.empty(),
                RequestMeta.NONE);
    }

    private void delete(HttpRequest request, HttpResponse response, Admission<C> admission) throws IOException {
        var id = request.header("Mcp-Session-Id");
        if (!options.sessions() || id.isEmpty() || modern(request)) {
            throw notAllowed();
        }
        if (!sessions.end(id.get(), admission.key())) {
            throw sessionGone();
        }
        response.send(204);
    }

    private static void send(HttpResponse response, int status, byte[] message) throws IOException {
        response.send(status, "application/json", message);
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase("application/json");
    }

    private static HttpProblem notAllowed() {
        return new HttpProblem(
                405,
                "method_not_allowed",
                "send MCP messages by POST",
                mistmcp.json.JsonObject.EMPTY,
                Map.of("Allow", "POST"));
    }

    private static HttpProblem sessionGone() {
        return new HttpProblem(404, "mcp_session_unknown", "this MCP session has ended: initialize again");
    }
}
