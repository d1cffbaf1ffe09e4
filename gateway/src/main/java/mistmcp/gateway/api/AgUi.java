package mistmcp.gateway.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import mistmcp.gateway.chat.ChatEvent;
import mistmcp.gateway.chat.Stop;
import mistmcp.http.HttpResponse;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// An answer as AG-UI 1.0 events over SSE, one `data:` line an event. When the reader has gone, the answer is
/// stopped. A plan that waits for a person ends the run with the outcome `interrupt`. Our own events are of
/// the type CUSTOM, by `name`: `policy.decision` (a call has ended, and why it was let through), `plan`,
/// `question` (an upstream asks the person something, see [ChatEvent.Asked]) and `question.ended`. For one
/// answer; safe for several threads.
final class AgUi implements Consumer<ChatEvent> {
    private static final String MESSAGE = "msg_1";

    private final HttpResponse response;
    private final Stop stop = new Stop();
    private @Nullable OutputStream out;
    private boolean writing;
    private boolean over;

    AgUi(HttpResponse response) {
        this.response = response;
    }

    /// The line back that is cut when the reader goes.
    Stop stop() {
        return stop;
    }

    @Override
    public synchronized void accept(ChatEvent event) {
        switch (event) {
            case ChatEvent.Started(var thread, var run) -> send("RUN_STARTED", "threadId", thread, "runId", run);
            case ChatEvent.Text(var delta) -> {
                if (!writing) {
                    writing = true;
                    send("TEXT_MESSAGE_START", "messageId", MESSAGE, "role", "assistant");
                }
                send("TEXT_MESSAGE_CONTENT", "messageId", MESSAGE, "delta", delta);
            }
            case ChatEvent.CallStarted(var id, var tool, var arguments) -> {
                send("TOOL_CALL_START", "toolCallId", id, "toolCallName", tool);
                send("TOOL_CALL_ARGS", "toolCallId", id, "delta", Json.text(arguments));
                send("TOOL_CALL_END", "toolCallId", id);
            }
            case ChatEvent.CallEnded(var id, var call, var content) -> {
                send(
                        "TOOL_CALL_RESULT",
                        "messageId",
                        id + "_result",
                        "toolCallId",
                        id,
                        "content",
                        Json.text(content),
                        "role",
                        "tool");
                send("CUSTOM", "name", "policy.decision", "value", call.with("toolCallId", id));
            }
            case ChatEvent.Asked(var question) -> send("CUSTOM", "name", "question", "value", question);
            case ChatEvent.Waiting() -> write(": waiting\n\n");
            case ChatEvent.AskEnded(var end) -> send("CUSTOM", "name", "question.ended", "value", end);
            case ChatEvent.PlanShown(var plan) -> send("CUSTOM", "name", "plan", "value", plan);
            case ChatEvent.Finished(var thread, var run, var answer) -> {
                endText();
                send(JsonObject.of(
                        "type",
                        "RUN_FINISHED",
                        "threadId",
                        thread,
                        "runId",
                        run,
                        "result",
                        answer,
                        "outcome",
                        outcome(answer)));
                over = true;
            }
            case ChatEvent.Failed(var code, var message) -> {
                endText();
                send("RUN_ERROR", "message", message, "code", code);
                over = true;
            }
        }
    }

    private static JsonObject outcome(JsonObject answer) {
        var waiting = answer.array("plans").orElse(JsonArray.EMPTY).objects().stream()
                .filter(plan -> List.of("planned", "approved")
                        .contains(plan.string("state").orElse("")))
                .map(plan -> JsonObject.of(
                                "id",
                                plan.string("id").orElse(""),
                                "reason",
                                "tool_call",
                                "message",
                                "a person has to approve this change",
                                "metadata",
                                plan)
                        .withPresent("expiresAt", plan.string("expiresAt")))
                .toList();
        return waiting.isEmpty()
                ? JsonObject.of("type", "success")
                : JsonObject.of("type", "interrupt", "interrupts", waiting);
    }

    private void endText() {
        if (writing) {
            writing = false;
            send("TEXT_MESSAGE_END", "messageId", MESSAGE);
        }
    }

    private void send(String type, Object... members) {
        send(JsonObject.of("type", type).withAll(JsonObject.of(members)));
    }

    private void send(JsonObject event) {
        write("data: " + Json.text(event) + "\n\n");
    }

    /// After the last event nothing goes out: a question may end later than the call that it came with.
    private void write(String text) {
        if (over || stop.cancelled()) {
            return;
        }
        try {
            if (out == null) {
                out = response.stream(200, "text/event-stream");
            }
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException gone) {
            stop.stop();
        }
    }
}
