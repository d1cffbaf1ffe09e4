package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// People in the system's Chromium who sign in at a real Keycloak's own page and work at the gateway's.
@Tag("page")
final class KeycloakBrowserIT {
    private static final Company COMPANY = Company.shared();
    private static final RunningStack STACK = COMPANY.stack();
    private static final Pattern PLAN = Pattern.compile("pl_\\w+");

    private static final Playwright PLAYWRIGHT =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private static final Browser CHROMIUM = PLAYWRIGHT
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium())
                    .setArgs(List.of(
                            "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")));

    private final List<BrowserContext> contexts = new ArrayList<>();

    private static Path chromium() {
        return Stream.of(
                        Optional.ofNullable(System.getProperty("chromium")).orElse("/usr/bin/chromium"),
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no Chromium was found: install it (Debian: chromium), or set -Dchromium=PATH"));
    }

    @AfterAll
    static void closes() {
        CHROMIUM.close();
        PLAYWRIGHT.close();
    }

    @AfterEach
    void closesContexts() {
        contexts.forEach(BrowserContext::close);
    }

    @Test
    void aPersonSignsInPlansApprovesAppliesAndTheAuditTellsIt() {
        COMPANY.confirm("page");
        var page = tab();
        signIn(page, "wanda");
        assertThat(page.getByLabel("You and this gateway").textContent()).contains("wanda@corp.example", "ReadWrite");
        var before = STACK.writesSent();

        var plan = plan(page, "por-sw-01", "ge-0/0/20", "guest");
        var apply = button(page, "Apply change");
        apply.waitFor();
        assertThat(apply.isDisabled()).isTrue();
        assertThat(post(page, "/plans/" + plan + "/commit").string("code")).contains("approval_required");
        assertThat(STACK.writesSent()).isEqualTo(before);

        type(page, "por-sw-01 ge-0/0/20");
        apply.click();
        page.getByText("Applied, read back, and found to be exactly as shown")
                .first()
                .waitFor();

        assertThat(STACK.writesSent()).hasSize(before.size() + 1);
        assertThat(get(page, "/audit?q=" + plan)
                        .array("records")
                        .orElse(JsonArray.EMPTY)
                        .objects())
                .extracting(record -> record.string("event").orElse(""))
                .contains("plan.created", "plan.approved", "commit.intent", "commit.outcome");
        assertThat(get(page, "/audit?q=" + plan).toString())
                .contains(COMPANY.keycloak().issuer(), "/resource_access/mist.gateway/roles");
        assertThat(get(page, "/audit").toString()).contains("browser_opened");
    }

    @Test
    void theProvidersTokensStayAtTheGateway() {
        var page = tab();
        signIn(page, "rita");

        assertThat(ownCookies(page))
                .hasSize(2)
                .allMatch(cookie -> cookie.secure && cookie.httpOnly)
                .extracting(cookie -> cookie.name, cookie -> cookie.sameSite)
                .containsExactlyInAnyOrder(
                        tuple("__Host-mist", SameSiteAttribute.STRICT),
                        tuple("__Host-mist-sign-in", SameSiteAttribute.LAX));
        assertThat(page.context().cookies())
                .filteredOn(cookie -> cookie.domain.equals("127.0.0.1"))
                .isNotEmpty()
                .noneMatch(cookie -> cookie.value.contains("eyJ"));
        assertThat(page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")
                        .toString())
                .doesNotContain("eyJ", "access_token");
        assertThat(page.evaluate("() => document.cookie").toString()).doesNotContain("__Host-");
        assertThat(page.content()).doesNotContain("eyJ");
        assertThat(get(page, "/auth/session").toString()).doesNotContain("eyJ");
        assertThat(get(page, "/auth/session").string("role")).contains("ReadOnly");
        assertThat(STACK.gatewayLog()).doesNotContain("eyJ");
    }

    @Test
    void aPersonWithoutARoleSeesThePageThatSaysSo() {
        var page = tab();

        atTheProvider(page, STACK.url(), "nora");

        page.getByText("You have no role here").waitFor();
        var told = page.locator("main, body").first().innerText();
        assertThat(told).contains("no_role", "`staff`");
        assertThat(get(page, "/auth/session").string("code")).contains("sign_in_required");
        assertThat(post(page, "/mcp/chat").string("code")).isPresent();
    }

    @Test
    void signingOutEndsItHereAndAtTheProvider() {
        var page = tab();
        signIn(page, "rita");
        var kept = ownCookies(page).stream()
                .map(cookie -> cookie.name + "=" + cookie.value)
                .collect(Collectors.joining("; "));
        assertThat(sessionOf(kept).status()).isEqualTo(200);

        button(page, "Sign out").click();

        // The token was revoked first, which ended the session at Keycloak, so that it has nothing to ask.
        signInLink(page).waitFor();
        assertThat(page.url()).startsWith(STACK.url());
        assertThat(get(page, "/auth/session").string("code")).contains("sign_in_required");
        assertThat(sessionOf(kept).code()).isEqualTo("sign_in_required");
        signInLink(page).click();
        page.locator("#password").waitFor();
    }

    @Test
    void keycloakAsksWhereAnotherProgramUsesTheSameSession() {
        var page = tab();
        signIn(page, "rita");
        page.navigate(COMPANY.keycloak().signInAtItsAccountPages());
        assertThat(page.url()).startsWith(COMPANY.keycloak().issuer() + "/account");
        page.navigate(STACK.url() + "/ui/");

        button(page, "Sign out").click();
        page.locator("#kc-logout").click();

        signInLink(page).waitFor();
        assertThat(get(page, "/auth/session").string("code")).contains("sign_in_required");
        signInLink(page).click();
        page.locator("#password").waitFor();
    }

    @Test
    void aPersonSignsInAndOutBelowAPath() {
        int port = RunningStack.freePort();
        try (var proxy = PathProxy.start("/mist", port)) {
            COMPANY.keycloak().alsoServes(proxy.url());
            var settings = new LinkedHashMap<>(Company.settings(COMPANY.keycloak(), proxy.url()));
            settings.put("TRUSTED_PROXIES", "127.0.0.1");
            try (var stack = RunningStack.start(port, settings)) {
                var page = tab();
                signIn(page, proxy.url(), "wanda");

                assertThat(get(page, "/mist/auth/session").string("role")).contains("ReadWrite");
                assertThat(get(page, "/mist/whoami").string("email")).contains("wanda@corp.example");
                assertThat(stack.send("GET", "/whoami", Map.of(), Optional.empty())
                                .headers("WWW-Authenticate"))
                        .containsExactly("Bearer resource_metadata=\"" + proxy.url()
                                + "/.well-known/oauth-protected-resource/mcp\"");

                button(page, "Sign out").click();
                signInLink(page).waitFor();
                assertThat(page.url()).startsWith(proxy.url() + "/ui");
                assertThat(get(page, "/mist/auth/session").string("code")).contains("sign_in_required");
            }
            assertThat(proxy.strayed()).isEmpty();
        }
    }

    @Test
    void aDeviceGetsItsTokenOnceAPersonHasLetItIn() {
        var keycloak = COMPANY.keycloak();
        var device = keycloak.deviceCode();
        assertThat(keycloak.deviceToken(device).body().string("error")).contains("authorization_pending");

        var page = tab();
        page.navigate(device.string("verification_uri_complete").orElseThrow());
        prove(page, "rita");
        page.locator("[name=accept]").click();
        var granted = await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> keycloak.deviceToken(device), reply -> reply.status() == 200);

        var who = STACK.get(granted.body().string("access_token").orElseThrow(), "/whoami")
                .body();
        assertThat(who.string("email")).contains("rita@corp.example");
        assertThat(who.string("role")).contains("ReadOnly");
        assertThat(who.object("roleSource"))
                .contains(JsonObject.of("claim", "realm_access.roles", "value", "net-reader"));
    }

    @Test
    void aFreshLoginIsDemandedAndProvenAtTheProvider() {
        COMPANY.confirm("fresh-login");
        var page = tab();
        signIn(page, "wanda");
        var before = STACK.writesSent();
        var plan = plan(page, "por-sw-01", "ge-0/0/22", "guest");
        var phrase = JsonObject.of("phrase", "por-sw-01 ge-0/0/22");

        var refused = post(page, "/plans/" + plan + "/approve", phrase);
        assertThat(refused.string("code")).contains("fresh_login_required");
        assertThat(post(page, "/plans/" + plan + "/commit").string("code")).contains("approval_required");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(button(page, "Apply change").isVisible()).isFalse();

        page.navigate(STACK.url() + "/ui/plans/" + plan);
        button(page, "Sign in again for this plan").click();
        // Keycloak knows this browser, and asks all the same.
        page.locator("#password").fill("wanda-password");
        page.locator("#kc-login").click();
        page.waitForURL(STACK.url() + "/ui/plans/" + plan);
        type(page, "por-sw-01 ge-0/0/22");
        button(page, "Apply change").click();
        page.getByText("Applied, read back, and found to be exactly as shown")
                .first()
                .waitFor();

        assertThat(STACK.writesSent()).hasSize(before.size() + 1);
    }

    @Test
    void aSecondPersonApprovesWhatTheFirstHasPlanned() {
        COMPANY.confirm("two-person");
        var wanda = tab();
        signIn(wanda, "wanda");
        var before = STACK.writesSent();
        var plan = plan(wanda, "por-sw-01", "ge-0/0/24", "guest");
        var phrase = JsonObject.of("phrase", "por-sw-01 ge-0/0/24");
        assertThat(post(wanda, "/plans/" + plan + "/approve", phrase).string("code"))
                .contains("second_person_required");

        var piet = tab();
        signIn(piet, "piet");
        var approved = post(piet, "/plans/" + plan + "/approve", phrase);

        assertThat(approved.string("state")).as(approved.toString()).contains("approved");
        assertThat(STACK.writesSent()).isEqualTo(before);
        assertThat(post(wanda, "/plans/" + plan + "/commit").string("state")).contains("verified");
        assertThat(STACK.writesSent()).hasSize(before.size() + 1);
    }

    @Test
    void aRoleThatTheProviderTakesAwayIsGoneAtTheNextRenewal() {
        var keycloak = COMPANY.keycloak();
        keycloak.tokenLife("mist-web", Duration.ofSeconds(20));
        try {
            var page = tab();
            signIn(page, "rolf");
            assertThat(get(page, "/auth/session").string("role")).contains("ReadWrite");
            var first = get(page, "/auth/session").string("expiresAt");

            keycloak.withdraw("rolf", "mist.gateway", "writer");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                var session = get(page, "/auth/session");
                assertThat(session.string("role")).contains("ReadOnly");
                assertThat(session.string("expiresAt")).isNotEqualTo(first);
            });

            keycloak.withdraw("rolf", "net-reader");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                var session = get(page, "/auth/session");
                assertThat(session.string("code")).contains("sign_in_required");
                assertThat(session.object("ended").flatMap(ended -> ended.string("code")))
                        .contains("no_role");
            });
        } finally {
            keycloak.tokenLife("mist-web", Duration.ofMinutes(15));
        }
    }

    private static List<Cookie> ownCookies(Page page) {
        return page.context().cookies().stream()
                .filter(cookie -> cookie.name.startsWith("__Host-"))
                .toList();
    }

    /// Who a cookie is, as whoever has copied it would ask.
    private static RawHttp.Reply sessionOf(String cookies) {
        return STACK.send("GET", "/auth/session", Map.of("Cookie", cookies), Optional.empty());
    }

    private Page tab() {
        var context = CHROMIUM.newContext();
        contexts.add(context);
        var page = context.newPage();
        page.setDefaultTimeout(60_000);
        return page;
    }

    private static void signIn(Page page, String user) {
        signIn(page, STACK.url(), user);
    }

    private static void signIn(Page page, String gateway, String user) {
        atTheProvider(page, gateway, user);
        page.getByLabel("Message").waitFor();
    }

    private static void atTheProvider(Page page, String gateway, String user) {
        page.navigate(gateway + "/ui/");
        signInLink(page).click();
        prove(page, user);
        page.waitForURL(url -> url.startsWith(gateway + "/ui"));
    }

    /// Name and password, at Keycloak's page.
    private static void prove(Page page, String user) {
        page.locator("#username").fill(user);
        assertThat(page.url()).startsWith(COMPANY.keycloak().issuer());
        page.locator("#password").fill(user + "-password");
        page.locator("#kc-login").click();
    }

    private static com.microsoft.playwright.Locator signInLink(Page page) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("^Sign in with")));
    }

    private static com.microsoft.playwright.Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private static String plan(Page page, String device, String port, String usage) {
        page.getByLabel("Message").fill("Set port " + port + " of " + device + " to usage " + usage);
        page.keyboard().press("Control+Enter");
        var label = page.locator("section[aria-label^='Plan pl_']").getAttribute("aria-label");
        var found = PLAN.matcher(label);
        assertThat(found.find()).isTrue();
        return found.group();
    }

    private static void type(Page page, String phrase) {
        page.getByLabel(Pattern.compile("^Type")).fill(phrase);
    }

    private static JsonObject get(Page page, String path) {
        return Json.parseObject(
                String.valueOf(page.evaluate("path => fetch(path).then(answer => answer.text())", path)));
    }

    private static JsonObject post(Page page, String path) {
        return post(page, path, JsonObject.EMPTY);
    }

    /// A changing call as a script on the page makes it.
    private static JsonObject post(Page page, String path, JsonObject body) {
        var text = page.evaluate("""
                async ([path, body]) => {
                  const { csrf } = await (await fetch('/auth/session')).json();
                  const answer = await fetch(path, {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json', ...(csrf ? { 'X-CSRF-Token': csrf } : {}) },
                    body,
                  });
                  return await answer.text();
                }
                """, List.of(path, body.toString()));
        return Json.parseObject(String.valueOf(text));
    }
}
