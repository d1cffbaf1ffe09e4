package mistmcp.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.http.HttpClient;
import mistmcp.http.OutboundRequest;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// Looks at the Mist tokens as the two servers will use them: whose they are and what they may do.
final class MistCheck {
    private static final Set<String> WRITING = Set.of("admin", "write");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private MistCheck() {}

    static List<Finding> of(Settings settings) {
        if (!settings.live()) {
            return List.of(Finding.ok("Mist", "the simulated one: no MIST_* value is set"));
        }
        var findings = new ArrayList<Finding>();
        var env = Env.of(settings.values());
        try (var http = new HttpClient(Duration.ofSeconds(5), 2, settings.egress())) {
            env.secret("MIST_TOKEN_RO")
                    .ifPresent(token -> findings.add(look(http, settings, "MIST_TOKEN_RO", token, false)));
            env.secret("MIST_TOKEN_RW")
                    .ifPresentOrElse(
                            token -> findings.add(look(http, settings, "MIST_TOKEN_RW", token, true)),
                            () -> findings.add(noWriter(settings)));
        }
        return findings;
    }

    private static Finding noWriter(Settings settings) {
        boolean wanted =
                settings.text("WRITE_ENABLED").filter("true"::equalsIgnoreCase).isPresent();
        return wanted
                ? Finding.fail(
                        "MIST_TOKEN_RW",
                        "is not set, but WRITE_ENABLED is true",
                        "set a token that can write, or WRITE_ENABLED=false")
                : Finding.ok("MIST_TOKEN_RW", "is not set: there are no write tools");
    }

    private static Finding look(HttpClient http, Settings settings, String name, Secret token, boolean writer) {
        var base = settings.text("MIST_API_BASE").orElse("").replaceAll("/+$", "");
        try (var response = http.send(new OutboundRequest(
                "GET",
                URI.create(base + "/api/v1/self"),
                Map.of("Authorization", "Token " + token.reveal(), "Accept", "application/json"),
                Optional.empty(),
                DEADLINE,
                DEADLINE))) {
            if (response.status() == 401) {
                return Finding.fail(name, "is refused by " + base, "make a new organisation token in the Mist portal");
            }
            if (response.status() != 200) {
                return Finding.warn(name, base + " answered with status " + response.status(), "try again later");
            }
            return judge(settings, name, Json.parseObject(response.body(4 << 20), JsonLimits.TRUSTED), writer);
        } catch (IOException | IllegalArgumentException | InvalidJson unreachable) {
            return Finding.fail(
                    name,
                    base + " cannot be reached",
                    "check MIST_API_BASE, the network and the proxy of this machine");
        }
    }

    private static Finding judge(Settings settings, String name, JsonObject self, boolean writer) {
        var privileges = self.array("privileges").orElse(JsonArray.EMPTY).objects();
        var organisation = settings.text("MIST_ORG_ID").orElse("");
        if (privileges.stream()
                .noneMatch(privilege ->
                        privilege.string("org_id").filter(organisation::equals).isPresent())) {
            return Finding.fail(
                    name, "has no rights in the organisation of MIST_ORG_ID", "check MIST_ORG_ID and the token");
        }
        boolean writes = privileges.stream()
                .anyMatch(privilege ->
                        privilege.string("role").filter(WRITING::contains).isPresent());
        if (writer) {
            return writes
                    ? Finding.ok(name, "can write in the organisation")
                    : Finding.fail(name, "cannot write", "use a token with the role write");
        }
        return writes
                ? Finding.warn(name, "CAN WRITE: the read side should not be able to", "use a token with the role read")
                : Finding.ok(name, "can read the organisation, and only read");
    }
}
