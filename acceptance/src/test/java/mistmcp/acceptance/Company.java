package mistmcp.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;

/// The product in OIDC mode beside a real Keycloak, as a company runs it.
///
/// @param policy the policy file, which a test may change before it lets the gateway crash
record Company(Keycloak keycloak, RunningStack stack, Path policy) {
    /// The one that the tests of this virtual machine share; both parts end with it.
    static Company shared() {
        return Shared.COMPANY;
    }

    private static final class Shared {
        static final Company COMPANY = start();

        static {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(Shared::close));
        }

        private static void close() {
            COMPANY.stack().close();
            COMPANY.keycloak().close();
        }
    }

    private static Company start() {
        int port = RunningStack.freePort();
        var url = "http://127.0.0.1:" + port;
        var keycloak = Keycloak.start(url);
        try {
            var policy = Files.createTempFile("mist-policy", ".json");
            policy.toFile().deleteOnExit();
            var settings = new LinkedHashMap<>(settings(keycloak, url));
            settings.put("POLICY_PATH", policy.toString());
            write(policy, "page");
            return new Company(keycloak, RunningStack.start(port, settings), policy);
        } catch (IOException failed) {
            keycloak.close();
            throw new UncheckedIOException(failed);
        } catch (AssertionError failed) {
            keycloak.close();
            throw failed;
        }
    }

    /// What an operator would write into `.env`.
    static Map<String, String> settings(Keycloak keycloak, String url) {
        return Map.of(
                "MODE_AUTH",
                "oidc",
                "PUBLIC_URL",
                url,
                "OIDC_ISSUER",
                keycloak.issuer(),
                "OIDC_JWKS_URL",
                keycloak.keysUrl(),
                "OIDC_CLIENT_ID",
                "mist-web",
                "OIDC_CLIENT_SECRET",
                "web-secret",
                "JWKS_TTL",
                "10s",
                "ROLE_CLAIM",
                "realm_access.roles,/resource_access/mist.gateway/roles",
                "ROLE_MAP_JSON",
                JsonObject.of("ReadOnly", List.of("net-reader"), "ReadWrite", List.of("writer"))
                        .toString());
    }

    /// Puts a policy in force that asks for a level of approval: unless it is, writes the file and lets the
    /// gateway crash, which ends all browser sessions.
    void confirm(String level) {
        try {
            if (!Files.readString(policy).equals(policy(level))) {
                write(policy, level);
                stack.crashGateway();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path policy, String level) throws IOException {
        Files.writeString(policy, policy(level));
    }

    private static String policy(String level) {
        return JsonObject.of(
                        "version",
                        1,
                        "roles",
                        JsonObject.of(
                                "ReadOnly",
                                JsonObject.of("allow", List.of("mist-ro/*"), "deny", JsonArray.EMPTY),
                                "ReadWrite",
                                JsonObject.of("allow", List.of("mist-ro/*", "mist-rw/*"), "deny", JsonArray.EMPTY)),
                        "confirm",
                        level,
                        "grants",
                        JsonObject.of("audit", JsonArray.EMPTY, "pin", JsonArray.EMPTY))
                .toString();
    }
}
