package mistmcp.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mistmcp.gateway.identity.Principal.RoleSource;
import mistmcp.gateway.identity.Role;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoleMapperTest {
    private static final String MAP = "{\"ReadOnly\": [\"read\"], \"ReadWrite\": [\"write\", \"admin\"]}";

    private static RoleMapper mapper(String claims) {
        return mapper(claims, MAP);
    }

    private static RoleMapper mapper(String claims, String map) {
        var env = Env.of(Map.of("ROLE_CLAIM", claims, "ROLE_MAP_JSON", map));
        var mapper = RoleMapper.read(env);
        env.check();
        return mapper;
    }

    private static JsonObject token(String json) {
        return Json.parseObject(json.replace('\'', '"'));
    }

    /// The claim, the token, and the role and the source that come of it; no role when empty.
    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "roles                              | {'roles':['write']}                                   | ReadWrite | write",
                "roles                              | {'roles':'write'}                                     | ReadWrite | write",
                "roles                              | {'roles':['x','read','y']}                            | ReadOnly  | read",
                "roles                              | {'roles':['read','write']}                            | ReadWrite | write",
                "roles                              | {'roles':'read write'}                                |           |",
                "scp                                | {'scp':'openid write'}                                | ReadWrite | write",
                "scp                                | {'scp':['openid','write']}                            | ReadWrite | write",
                "scope                              | {'scope':' openid  read '}                            | ReadOnly  | read",
                "ext.scopes                         | {'ext':{'scopes':'a read'}}                           | ReadOnly  | read",
                "/ext/scp                           | {'ext':{'scp':'a read'}}                              | ReadOnly  | read",
                "https://ns.example.com/scope       | {'https://ns.example.com/scope':'a read'}             | ReadOnly  | read",
                "telescope                          | {'telescope':'a read'}                                |           |",
                "roles                              | {'roles':[{'name':'write'}]}                          | ReadWrite | write",
                "roles                              | {'roles':[{'value':'write'}]}                         | ReadWrite | write",
                "roles                              | {'roles':[{'id':'write'}]}                            | ReadWrite | write",
                "roles                              | {'roles':[{'name':'x','value':'write','id':'write'}]} |           |",
                "roles                              | {'roles':{'name':'write'}}                            |           |",
                "roles                              | {'roles':[['write'],7,null,true,'read']}              | ReadOnly  | read",
                "roles                              | {'roles':true}                                        |           |",
                "roles                              | {'roles':[]}                                          |           |",
                "roles                              | {'other':['write']}                                   |           |",
                "roles                              | {'roles':['Write','WRITE',' write','writer','*']}     |           |",
                "https://ns.example.com/roles       | {'https://ns.example.com/roles':['write']}            | ReadWrite | write",
                "realm_access.roles                 | {'realm_access':{'roles':['write']}}                  | ReadWrite | write",
                "realm_access.roles                 | {'realm_access.roles':['read'],'realm_access':{'roles':['write']}} | ReadOnly | read",
                "/resource_access/my.client/roles   | {'resource_access':{'my.client':{'roles':['write']}}} | ReadWrite | write",
                "/resource_access/https:~1~1c/roles | {'resource_access':{'https://c':{'roles':['write']}}} | ReadWrite | write",
                "/a                                 | {'/a':['read'],'a':['write']}                         | ReadOnly  | read",
                "a.0.b                              | {'a':[{'b':'write'}]}                                 | ReadWrite | write",
            })
    void readsEachForm(String claim, String token, String role, String value) {
        var mapped = mapper(claim).map(token(token));

        if (role == null) {
            assertThat(mapped).isInstanceOf(RoleMapper.Mapping.NoRole.class);
        } else {
            assertThat(mapped).isInstanceOfSatisfying(RoleMapper.Mapping.Mapped.class, found -> {
                assertThat(found.role().text()).isEqualTo(role);
                assertThat(found.source()).isEqualTo(new RoleSource(claim, value));
            });
        }
    }

    @Test
    void severalClaimsAreAUnion() {
        var mapper = mapper("roles, groups, /x/y");

        assertThat(mapper.map(token("{'roles':['read'],'x':{'y':['admin']}}")))
                .isEqualTo(new RoleMapper.Mapping.Mapped(Role.READ_WRITE, new RoleSource("/x/y", "admin"), true));
        assertThat(mapper.map(token("{'roles':['a'],'groups':['b']}")))
                .isEqualTo(new RoleMapper.Mapping.NoRole(List.of("a", "b")));
    }

    @Test
    void looksAtAThousandValuesAndNoMore() {
        var mapper = mapper("roles,groups");
        var thousand = IntStream.range(0, 999).mapToObj(i -> "g" + i).collect(Collectors.toList());
        thousand.add("write");

        assertThat(mapper.map(JsonObject.of("roles", thousand))).isInstanceOf(RoleMapper.Mapping.Mapped.class);
        assertThat(mapper.map(JsonObject.of("roles", thousand, "groups", List.of("one more"))))
                .isEqualTo(new RoleMapper.Mapping.TooMany(1_001));
        assertThat(mapper.map(JsonObject.of("roles", Collections.nCopies(5_000, "write"))))
                .isInstanceOf(RoleMapper.Mapping.TooMany.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "groups  | {'_claim_names':{'groups':'src1'},'_claim_sources':{'src1':{'endpoint':'https://evil.example.com'}}} | true",
                "groups  | {'hasgroups':true}                                                                                  | true",
                "groups  | {'hasgroups':'true'}                                                                                | true",
                "/groups | {'hasgroups':true}                                                                                  | true",
                "groups  | {'hasgroups':false}                                                                                 | false",
                "roles   | {'hasgroups':true}                                                                                  | false",
                "roles   | {'_claim_names':{'groups':'src1'}}                                                                  | false",
                "groups  | {'groups':['a'],'hasgroups':true}                                                                   | false",
                "groups  | {'_claim_names':'groups'}                                                                           | false",
            })
    void tellsGroupsThatWereLeftOut(String claim, String token, boolean overage) {
        assertThat(mapper(claim).map(token(token)))
                .isInstanceOf(overage ? RoleMapper.Mapping.Overage.class : RoleMapper.Mapping.NoRole.class);
    }

    @Test
    void aRoleThatIsThereStandsBesideGroupsThatWereLeftOut() {
        assertThat(mapper("roles,groups").map(token("{'roles':['read'],'hasgroups':true}")))
                .isEqualTo(new RoleMapper.Mapping.Mapped(Role.READ_ONLY, new RoleSource("roles", "read"), false));
    }

    @Test
    void withoutAMapTheNamesOfTheRolesCount() {
        var mapper = RoleMapper.read(Env.of(Map.of()));

        assertThat(mapper.map(token("{'roles':['ReadWrite']}"))).isInstanceOf(RoleMapper.Mapping.Mapped.class);
        assertThat(mapper.map(token("{'roles':['readwrite','write']}"))).isInstanceOf(RoleMapper.Mapping.NoRole.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'ReadOnly': []}",
                "{'ReadOnly': ['']}",
                "{'ReadOnly': [7]}",
                "{'readonly': ['a']}",
                "{'net-admins': 'ReadWrite'}",
                "{'ReadOnly': ['a'], 'Admin': ['b']}",
                "{'ReadOnly': ['a', 'b'], 'ReadWrite': ['b']}",
                "['a']",
                "{'ReadOnly': ['a'], 'ReadOnly': ['b']}",
            })
    void findsFaultsOfTheMapAtTheStart(String map) {
        var env = Env.of(Map.of("ROLE_MAP_JSON", map.replace('\'', '"')));

        RoleMapper.read(env);

        assertThat(env.faults()).isNotEmpty().allMatch(fault -> fault.startsWith("`ROLE_MAP_JSON` "));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "roles,a..b", ".roles", "roles."})
    void findsFaultsOfTheClaimsAtTheStart(String claims) {
        var env = Env.of(Map.of("ROLE_CLAIM", claims));

        RoleMapper.read(env);

        assertThat(env.faults()).singleElement().asString().startsWith("`ROLE_CLAIM` ");
    }

    @Test
    void aScopeOfSitesGoesByTheFirstThatApplies() {
        var env = Env.of(
                Map.of(
                        "SITE_SCOPE_JSON",
                        "{\"subjects\": {\"https://i|anna\": [\"s1\"]}, \"roles\": {\"ReadWrite\": [\"s2\"]}, \"claim\": \"ext.sites\"}"));
        var scopes = SiteScopes.read(env, SiteScopes.EVERYTHING);
        scopes.check(env, List.of("https://i"));
        env.check();
        var claim = token("{'ext':{'sites':['s4','s3']}}");

        assertThat(scopes.scope("https://i", "anna", Role.READ_WRITE, claim).ids())
                .containsExactly("s1");
        assertThat(scopes.scope("https://i", "ben", Role.READ_WRITE, claim).ids())
                .containsExactly("s2");
        assertThat(scopes.scope("https://i", "ben", Role.READ_ONLY, claim).ids())
                .containsExactly("s3", "s4");
        assertThat(scopes.scope("https://other", "anna", Role.READ_ONLY, claim).ids())
                .containsExactly("s3", "s4");
        assertThat(scopes.scope("https://i", "ben", Role.READ_ONLY, JsonObject.EMPTY)
                        .ids())
                .as("configured, but nothing applies")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'sites':{'a':'b'}}",
                "{'sites':['s1',7]}",
                "{'sites':''}",
                "{'sites':null}",
                "{'sites':true}",
                "{}"
            })
    void aClaimOfAnotherFormGivesNoSite(String token) {
        assertThat(SiteScopes.BY_CLAIM
                        .scope("i", "s", Role.READ_WRITE, token(token))
                        .ids())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'subjects': {'anna': ['s1']}}",
                "{'subjects': {'https://typo|anna': ['s1']}}",
                "{'subjects': {'https://i|anna': 's1'}}",
                "{'subjects': ['s1']}",
                "{'roles': {'Admin': ['*']}}",
                "{'roles': {'ReadOnly': [7]}}",
                "{'claim': ''}",
                "{'claim': 7}",
                "{'sites': 'x'}",
            })
    void findsFaultsOfTheScopeAtTheStart(String scope) {
        var env = Env.of(Map.of(
                "MODE_AUTH", "oidc",
                "OIDC_ISSUER", "https://i",
                "OIDC_JWKS_URL", "https://i/keys",
                "SITE_SCOPE_JSON", scope.replace('\'', '"')));

        AuthSettings.read(env);

        assertThat(env.faults()).isNotEmpty().allMatch(fault -> fault.startsWith("`SITE_SCOPE_JSON` "));
    }

    @Test
    void theRoleAndItsSourceReachThePrincipal() {
        var mode = Mode.oidc(Map.of("ROLE_CLAIM", "groups", "ROLE_MAP_JSON", MAP));

        var found = mode.authenticate(mode.signer().token(mode.claims().with("groups", List.of("x", "admin"))));

        assertThat(found).isInstanceOfSatisfying(Authentication.Authenticated.class, authenticated -> {
            assertThat(authenticated.principal().role()).isEqualTo(Role.READ_WRITE);
            assertThat(authenticated.principal().roleSource()).isEqualTo(new RoleSource("groups", "admin"));
            assertThat(Optional.of(authenticated.principal().sites().all())).contains(true);
        });
    }
}
