package mistmcp.gateway.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// Somebody who reads an answer of the chat as it comes, and can stop reading.
final class ChatReader implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /// Sends one message and reads on, on a thread of its own.
    ChatReader(URI gateway, String caller, JsonObject message) {
        var request = HttpRequest.newBuilder(gateway.resolve("/mcp/chat"))
                .header("X-Caller", caller)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(Json.text(message)))
                .build();
        Thread.ofVirtual().start(() -> read(request));
    }

    private void read(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data: ")) {
                        events.add(Json.parseObject(line.substring("data: ".length())));
                    }
                }
            }
        } catch (IOException closed) {
            // As it is when the test has stopped reading.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            ended = true;
        }
    }

    /// All events so far.
    List<JsonObject> events() {
        return List.copyOf(events);
    }

    /// The values of our own events of a name.
    List<JsonObject> custom(String name) {
        return events.stream()
                .filter(event -> event.string("name").filter(name::equals).isPresent())
                .map(event -> event.object("value").orElseThrow())
                .toList();
    }

    /// The question that was asked as the nth.
    JsonObject question(int nth) throws InterruptedException {
        RunningGate.eventually(() -> custom("question").size() >= nth || ended);
        return custom("question").get(nth - 1);
    }

    /// The whole answer, once it is there.
    JsonObject answer() throws InterruptedException {
        RunningGate.eventually(() -> ended);
        return events.stream()
                .filter(isOf("RUN_FINISHED"))
                .findFirst()
                .flatMap(event -> event.object("result"))
                .orElseThrow(() -> new AssertionError("no whole answer: " + events));
    }

    private static Predicate<JsonObject> isOf(String type) {
        return event -> event.string("type").filter(type::equals).isPresent();
    }

    /// Stops reading, as a browser that is closed.
    @Override
    public void close() {
        try {
            http.shutdownNow();
            http.close();
        } catch (UncheckedIOException closed) {
            throw new AssertionError(closed);
        }
    }
}
