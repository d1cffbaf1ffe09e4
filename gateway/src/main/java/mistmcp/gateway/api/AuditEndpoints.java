package mistmcp.gateway.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import mistmcp.gateway.audit.AuditQuery;
import mistmcp.gateway.audit.AuditSearch;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.policy.PolicyInForce;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// Reading the audit log: `GET /audit` and `GET /audit/{index}`. A caller sees their own records; with the
/// grant `audit` those of all. Problems: 400 `invalid_query`, 404 `not_found`, 503 `audit_failed`.
public final class AuditEndpoints {
    private static final String GRANT = "audit";
    private static final Set<String> DECISIONS = Set.of("allow", "deny");
    private static final Set<String> OUTCOMES = Set.of("done", "planned", "denied", "failed");

    private final AuditSearch search;
    private final PolicyInForce policy;
    private final Function<HttpRequest, Principal> caller;

    /// Endpoints on a log.
    ///
    /// @param caller proves who calls, or throws the problem to answer
    public AuditEndpoints(AuditSearch search, PolicyInForce policy, Function<HttpRequest, Principal> caller) {
        this.search = search;
        this.policy = policy;
        this.caller = caller;
    }

    /// The routes to serve.
    public List<Route> routes() {
        return List.of(new Route("GET", "/audit", this::list), new Route("GET", "/audit/{index}", this::one));
    }

    private void list(HttpRequest request, HttpResponse response) throws IOException {
        var owner = owner(caller.apply(request));
        var query = new AuditQuery(
                time(request, "from"),
                time(request, "to"),
                text(request, "user"),
                text(request, "tool"),
                text(request, "site"),
                word(request, "decision", DECISIONS),
                word(request, "outcome", OUTCOMES),
                text(request, "q"));
        var page = read(() -> search.find(query, owner, cursor(request)));
        var body = JsonObject.of("records", page.records());
        response.json(
                200,
                page.next().isPresent() ? body.with("cursor", cursor(page.next().getAsLong())) : body);
    }

    private void one(HttpRequest request, HttpResponse response) throws IOException {
        var owner = owner(caller.apply(request));
        var index = number(request.pathParameter("index"));
        var story = read(() ->
                        index.isEmpty() ? Optional.<AuditSearch.Story>empty() : search.story(index.getAsLong(), owner))
                .orElseThrow(() -> new HttpProblem(404, "not_found", "there is no such record among yours"));
        response.json(
                200,
                JsonObject.of(
                        "record", story.record(),
                        "leafHash", story.leafHash(),
                        "siblings", JsonArray.ofAll(story.siblings())));
    }

    private Optional<String> owner(Principal principal) {
        return policy.policy().grants(principal, GRANT) ? Optional.empty() : Optional.of(principal.key());
    }

    private static <T> T read(java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (AuditUnavailable unavailable) {
            throw new HttpProblem(503, unavailable.code(), unavailable.reason());
        }
    }

    private static Optional<String> text(HttpRequest request, String name) {
        return request.query(name).filter(value -> !value.isEmpty());
    }

    private static Optional<String> word(HttpRequest request, String name, Set<String> words) {
        var value = text(request, name);
        if (value.isPresent() && !words.contains(value.get())) {
            throw invalid(
                    name, "one of " + String.join(", ", words.stream().sorted().toList()));
        }
        return value;
    }

    private static Optional<Instant> time(HttpRequest request, String name) {
        try {
            return text(request, name).map(Instant::parse);
        } catch (DateTimeParseException notATime) {
            throw invalid(name, "a time such as 2026-01-31T08:00:00Z");
        }
    }

    private static OptionalLong cursor(HttpRequest request) {
        var cursor = text(request, "cursor");
        if (cursor.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            var before = number(new String(Base64.getUrlDecoder().decode(cursor.get()), StandardCharsets.ISO_8859_1));
            if (before.isPresent()) {
                return before;
            }
        } catch (IllegalArgumentException notBase64) {
            throw invalid("cursor", "the cursor of an answer");
        }
        throw invalid("cursor", "the cursor of an answer");
    }

    private static String cursor(long before) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(before).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static HttpProblem invalid(String name, String expected) {
        return new HttpProblem(400, "invalid_query", "`" + name + "` must be " + expected);
    }
}
