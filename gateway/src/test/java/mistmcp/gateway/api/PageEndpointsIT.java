package mistmcp.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import mistmcp.http.HttpServer;
import mistmcp.http.ServerSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageEndpointsIT {
    @TempDir
    private Path classes;

    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        var assets = Files.createDirectories(classes.resolve("ui/assets"));
        Files.writeString(
                classes.resolve("ui/index.html"), "<script nonce=\"{{nonce}}\"></script><link nonce=\"{{nonce}}\">");
        Files.writeString(classes.resolve("secret.js"), "secret");
        Files.writeString(assets.resolve("index-Ab1.js"), "let page");
        Files.writeString(assets.resolve("index-Ab1.css"), "body{}");
        Files.writeString(assets.resolve("notes.txt"), "no type for this");
        serve(new PageEndpoints(loader(), ""));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/", "/ui/plans", "/ui/plans/pl_1", "/ui/audit/7", "/ui/no/such/page"})
    void servesThePageForEveryAddressOfIt(String path) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(answer.body()).contains("<script nonce=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ui"})
    void leadsToThePage(String path) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/ui/");
    }

    @Test
    void putsAFreshNonceIntoPageAndPolicy() throws Exception {
        var first = get("/ui/");
        var second = get("/ui/");

        var nonce = nonceOf(first);
        assertThat(first.body()).isEqualTo("<script nonce=\"%s\"></script><link nonce=\"%s\">".formatted(nonce, nonce));
        assertThat(nonceOf(second)).isNotEqualTo(nonce);
        assertThat(first.headers().firstValue("Content-Security-Policy").orElseThrow())
                .isEqualTo("default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce
                        + "'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none';"
                        + " form-action 'none'; frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/assets/index-Ab1.js=text/javascript", "/ui/assets/index-Ab1.css=text/css"})
    void servesAssetsToBeKeptForever(String row) throws Exception {
        var answer = get(row.substring(0, row.indexOf('=')));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith(row.substring(row.indexOf('=') + 1));
        assertThat(answer.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/assets/none.js",
                "/ui/assets/notes.txt",
                "/ui/assets/",
                "/ui/assets/a/b.js",
                "/ui/assets/../../secret.js",
                "/ui/assets/..%2f..%2fsecret.js",
                "/ui/assets/%2e%2e/%2e%2e/secret.js",
                "/ui/assets/..%5c..%5csecret.js",
                "/ui/assets/index-Ab1.js%00.css"
            })
    void servesNothingElse(String path) throws Exception {
        var answer = raw(path);

        assertThat(answer)
                .doesNotStartWith("HTTP/1.1 200")
                .doesNotContain("secret\n")
                .doesNotEndWith("secret");
    }

    @Test
    void standsBelowAPathWhenAProxyServesItThere() throws Exception {
        stop();
        Files.writeString(
                classes.resolve("ui/index.html"),
                "<script src=\"/ui/assets/index-Ab1.js\" nonce=\"{{nonce}}\"></script>");
        var page = new PageEndpoints(loader(), "/mist");
        var outside = new ServerSettings.Outside(java.util.Optional.empty(), java.util.List.of(), "/mist");
        server = HttpServer.start(
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        java.util.Set.of(),
                        java.time.Duration.ofSeconds(5),
                        java.time.Duration.ofSeconds(1),
                        outside),
                page.routes());
        client = HttpClient.newHttpClient();

        for (var address : java.util.List.of("/mist/ui/plans/pl_1", "/ui/plans/pl_1")) {
            var answer = get(address);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("src=\"/mist/ui/assets/index-Ab1.js\"");
        }
        assertThat(get("/mist/ui/assets/index-Ab1.js").statusCode()).isEqualTo(200);
        for (var address : java.util.List.of("/mist", "/mist/", "/mist/ui", "/")) {
            assertThat(raw(address)).startsWith("HTTP/1.1 302").contains("Location: /mist/ui/");
        }
    }

    @Test
    void saysHowToGetThePageWhenItWasBuiltWithoutNpm() throws Exception {
        stop();
        Files.delete(classes.resolve("ui/index.html"));
        serve(new PageEndpoints(loader(), ""));

        var answer = get("/ui/plans/pl_1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("built without npm").contains("./mist up");
    }

    private void serve(PageEndpoints page) {
        server = HttpServer.start(ServerSettings.loopback(0), page.routes());
        client = HttpClient.newHttpClient();
    }

    private ClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /// Sends the path as it is: an HTTP client of the JDK would tidy it up.
    private String raw(String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String nonceOf(HttpResponse<String> answer) {
        var nonce = Pattern.compile("'nonce-([A-Za-z0-9_-]{22})'")
                .matcher(answer.headers().firstValue("Content-Security-Policy").orElseThrow());
        assertThat(nonce.find()).isTrue();
        return nonce.group(1);
    }
}
