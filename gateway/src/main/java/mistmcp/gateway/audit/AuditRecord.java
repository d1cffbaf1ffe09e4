package mistmcp.gateway.audit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.policy.Denial;
import mistmcp.gateway.policy.Mode;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;
import mistmcp.json.JsonWriter;
import mistmcp.json.RawJson;

/// One entry of the audit log in the making: its methods are the vocabulary, so that no caller can misspell a
/// key. `v`, `index` and `at` are set by the log. Built by one thread, then handed to [AuditLog#append].
public final class AuditRecord {
    private static final CallerTexts CALLERS = new CallerTexts();

    private final Event event;
    private String[] names = new String[24];
    /// Each a text that is short enough, a [Long], or a [RawJson].
    private Object[] values = new Object[24];
    private int count;
    private boolean write;

    private AuditRecord(Event event) {
        this.event = event;
        put("event", event.text());
    }

    /// An entry about an event.
    public static AuditRecord of(Event event) {
        return new AuditRecord(event);
    }

    /// What the entry is about.
    public Event event() {
        return event;
    }

    /// The id that the entries of one call share.
    public AuditRecord call(String callId) {
        return put("callId", callId);
    }

    /// The correlation id of the HTTP request.
    public AuditRecord request(String requestId) {
        return put("requestId", requestId);
    }

    /// Who calls, with the claim that gave the role; what a token or header says beyond that is left out.
    public AuditRecord principal(Principal principal) {
        return set("principal", CALLERS.of(principal).principal());
    }

    /// Who acts when nobody called: `system:gateway`.
    public AuditRecord system() {
        return put("principal", JsonObject.of("iss", "system", "sub", "system:gateway"));
    }

    /// The way in: `mcp`, `chat` or `page`, the client by its own account, the chat, and the address called
    /// from.
    public AuditRecord via(String channel, String client, Optional<String> thread, Optional<String> from) {
        var text = JsonWriter.mending(128).begin().name("channel").string(Redaction.cut(channel));
        if (!client.isEmpty()) {
            text.name("client").string(Redaction.cut(client));
        }
        thread.ifPresent(known -> text.name("thread").string(Redaction.cut(known)));
        from.ifPresent(known -> text.name("from").string(Redaction.cut(known)));
        return set("via", RawJson.of(text.end().bytes()));
    }

    /// What is called.
    ///
    /// @param kind `tool`, `resource` or `prompt`
    /// @param tool its name on the wire, or the URI
    public AuditRecord tool(String upstream, String kind, String tool) {
        put("upstream", upstream);
        put("kind", kind);
        return put("tool", tool);
    }

    /// The digest of the definition that was in force.
    public AuditRecord definition(String digest) {
        return put("definitionDigest", digest);
    }

    /// How the call runs. Anything but a read counts as a write when the disk runs full.
    public AuditRecord mode(Mode mode) {
        write = mode != Mode.READ;
        return put("mode", mode.text());
    }

    /// The arguments, secrets redacted, and their digest. Arguments over 8 KiB are left at their digest and
    /// size.
    public AuditRecord arguments(JsonObject arguments) {
        var redacted = Redaction.redacted(arguments);
        var bytes = Json.bytes(redacted);
        if (bytes.length > Redaction.MAX_BYTES) {
            put("argumentsBytes", bytes.length);
        } else {
            set("arguments", Redaction.fits(redacted) ? RawJson.of(bytes) : RawJson.of(Redaction.bounded(redacted)));
        }
        // There is no digest of what holds a secret, since a short secret could be guessed from it.
        return redacted.equals(arguments) ? put("argumentsDigest", Redaction.digest(arguments, bytes)) : this;
    }

    /// The caller's site scope.
    public AuditRecord sites(Principal principal) {
        return set("sites", CALLERS.of(principal).sites());
    }

    /// The sites that the call names, by id; `site` holds the first.
    public AuditRecord sitesNamed(Set<String> ids) {
        if (ids.isEmpty()) {
            return this;
        }
        var sorted = new TreeSet<>(ids);
        put("site", sorted.getFirst());
        return sorted.size() > 1 ? put("sitesNamed", JsonArray.ofAll(sorted)) : this;
    }

    /// What the policy said: the decision, the rule, for a denial its code and reason, and the policy's hash.
    public AuditRecord decision(Decision decision, String policyHash) {
        switch (decision) {
            case Decision.Execute execute -> {
                put("decision", "allow");
                put("rule", execute.rule());
                mode(execute.mode());
            }
            case Decision.Deny deny -> denial(deny.denial());
        }
        return put("policyHash", policyHash);
    }

