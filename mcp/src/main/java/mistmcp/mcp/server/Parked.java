package mistmcp.mcp.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.json.Sha256;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange.Answer;
import mistmcp.mcp.McpRequest;

/// Calls of modern callers that wait for input (2026-07-28, "Multi Round-Trip Requests"). The `requestState`
/// is a random handle that says nothing; what it stands for is kept here: caller, method, digest of the
/// parameters, expiry. It is taken once. Safe for several threads.
final class Parked {
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final SecureRandom random = new SecureRandom();
    /// By handle, the oldest first.
    private final LinkedHashMap<String, Place> places = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final McpOptions options;

    Parked(McpOptions options) {
        this.options = options;
    }

    private record Place(LiveCall call, Inquiry inquiry, String key, String digest, Instant expiresAt) {
        /// Nobody comes back for it.
        void drop() {
            inquiry.abandon();
            call.end();
        }
    }

    /// What a request turned out to be.
    sealed interface Resumed {
        /// A call of its own, with the answers that it brought along unasked.
        record Fresh(Map<String, RawJson> given) implements Resumed {}

        /// The retry of a call that goes on now.
        record Going(LiveCall call) implements Resumed {}

        /// The retry of a call that still lacks answers: the message that asks again.
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record AskAgain(byte[] message) implements Resumed {}

        /// A state that does not stand for a call of this caller.
        record Refused(String message) implements Resumed {}
    }

    /// Keeps a call until its caller comes back; the answer to give meanwhile.
    byte[] park(LiveCall call, Inquiry inquiry, RawJson id, String key) {
        var handle = handle();
        var place = new Place(
                call,
                inquiry,
                key,
                digest(call.request()),
                options.clock().instant().plus(LIFE));
        synchronized (this) {
            dropDead();
            if (places.size() >= options.maxParked()
                    || counts.getOrDefault(key, 0) >= Math.max(1, options.maxParked() / 4)) {
                // The oldest of this caller makes room, else the oldest of all.
                remove(places.entrySet().stream()
                                .filter(entry -> entry.getValue().key().equals(key))
                                .findFirst()
                                .orElseGet(() -> places.entrySet().iterator().next())
                                .getKey())
                        .ifPresent(Place::drop);
            }
            places.put(handle, place);
            counts.merge(key, 1, Integer::sum);
        }
        return Messages.success(id, result(inquiry, handle));
    }

    /// Finds the call that a request is the retry of, and hands it the answers.
    Resumed resume(Envelope.Request message, McpRequest request, String key) {
        if (message.params().get("requestState").isEmpty()) {
            return new Resumed.Fresh(answers(message));
        }
        var handle = message.params().string("requestState").orElse("");
        var found = take(handle, key, digest(request));
        if (found.isEmpty()) {
            return new Resumed.Refused("the `requestState` is unknown, used, expired, or of another request");
        }
        var place = found.get();
        answers(message).forEach((name, value) -> place.inquiry().answer(name, new Answer.Given(value)));
        return place.inquiry().isSettled()
                ? new Resumed.Going(place.call())
                : new Resumed.AskAgain(park(place.call(), place.inquiry(), message.id(), key));
    }

    private static Map<String, RawJson> answers(Envelope.Request message) {
        var given = new LinkedHashMap<String, RawJson>();
        message.params()
                .get("inputResponses")
                .filter(RawJson::isObject)
                .ifPresent(responses -> JsonSpans.members(responses, JsonLimits.TRUSTED)
                        .forEach((name, value) -> {
                            if (value.isObject()) {
                                given.put(name, value);
                            }
                        }));
        return given;
    }

    private synchronized Optional<Place> take(String handle, String key, String digest) {
        dropDead();
        return Optional.ofNullable(places.get(handle))
                .filter(place -> place.key().equals(key) && place.digest().equals(digest))
                .flatMap(_ -> remove(handle));
    }

    private void dropDead() {
        var now = options.clock().instant();
        var dead = places.entrySet().stream()
                .filter(entry -> now.isAfter(entry.getValue().expiresAt()))
                .map(Map.Entry::getKey)
                .toList();
        // Whoever waits for the answers learns that none will come.
        dead.forEach(handle -> remove(handle).ifPresent(Place::drop));
    }

    private Optional<Place> remove(String handle) {
        var place = Optional.ofNullable(places.remove(handle));
        place.ifPresent(gone -> counts.computeIfPresent(gone.key(), (_, count) -> count == 1 ? null : count - 1));
        return place;
    }

    private String handle() {
        var bytes = new byte[24];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static RawJson result(Inquiry inquiry, String handle) {
        var requests = new LinkedHashMap<String, RawJson>();
        inquiry.open().forEach((name, question) -> {
            var members = new LinkedHashMap<String, RawJson>();
            members.put("method", RawJson.of(new JsonString(question.method())));
            members.put("params", question.params());
            requests.put(name, JsonSpans.join(members));
        });
        var result = new LinkedHashMap<String, RawJson>();
        result.put("resultType", RawJson.of(new JsonString("input_required")));
        result.put("inputRequests", JsonSpans.join(requests));
        result.put("requestState", RawJson.of(new JsonString(handle)));
        return JsonSpans.join(result);
    }

    /// Over all that makes the request what it is: a retry may differ in `_meta` and in its answers only.
    private static String digest(McpRequest request) {
        var members = new LinkedHashMap<>(JsonSpans.members(request.params(), JsonLimits.TRUSTED));
        members.keySet().removeAll(Set.of("_meta", "requestState", "inputResponses"));
        var sorted = new TreeMap<>(members);
        return request.method() + " " + Sha256.of(JsonSpans.join(sorted));
    }
}
