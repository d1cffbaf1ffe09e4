package mistmcp.mcp.server;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import mistmcp.json.RawJson;
import mistmcp.mcp.McpReply;
import mistmcp.mcp.McpRequest;
import mistmcp.time.Ticker;
import org.jspecify.annotations.Nullable;

/// Works on calls over HTTP and writes what comes from them to their callers, until the answer is out or the
/// caller has to answer first. Safe for several threads.
///
/// @param <C> who calls, as the process knows it
final class Pump<C> implements AutoCloseable {
    private final McpService<C> service;
    private final McpOptions options;
    private final Parked parked;
    private final Questions questions;
    private final Ticker ticker = new Ticker("mcp-ticker");

    Pump(McpService<C> service, McpOptions options, Parked parked, Questions questions) {
        this.service = service;
        this.options = options;
        this.parked = parked;
        this.questions = questions;
    }

    /// The way back to a caller.
    ///
    /// @param id  the id of the request that is answered
    /// @param key the caller's
    record Back(ReplyLine line, RawJson id, String key) {}

    /// Works on a call that ends with its HTTP request. Nearly all answer at once and say nothing before it;
    /// for the others a second thread writes.
    void run(C caller, LiveCall call, Back back) throws IOException, InterruptedException {
        var writing = new FutureTask<@Nullable Void>(() -> {
            goOn(call, back);
            return null;
        });
        Ticker.Watched watched = call::look;
        call.begin(options.sseAfter(), () -> Thread.ofVirtual().name("mcp-pump").start(writing));
        ticker.add(watched);
        McpReply reply;
        try {
            reply = Guarded.answer(service, caller, call);
        } finally {
            ticker.remove(watched);
        }
        if (call.finishAlone(reply)) {
            try {
                end(back, call.request(), reply);
            } finally {
                call.end();
            }
        } else {
            await(writing);
        }
    }

    /// Works on a call that may outlive its HTTP request, on a thread of its own, and writes what comes.
    void start(C caller, LiveCall call, Back back) throws IOException, InterruptedException {
        Thread.ofVirtual().name("mcp-call").start(() -> call.finish(Guarded.answer(service, caller, call)));
        goOn(call, back);
    }

    private static void await(FutureTask<@Nullable Void> writing) throws IOException, InterruptedException {
        try {
            writing.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException gone -> throw gone;
                case InterruptedException stopping -> throw stopping;
                case RuntimeException broken -> throw broken;
                case null, default -> throw new IllegalStateException("an answer could not be written", failed);
            }
        }
    }

    /// Writes what comes from a call that is being worked on.
    void goOn(LiveCall call, Back back) throws IOException, InterruptedException {
        var line = back.line();
        boolean modern = call.request().revision().modern();
        boolean waits = false;
        var patience = options.sseAfter();
        Ticker.Watched watched = call::look;
        ticker.add(watched);
        try {
            while (true) {
                switch (call.next(patience)) {
                    case LiveCall.Event.Quiet _ -> {
                        line.comment();
                        patience = options.heartbeat();
                    }
                    case LiveCall.Event.Note note -> line.message(note.message());
                    case LiveCall.Event.Ask ask
                    when modern -> {
                        waits = true;
                        line.last(200, parked.park(call, ask.inquiry(), back.id(), back.key()));
                        return;
                    }
                    case LiveCall.Event.Ask ask -> put(ask.inquiry(), back);
                    case LiveCall.Event.Done done -> {
                        end(back, call.request(), done.reply());
                        call.end();
                        return;
                    }
                }
            }
        } catch (IOException | InterruptedException gone) {
            // A caller may hang up as soon as it has read the question: its call waits for the answer all the same.
            if (!waits) {
                call.cancel();
                call.end();
            }
            throw gone;
        } finally {
            ticker.remove(watched);
        }
    }

    /// Puts questions on the event stream of a legacy caller.
    private void put(Inquiry inquiry, Back back) throws IOException {
        if (!back.line().takesEvents()) {
            inquiry.abandon();
            return;
        }
        for (var message : questions.put(inquiry, back.key())) {
            back.line().message(message);
        }
    }

    /// Writes an answer.
    void end(Back back, McpRequest request, McpReply reply) throws IOException {
        var info = service.serverInfo();
        switch (reply) {
            case McpReply.Whole whole -> {
                var answer = Closing.of(back.id(), request.revision(), request.method(), info, whole);
                back.line().last(answer.status(), answer.message());
            }
            case McpReply.Streamed streamed ->
                back.line()
                        .last(
                                back.id(),
                                streamed.stream(),
                                Closing.settings(request.revision(), request.method(), info, streamed));
        }
    }

    @Override
    public void close() {
        ticker.close();
    }
}