    /// A refusal, by policy or by any other gate.
    public AuditRecord denial(Denial denial) {
        put("decision", "deny");
        put("code", denial.code());
        put("rule", denial.rule());
        return put("reason", denial.reason());
    }

    /// How it ended: `done`, `planned`, `denied` or `failed`, with a stable code (`ok` when there is nothing
    /// to say).
    public AuditRecord outcome(String outcome, String code) {
        put("outcome", outcome);
        return put("code", code);
    }

    /// The three ends that are told apart: of the transport (`ok`, `timeout`, ...), of JSON-RPC (`ok` or an
    /// error's code) and of the tool (`ok`, `tool_error`).
    public AuditRecord ends(String transport, String rpc, String tool) {
        return put("ends", JsonObject.of("transport", transport, "rpc", rpc, "tool", tool));
    }

    /// The digest and size of the answer.
    public AuditRecord result(String digest, long bytes) {
        put("resultDigest", digest);
        return put("resultBytes", bytes);
    }

    /// How long it took.
    public AuditRecord duration(Duration duration) {
        return put("durationMs", JsonNumber.of(Math.round(duration.toNanos() / 1e3) / 1e3));
    }

    /// The plan, and the key of the principal who asked for it (who may be another than the one who acts).
    public AuditRecord plan(String planId, String ownerKey) {
        put("planId", planId);
        return put("owner", ownerKey);
    }

    /// What a commit stands on.
    public AuditRecord change(String changeDigest, String beforeHash) {
        put("changeDigest", changeDigest);
        return put("beforeHash", beforeHash);
    }

    /// How an approval was given: its level and its channel.
    public AuditRecord approval(String level, String channel) {
        return put("approval", JsonObject.of("level", level, "channel", channel));
    }

    /// What an upstream asked the caller for, and what the caller did; never what was answered.
    ///
    /// @param method `elicitation/create`, `sampling/createMessage` or `roots/list`
    /// @param mode   of an elicitation: `form` or `url`
    /// @param host   of a `url`: where the person was sent
    /// @param action `accept`, `decline`, `cancel`; `answer` where there are no such actions, `refuse` for an
    ///               error, `none` when no answer came
    public AuditRecord question(String method, Optional<String> mode, Optional<String> host, String action) {
        return put(
                "question",
                JsonObject.of("method", method)
                        .withPresent("mode", mode)
                        .withPresent("host", host)
                        .with("action", action));
    }

    /// Where a refused sign-in came from, why, and how many it stands for.
    public AuditRecord refusal(String source, String code, long count) {
        put("source", source);
        put("code", code);
        put("decision", "deny");
        return put("count", count);
    }

    /// Why, in one line.
    public AuditRecord reason(String reason) {
        return put("reason", reason);
    }

    /// The policy's hash, where no decision is told.
    public AuditRecord policy(String hash) {
        return put("policyHash", hash);
    }

    /// What else belongs to the event, under one member; secrets are redacted, and over 8 KiB only the size
    /// is kept.
    public AuditRecord detail(JsonObject detail) {
        var redacted = Redaction.redacted(detail);
        int bytes = Json.bytes(redacted).length;
        return bytes <= Redaction.MAX_BYTES ? put("detail", redacted) : put("detailBytes", bytes);
    }

    /// Whether something is to happen once this entry is durable, so that a full disk must stop it; the
    /// others tell what happened already.
    boolean opens() {
        return event == Event.CALL_DECISION
                || event == Event.CALL_QUESTION
                || event == Event.COMMIT_INTENT
                || event == Event.PLAN_APPROVED;
    }

    /// Whether what is to happen is a write.
    boolean write() {
        return write || event == Event.COMMIT_INTENT || event == Event.PLAN_APPROVED;
    }

    /// The members set, as the bytes of an object.
    byte[] members() {
        var text = JsonWriter.mending(1024).begin();
        for (int i = 0; i < count; i++) {
            text.name(names[i]);
            switch (values[i]) {
                case String value -> text.string(value);
                case Long value -> text.number(value);
                case RawJson value -> text.raw(value);
                default -> throw new IllegalStateException("a member of another kind");
            }
        }
        return text.end().bytes();
    }

    private AuditRecord put(String name, String value) {
        return set(name, Redaction.cut(value));
    }

    private AuditRecord put(String name, long value) {
        return set(name, value);
    }

    private AuditRecord put(String name, JsonValue value) {
        return set(name, RawJson.of(Redaction.bounded(value)));
    }

    /// A name that is set again keeps its place.
    private AuditRecord set(String name, Object value) {
        int at = 0;
        while (at < count && !names[at].equals(name)) {
            at++;
        }
        if (at == count) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            names[count++] = name;
        }
        values[at] = value;
        return this;
    }
}
