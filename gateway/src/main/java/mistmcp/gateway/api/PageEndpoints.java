package mistmcp.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.http.HttpProblem;
import mistmcp.http.HttpRequest;
import mistmcp.http.HttpResponse;
import mistmcp.http.Route;
import org.jspecify.annotations.Nullable;

/// The browser UI, served from the class path under `ui/`: one page for every address below `/ui/`, its
/// assets, and a redirect from `/`. Each page answer has a fresh nonce and a Content-Security-Policy (level
/// 3) that runs nothing without it. A build without npm has no page; then the addresses say how to get it.
/// Safe for use by many threads.
public final class PageEndpoints {
    private static final String NONCE = "{{nonce}}";
    private static final Pattern ASSET = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "woff2", "font/woff2");
    private static final String WITHOUT_PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>Mist MCP Gateway</title></head>
            <body>
            <h1>Mist MCP Gateway</h1>
            <p>The gateway runs, and it was built without npm, so it has no page. Everything else works: MCP clients, the
            HTTP interface and the <code>./mist</code> commands.</p>
            <p>To get the page, install Node.js 20 or newer with npm, stop the gateway, and start it again with
            <code>./mist up</code>: it builds what is missing.</p>
            </body>
            </html>
            """;

    private final ClassLoader resources;
    private final String base;
    private final SecureRandom random = new SecureRandom();
    private final Optional<String> template;

    /// The page as it stands on the class path of the gateway.
    ///
    /// @param base what stands before `/ui/` for a browser, as `/mist`; empty for nothing
    public PageEndpoints(String base) {
        this(PageEndpoints.class.getClassLoader(), base);
    }

    PageEndpoints(ClassLoader resources, String base) {
        this.resources = resources;
        this.base = base;
        this.template = Optional.ofNullable(read("ui/index.html"))
                .map(bytes -> new String(bytes, UTF_8).replace("\"/ui/", "\"" + base + "/ui/"));
    }

    /// Whether the build made a page.
    public boolean present() {
        return template.isPresent();
    }

    /// `GET /`, `/ui`, `/ui/...` and `/ui/assets/{name}`. They need no sign-in: the page holds nothing of
    /// anybody.
    public List<Route> routes() {
        return List.of(
                new Route("GET", "/", 0, this::redirect),
                new Route("GET", "/ui", 0, this::page),
                new Route("GET", "/ui/assets/{name}", 0, this::asset),
                new Route("GET", "/ui/<page>", 0, this::page));
    }

    private void redirect(HttpRequest request, HttpResponse response) throws IOException {
        response.header("Location", base + "/ui/")
                .header("Cache-Control", "no-store")
                .send(302);
    }

    private void page(HttpRequest request, HttpResponse response) throws IOException {
        if (request.path().equals("/ui")) {
            redirect(request, response);
            return;
        }
        if (request.path().startsWith("/ui/assets")) {
            throw absent();
        }
        var nonce = nonce();
        harden(response, nonce).header("Cache-Control", "no-store");
        var html = template.map(text -> text.replace(NONCE, nonce)).orElse(WITHOUT_PAGE);
        response.send(200, "text/html; charset=utf-8", html.getBytes(UTF_8));
    }

    private void asset(HttpRequest request, HttpResponse response) throws IOException {
        var name = request.pathParameter("name");
        if (!ASSET.matcher(name).matches()) {
            throw absent();
        }
        var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        var bytes = type == null ? null : read("ui/assets/" + name);
        if (type == null || bytes == null) {
            throw absent();
        }
        // The name carries the content's hash, so a browser never has to ask again.
        harden(response, nonce()).header("Cache-Control", "public, max-age=31536000, immutable");
        response.send(200, type, bytes);
    }

    private static HttpProblem absent() {
        return new HttpProblem(404, "not_found", "there is nothing at this address");
    }

    private static HttpResponse harden(HttpResponse response, String nonce) {
        return response.header(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce
                                + "'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none';"
                                + " form-action 'none'; frame-ancestors 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    }

    private String nonce() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte @Nullable [] read(String resource) {
        try (InputStream in = resources.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
