package mistmcp.gateway.audit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonWriter;
import mistmcp.json.RawJson;

/// What records hold of a caller, written once for each principal and not for each record: a token that is known
/// gives the same principal each time. Keeps some hundred of the last ones. Safe for several threads.
final class CallerTexts {
    private static final int PLACES = 256;

    private final AtomicReferenceArray<Text> known = new AtomicReferenceArray<>(PLACES);

    /// The JSON of a caller, and of the sites in scope.
    record Text(Principal of, RawJson principal, RawJson sites) {}

    /// The text of this very principal: one of the same name may have another role or scope.
    @SuppressWarnings("ReferenceEquality")
    Text of(Principal principal) {
        int place = (31 * principal.issuer().hashCode() + principal.subject().hashCode()) & (PLACES - 1);
        var text = known.get(place);
        if (text == null || text.of() != principal) {
            text = new Text(principal, caller(principal), sites(principal));
            known.set(place, text);
        }
        return text;
    }

    private static RawJson caller(Principal principal) {
        var text = JsonWriter.mending(256).begin();
        member(text, "iss", Optional.of(principal.issuer()));
        member(text, "sub", Optional.of(principal.subject()));
        member(text, "email", principal.email());
        member(text, "role", Optional.of(principal.role().text()));
        text.name("roleSource").begin();
        member(text, "claim", Optional.of(principal.roleSource().claim()));
        member(text, "value", Optional.of(principal.roleSource().value()));
        text.end();
        member(text, "client", principal.client());
        return RawJson.of(text.end().bytes());
    }

    private static RawJson sites(Principal principal) {
        return RawJson.of(Redaction.bounded(JsonArray.ofAll(principal.sites().ids())));
    }

    private static void member(JsonWriter text, String name, Optional<String> value) {
        value.ifPresent(present -> text.name(name).string(Redaction.cut(present)));
    }
}
