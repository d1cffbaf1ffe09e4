package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tokens in the shape of each provider, and what they come to: a role and its source, or a reason.
class ProviderTokensTest {
    private static final String TENANT = "11111111-2222-3333-4444-555555555555";
    private static final String API = "99999999-8888-7777-6666-000000000000";
    private static final String RW_GROUP = "aaaaaaaa-0000-0000-0000-000000000001";

    record Case(
            String name,
            Map<String, String> settings,
            JsonObject header,
            JsonObject claims,
            String expected,
            String keyId) {
        Case(String name, Map<String, String> settings, JsonObject header, JsonObject claims, String expected) {
            this(name, settings, header, claims, expected, "key-1");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Provider(String name, Map<String, String> settings, JsonObject header, JsonObject claims) {
        Case gives(String what, String expected, UnaryOperator<JsonObject> change) {
            return new Case(name + ": " + what, settings, header, change.apply(claims), expected);
        }

        Case gives(String what, String expected, String keyId, UnaryOperator<JsonObject> change) {
            return new Case(name + ": " + what, settings, header, change.apply(claims), expected, keyId);
        }

        Provider of(String type) {
            return new Provider(name, settings, header.with("typ", type), claims);
        }

        Provider with(String setting, String value) {
            var changed = new HashMap<>(settings);
            changed.put(setting, value);
            return new Provider(name, changed, header, claims);
        }
    }

    /// A provider by its header and claims as they stand in its tokens, without `iat` and `exp`.
    private static Provider provider(String name, Map<String, String> settings, String header, String claims) {
        return new Provider(name, settings, Json.parseObject(header), Json.parseObject(claims));
    }

    private static Provider entra2() {
        var issuer = "https://login.microsoftonline.com/" + TENANT + "/v2.0";
        return provider(
                "Entra v2", settings(issuer, API, "roles,groups", RW_GROUP), """
                {"typ": "JWT", "alg": "RS256", "kid": "key-1"}
                """, """
                {"aud": "%s", "iss": "%s", "aio": "x", "azp": "client-guid", "azpacr": "1", "oid": "o", "rh": "r",
                 "roles": ["Mist.Write"], "scp": "access_as_user", "sub": "pairwise", "tid": "%s",
                 "uti": "u", "ver": "2.0"}
                """.formatted(API, issuer, TENANT));
    }

    private static Provider entra1() {
        var issuer = "https://sts.windows.net/" + TENANT + "/";
        var claims = """
                {"aud": "api://mist-gateway", "iss": "%s", "appid": "client-guid", "appidacr": "0",
                 "roles": ["Mist.Read"], "sub": "s", "tid": "%s", "unique_name": "anna@example.com", "ver": "1.0"}
                """.formatted(issuer, TENANT);
        return provider("Entra v1", settings(issuer, API + ",api://mist-gateway", "roles", RW_GROUP), """
                {"typ": "JWT", "alg": "RS256", "x5t": "key-1", "kid": "key-1"}
                """, claims);
    }

    private static Provider okta() {
        var issuer = "https://example.okta.com/oauth2/aus1";
        return provider("Okta", settings(issuer, "api://default", "groups,scp", "Mist.Write"), """
                {"kid": "key-1", "alg": "RS256"}
                """, """
                {"ver": 1, "jti": "AT.1", "iss": "https://example.okta.com/oauth2/aus1", "aud": "api://default",
                 "cid": "0oa1", "uid": "00u1", "scp": ["openid", "profile"], "auth_time": 1, "sub": "anna@example.com",
                 "groups": ["Everyone", "Mist.Read"]}
                """);
    }

    private static Provider auth0() {
        var issuer = "https://example.eu.auth0.com/";
        var claim = "https://example.com/roles,permissions";
        return provider("Auth0", settings(issuer, "https://mist-gateway", claim, "mist:write"), """
                {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
                """, """
                {"https://example.com/roles": ["Mist.Read"], "iss": "https://example.eu.auth0.com/", "sub": "auth0|64f",
                 "aud": ["https://mist-gateway", "https://example.eu.auth0.com/userinfo"], "azp": "c1",
                 "scope": "openid profile", "permissions": ["mist:write"]}
                """);
    }

    private static Provider ping() {
        var issuer = "https://auth.pingone.eu/env1/as";
        return provider(
                "PingOne", settings(issuer, "https://mist-gateway", "memberOf", "cn=netops,ou=groups"), """
                {"alg": "RS256", "kid": "key-1"}
                """, """
                {"client_id": "c1", "iss": "https://auth.pingone.eu/env1/as", "aud": ["https://mist-gateway"],
                 "sub": "u1", "scope": "openid", "memberOf": ["cn=netops,ou=groups"], "env": "env1", "org": "o1"}
                """);
    }

    private static Provider pingFederate() {
        var issuer = "https://pf.example.com";
        return provider("PingFederate", settings(issuer, "https://mist-gateway", "memberOf", "netops"), """
                {"alg": "RS256", "kid": "key-1", "pi.atm": "1"}
                """, """
                {"scope": "openid profile", "client_id": "c1", "iss": "https://pf.example.com",
                 "aud": "https://mist-gateway", "sub": "anna", "memberOf": "netops"}
                """);
    }

    private static Provider keycloak() {
        var issuer = "https://id.example.com/realms/corp";
        var claim = "realm_access.roles,/resource_access/my.client~1x/roles";
        return provider("Keycloak", settings(issuer, "mcp-gateway", claim, "mist-write"), """
                {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
                """, """
                {"jti": "j", "iss": "https://id.example.com/realms/corp", "aud": ["mcp-gateway", "account"],
                 "sub": "u1", "typ": "Bearer", "azp": "my.client/x", "nonce": "n", "sid": "s", "acr": "1",
                 "realm_access": {"roles": ["offline_access", "Mist.Read"]},
                 "resource_access": {"my.client/x": {"roles": ["mist-write"]}},
                 "scope": "openid email", "email_verified": true, "email": "anna@example.com"}
                """);
    }

    private static Provider google() {
        var client = "123.apps.googleusercontent.com";
        return provider("Google", settings("https://accounts.google.com", client, "hd", "example.com"), """
                {"alg": "RS256", "kid": "key-1", "typ": "JWT"}
                """, """
                {"iss": "https://accounts.google.com", "azp": "123.apps.googleusercontent.com",
                 "aud": "123.apps.googleusercontent.com", "sub": "1076", "hd": "example.com",
                 "email": "anna@example.com", "email_verified": true, "at_hash": "h", "nonce": "n"}
                """);
    }

    private static Map<String, String> settings(String issuer, String audience, String claim, String write) {
        return Map.of(
                "OIDC_ISSUER", issuer,
                "JWT_AUDIENCE", audience,
                "ROLE_CLAIM", claim,
                "ROLE_MAP_JSON",
                        JsonObject.of("ReadOnly", List.of("Mist.Read"), "ReadWrite", JsonArray.of("Mist.Write2", write))
                                .toString());
    }

    static Stream<Case> cases() {
        var cases = new ArrayList<Case>();
        var entra2 = entra2().with(
                        "ROLE_MAP_JSON",
                        JsonObject.of("ReadOnly", List.of("Mist.Read"), "ReadWrite", List.of("Mist.Write", RW_GROUP))
                                .toString());
        cases.add(entra2.gives("an app role", "ReadWrite by roles=Mist.Write", c -> c));
        cases.add(entra2.gives(
                "a group",
                "ReadWrite by groups=" + RW_GROUP,
                c -> c.without("roles").with("groups", List.of("g", RW_GROUP))));
        cases.add(entra2.gives(
                "both roles",
                "ReadWrite by roles=Mist.Write",
                c -> c.with("roles", List.of("Mist.Read", "Mist.Write"))));
        cases.add(entra2.gives(
                "too many groups",
                "groups_overage",
                c -> c.without("roles")
                        .with("_claim_names", JsonObject.of("groups", "src1"))
                        .with(
                                "_claim_sources",
                                JsonObject.of("src1", JsonObject.of("endpoint", "https://graph.example")))));
        cases.add(entra2.gives(
                "too many groups, implicit",
                "groups_overage",
                c -> c.without("roles").with("hasgroups", true)));
        cases.add(entra2.gives(
                "too many groups, but an app role",
                "ReadWrite by roles=Mist.Write",
                c -> c.with("_claim_names", JsonObject.of("groups", "src1"))));
        cases.add(entra2.gives(
                "a v1 token", "issuer_not_accepted", c -> c.with("iss", "https://sts.windows.net/" + TENANT + "/")));
        cases.add(entra2.gives(
                "another tenant",
                "issuer_not_accepted",
                c -> c.with("iss", "https://login.microsoftonline.com/" + API + "/v2.0")));
        cases.add(entra2.gives(
                "a token for Graph",
                "audience_not_accepted",
                c -> c.with("aud", "00000003-0000-0000-c000-000000000000")));
        cases.add(entra2.gives("no audience", "audience_missing", c -> c.without("aud")));
        cases.add(entra2.gives(
                "groups that give nothing, and no app role",
                "no_role",
                c -> c.without("roles").with("groups", List.of("bbbbbbbb-0000-0000-0000-000000000001"))));
        cases.add(entra2.gives(
                "`hasgroups` as text, implicit",
                "groups_overage",
                c -> c.without("roles").with("hasgroups", "true")));
        cases.add(entra2.with("ROLE_CLAIM", "roles")
                .gives(
                        "overage of groups that nobody asked for",
                        "no_role",
                        c -> c.without("roles").with("_claim_names", JsonObject.of("groups", "src1"))));
        cases.add(entra2.with("ROLE_CLAIM", "scp")
                .with("ROLE_MAP_JSON", "{\"ReadOnly\": \"access_as_user\"}")
                .gives(
                        "a delegated scope among others in one text",
                        "ReadOnly by scp=access_as_user",
                        c -> c.with("scp", "User.Read access_as_user")));
        cases.add(entra2.with("ALLOWED_CLIENTS", "other-client").gives("another client", "client_not_allowed", c -> c));
        cases.add(entra1().with("ALLOWED_CLIENTS", "client-guid")
                .gives("the client in `appid`", "ReadOnly by roles=Mist.Read", c -> c));
        cases.add(entra1().gives(
                        "a v2 token",
                        "issuer_not_accepted",
                        c -> c.with("iss", "https://login.microsoftonline.com/" + TENANT + "/v2.0")));
        cases.add(entra1().gives(
                        "too many groups",
                        "no_role",
                        c -> c.without("roles").with("_claim_names", JsonObject.of("groups", "src1"))));
        cases.add(entra1().gives("an app role", "ReadOnly by roles=Mist.Read", c -> c));
        cases.add(entra1().gives("the client id as audience", "ReadOnly by roles=Mist.Read", c -> c.with("aud", API)));
        cases.add(entra1().gives(
                        "no slash behind the issuer",
                        "issuer_not_accepted",
                        c -> c.with("iss", "https://sts.windows.net/" + TENANT)));
        cases.add(okta().gives("a group", "ReadOnly by groups=Mist.Read", c -> c));
        cases.add(okta().gives(
                        "a scope in a list",
                        "ReadWrite by scp=Mist.Write",
                        c -> c.with("scp", List.of("openid", "Mist.Write"))));
        cases.add(okta().gives("no groups claim", "no_role", c -> c.without("groups")));
        cases.add(
                okta().gives("the org server", "issuer_not_accepted", c -> c.with("iss", "https://example.okta.com")));
        cases.add(okta().gives("the client as audience", "audience_not_accepted", c -> c.with("aud", "0oa1")));
        cases.add(okta().gives(
                        "the org server's keys",
                        "key_unknown",
                        "org-key",
                        c -> c.with("iss", "https://example.okta.com").with("aud", "https://example.okta.com")));
        cases.add(okta().gives(
                        "a scope in one text",
                        "no_role",
                        c -> c.without("groups").with("scp", "openid")));
        cases.add(okta().with("ALLOWED_CLIENTS", "0oa1")
                .gives("the client in `cid`", "ReadOnly by groups=Mist.Read", c -> c));
        cases.add(auth0().gives(
                        "an API of its own only",
                        "ReadWrite by permissions=mist:write",
                        c -> c.with("aud", "https://mist-gateway")));
        cases.add(auth0().gives(
                        "no permissions and no claim of an action",
                        "no_role",
                        c -> c.without("permissions", "https://example.com/roles")));
        cases.add(auth0().gives(
                        "no slash behind the issuer",
                        "issuer_not_accepted",
                        c -> c.with("iss", "https://example.eu.auth0.com")));
        cases.add(auth0().of("at+jwt")
                .gives(
                        "the profile of RFC 9068",
                        "ReadWrite by permissions=mist:write",
                        c -> c.without("azp").with("client_id", "c1").with("jti", "j")));
        cases.add(auth0().gives("a permission", "ReadWrite by permissions=mist:write", c -> c));
        cases.add(auth0().gives(
                        "a claim named by a URL",
                        "ReadOnly by https://example.com/roles=Mist.Read",
                        c -> c.without("permissions")));
        cases.add(auth0().gives(
                        "userinfo only",
                        "audience_not_accepted",
                        c -> c.with("aud", "https://example.eu.auth0.com/userinfo")));
        cases.add(ping().gives("a group", "ReadWrite by memberOf=cn=netops,ou=groups", c -> c));
        cases.add(ping().gives(
                        "one group as text",
                        "ReadWrite by memberOf=cn=netops,ou=groups",
                        c -> c.with("memberOf", "cn=netops,ou=groups")));
        cases.add(ping().gives(
                        "the platform's own audience",
                        "audience_not_accepted",
                        c -> c.with("aud", List.of("https://api.pingone.eu"))));
        cases.add(ping().gives(
                        "an issuer without its end",
                        "issuer_not_accepted",
                        c -> c.with("iss", "https://auth.pingone.eu/env1")));
        cases.add(ping().gives("an attribute that is not mapped", "no_role", c -> c.without("memberOf")));
        cases.add(pingFederate().gives("issuer and audience set", "ReadWrite by memberOf=netops", c -> c));
        cases.add(pingFederate()
                .gives(
                        "several groups",
                        "ReadWrite by memberOf=netops",
                        c -> c.with("memberOf", List.of("staff", "netops"))));
        cases.add(pingFederate()
                .with("ROLE_CLAIM", "scope")
                .gives("a scope in one text", "ReadWrite by scope=netops", c -> c.with("scope", "openid netops")));
        cases.add(pingFederate()
                .with("ROLE_CLAIM", "scope")
                .gives(
                        "scopes in a list",
                        "ReadWrite by scope=netops",
                        c -> c.with("scope", List.of("openid", "netops"))));
        cases.add(pingFederate().gives("no issuer, as it comes", "issuer_missing", c -> c.without("iss")));
        cases.add(pingFederate().gives("no audience, as it comes", "audience_missing", c -> c.without("aud")));
        cases.add(keycloak()
                .gives("a client role", "ReadWrite by /resource_access/my.client~1x/roles=mist-write", c -> c));
        cases.add(keycloak()
                .gives("a realm role", "ReadOnly by realm_access.roles=Mist.Read", c -> c.without("resource_access")));
        cases.add(keycloak().gives("no audience mapper", "audience_not_accepted", c -> c.with("aud", "account")));
        cases.add(keycloak().gives("no audience at all", "audience_missing", c -> c.without("aud")));
        cases.add(keycloak()
                .gives(
                        "the client itself, by Audience Resolve",
                        "audience_not_accepted",
                        c -> c.with("aud", List.of("my.client/x", "account"))));
        cases.add(keycloak()
                .gives(
                        "default roles only",
                        "no_role",
                        c -> c.without("resource_access")
                                .with(
                                        "realm_access",
                                        JsonObject.of("roles", List.of("offline_access", "default-roles-corp")))));
        cases.add(keycloak()
                .gives(
                        "the role at another client",
                        "no_role",
                        c -> c.without("realm_access")
                                .with(
                                        "resource_access",
                                        JsonObject.of("account", JsonObject.of("roles", List.of("mist-write"))))));
        cases.add(keycloak()
                .gives(
                        "another realm",
                        "issuer_not_accepted",
                        c -> c.with("iss", "https://id.example.com/realms/master")));
        cases.add(keycloak()
                .gives(
                        "no `typ` in the claims",
                        "ReadWrite by" + " /resource_access/my.client~1x/roles=mist-write",
                        c -> c.without("typ")));
        cases.add(keycloak()
                .gives("a DPoP-bound token", "sender_constrained", c -> c.with("cnf", JsonObject.of("jkt", "x"))));
        cases.add(keycloak().gives("an ID token", "id_token", c -> c.with("typ", "ID")));
        cases.add(keycloak().gives("a refresh token", "not_an_access_token", c -> c.with("typ", "Refresh")));
        cases.add(google().gives("an ID token", "id_token", c -> c));
        cases.add(google().gives(
                        "an ID token of the older issuer", "id_token", c -> c.with("iss", "accounts.google.com")));
        cases.add(new Case(
                "a list of objects",
                Map.of("ROLE_CLAIM", "roles"),
                JsonObject.of("alg", "RS256", "kid", "key-1"),
                JsonObject.of(
                        "iss",
                        Mode.OIDC_ISSUER,
                        "aud",
                        "mcp-gateway",
                        "sub",
                        "u",
                        "roles",
                        JsonArray.of(JsonObject.of("id", 1, "name", "ReadOnly"), 7)),
                "ReadOnly by roles=ReadOnly"));
        cases.add(new Case(
                "scopes in one text",
                Map.of("ROLE_CLAIM", "scope"),
                JsonObject.of("alg", "RS256", "kid", "key-1"),
                JsonObject.of("iss", Mode.OIDC_ISSUER, "aud", "mcp-gateway", "sub", "u", "scope", "openid ReadWrite"),
                "ReadWrite by scope=ReadWrite"));
        return cases.stream();
    }

    @Test
    void refusesTokensThatAreNoJwtWithTheirReason() {
        var mode = Mode.oidc();

        // Google's access token, Auth0's without an audience (opaque, and encrypted), PingFederate's reference token.
        assertThat(mode.refusal("ya29.a0AfH6SMBxExampleExample").map(Authentication.Refused::auditReason))
                .contains("not_three_parts");
        assertThat(mode.refusal("lQ3XqExampleOpaque").map(Authentication.Refused::auditReason))
                .contains("not_three_parts");
        assertThat(mode.refusal(Signer.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..aXY.Y2lwaGVy.dGFn")
                        .map(Authentication.Refused::auditReason))
                .contains("encrypted");
        assertThat(mode.refusal("0001ReferenceToken").map(Authentication.Refused::auditReason))
                .contains("not_three_parts");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesExactlyTheRoleOrTheReason(Case one) {
        var mode = Mode.oidc(one.settings());
        var claims = one.claims().with("iat", mode.now()).with("exp", mode.now() + 3600);
        Function<Authentication, String> outcome = authentication -> switch (authentication) {
            case Authentication.Authenticated(var principal) ->
                principal.role().text() + " by " + principal.roleSource().claim() + "="
                        + principal.roleSource().value();
            case Authentication.Refused refused -> refused.auditReason();
        };

        assertThat(outcome.apply(mode.authenticate(
                        mode.signer().token(one.header().with("kid", one.keyId()), claims))))
                .isEqualTo(one.expected());
    }
}
