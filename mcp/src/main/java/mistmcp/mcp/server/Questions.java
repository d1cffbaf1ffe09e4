package mistmcp.mcp.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.jsonrpc.Envelope;
import mistmcp.jsonrpc.Messages;
import mistmcp.mcp.Exchange.Answer;

/// Questions that are out to legacy callers as requests of ours, by ids that cannot be guessed. Safe for
/// several threads.
final class Questions {
    private final ConcurrentMap<String, Open> open = new ConcurrentHashMap<>();

    private record Open(String key, String name, Inquiry inquiry) {}

    /// The messages that put the questions; only the caller of this key can answer them.
    List<byte[]> put(Inquiry inquiry, String key) {
        open.values().removeIf(old -> old.inquiry().isSettled());
        var messages = new ArrayList<byte[]>();
        inquiry.open().forEach((name, question) -> {
            var id = UUID.randomUUID().toString();
            open.put(id, new Open(key, name, inquiry));
            messages.add(Messages.request(RawJson.of(new JsonString(id)), question.method(), question.params()));
        });
        return messages;
    }

    void given(String key, Envelope.Success answer) {
        take(key, Optional.of(answer.id()))
                .ifPresent(found -> found.inquiry()
                        .answer(found.name(), new Answer.Given(answer.result().raw())));
    }

    void refused(String key, Envelope.Fault answer) {
        take(key, answer.id())
                .ifPresent(found ->
                        found.inquiry().answer(found.name(), new Answer.Refused(answer.code(), answer.message())));
    }

    private Optional<Open> take(String key, Optional<RawJson> id) {
        return id.flatMap(RawJson::string)
                .flatMap(text -> Optional.ofNullable(open.get(text))
                        .filter(found -> found.key().equals(key) && open.remove(text, found)));
    }
}
