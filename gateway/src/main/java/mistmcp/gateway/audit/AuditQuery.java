package mistmcp.gateway.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import mistmcp.json.JsonObject;

/// What somebody looks for in the log. Absent parts match everything.
///
/// @param from     not before this time
/// @param to       before this time
/// @param user     the principal's subject, e-mail address or `issuer|subject`
/// @param tool     the tool's name on the wire, a URI, or `upstream/tool`
/// @param site     a site id that the call names
/// @param decision `allow` or `deny`
/// @param outcome  `done`, `planned`, `denied` or `failed`
/// @param text     any part of the record's text, in any case
public record AuditQuery(
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<String> user,
        Optional<String> tool,
        Optional<String> site,
        Optional<String> decision,
        Optional<String> outcome,
        Optional<String> text) {
    /// Everything.
    public static final AuditQuery ALL = new AuditQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /// Whether a record is looked for.
    boolean matches(JsonObject record, String recordText) {
        var at = at(record);
        return from.map(time -> !at.isBefore(time)).orElse(true)
                && to.map(at::isBefore).orElse(true)
                && user.map(name -> isUser(record, name)).orElse(true)
                && tool.map(name -> isTool(record, name)).orElse(true)
                && site.map(id -> isSite(record, id)).orElse(true)
                && decision.map(word ->
                                record.string("decision").filter(word::equals).isPresent())
                        .orElse(true)
                && outcome.map(word ->
                                record.string("outcome").filter(word::equals).isPresent())
                        .orElse(true)
                && text.map(part -> recordText.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)))
                        .orElse(true);
    }

    /// When a record was made.
    static Instant at(JsonObject record) {
        return record.string("at").map(Instant::parse).orElse(Instant.EPOCH);
    }

    /// The key of who acted, `issuer|subject`.
    static Optional<String> actor(JsonObject record) {
        return record.object("principal")
                .map(principal -> principal.string("iss").orElse("") + "|"
                        + principal.string("sub").orElse(""));
    }

    private static boolean isUser(JsonObject record, String name) {
        return actor(record).filter(name::equals).isPresent()
                || record.object("principal")
                        .filter(principal ->
                                principal.string("sub").filter(name::equals).isPresent()
                                        || principal
                                                .string("email")
                                                .filter(name::equalsIgnoreCase)
                                                .isPresent())
                        .isPresent();
    }

    private static boolean isTool(JsonObject record, String name) {
        var tool = record.string("tool").orElse("");
        return tool.equals(name) || (record.string("upstream").orElse("") + "/" + tool).equals(name);
    }

    private static boolean isSite(JsonObject record, String id) {
        return record.string("site").filter(id::equals).isPresent()
                || record.array("sitesNamed")
                        .filter(sites -> sites.strings().contains(id))
                        .isPresent();
    }
}
