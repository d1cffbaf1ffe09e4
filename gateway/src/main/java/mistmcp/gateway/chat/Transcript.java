package mistmcp.gateway.chat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mistmcp.gateway.model.Message;
import mistmcp.gateway.model.Reply;
import mistmcp.gateway.model.Untrusted;
import mistmcp.gateway.store.Threads;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// A thread's entries: how they are written, shown to their owner, and told to a model.
final class Transcript {
    /// How much of one result a thread keeps and a model is told again, in UTF-16 characters.
    static final int MAX_RESULT = 8_000;

    private static final int MAX_TOLD = 40;

    private Transcript() {}

    static JsonObject user(String text, Instant at) {
        return JsonObject.of("role", "user", "text", text, "at", at);
    }

    static JsonObject assistant(JsonObject answer, List<ChatCall> calls, Instant at) {
        var results =
                calls.stream().map(call -> bounded(Json.text(call.content()))).toList();
        return JsonObject.of("role", "assistant")
                .withAll(answer.without("thread"))
                .with("results", results)
                .with("at", at);
    }

    static JsonObject summary(Threads.Summary summary) {
        return JsonObject.of(
                "id", summary.id(),
                "title", summary.title(),
                "createdAt", summary.createdAt(),
                "updatedAt", summary.updatedAt());
    }

    static JsonObject shown(Threads.Stored thread) {
        return summary(thread.summary()).with("messages", new JsonArray(List.<JsonValue>copyOf(thread.entries())));
    }

    /// The newest entries as a model is told of them; results stay fenced.
    static List<Message> told(List<JsonObject> entries) {
        var newest = entries.subList(Math.max(0, entries.size() - MAX_TOLD), entries.size());
        var messages = new ArrayList<Message>();
        for (var entry : newest) {
            if (entry.string("role").equals(Optional.of("user"))) {
                messages.add(new Message.User(entry.string("text").orElse("")));
            } else {
                calls(entry, messages);
                messages.add(new Message.Assistant(entry.string("text").orElse("")));
            }
        }
        return messages;
    }

    /// The text of a reply that may have failed.
    static String text(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered -> answered.text();
            case Reply.Failed failed -> "The model gave no whole answer: " + failed.message() + ".";
        };
    }

    private static void calls(JsonObject entry, List<Message> messages) {
        var calls = entry.array("toolCalls").orElse(JsonArray.EMPTY).objects();
        var results = entry.array("results").orElse(JsonArray.EMPTY).strings();
        for (int i = 0; i < calls.size(); i++) {
            messages.add(new Message.Called(
                    "past_" + messages.size(),
                    calls.get(i).string("tool").orElse(""),
                    calls.get(i).object("arguments").orElse(JsonObject.EMPTY),
                    Untrusted.fenced(i < results.size() ? results.get(i) : "")));
        }
    }

    private static String bounded(String text) {
        return text.length() <= MAX_RESULT ? text : text.substring(0, MAX_RESULT) + "…";
    }
}
