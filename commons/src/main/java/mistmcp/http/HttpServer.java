package mistmcp.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import mistmcp.ids.Ids;
import mistmcp.json.Json;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running HTTP server: every request on a virtual thread, Host and Origin checked, bodies bounded, and
/// every error an `application/problem+json`, also those of the HTTP library itself.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_PLATFORM_THREADS = 16;
    private static final String REQUEST_ID = "requestId";
    /// Who sends nothing is told so when the connection's own time is over, and dropped only when that was missed.
    private static final Duration AFTER_SILENCE = Duration.ofMillis(500);

    private final Javalin javalin;
    private final Optional<ServerCertificate> certificate;
    private final Pace pace;

    private HttpServer(Javalin javalin, Optional<ServerCertificate> certificate, Pace pace) {
        this.javalin = javalin;
        this.certificate = certificate;
        this.pace = pace;
    }

    /// Binds and starts.
    ///
    /// @throws PortTaken when the port is in use
    /// @throws NoCertificate when the files of the certificate cannot be used
    public static HttpServer start(ServerSettings settings, List<Route> routes) {
        return start(settings, routes, new Pace(settings.readTimeout().plus(AFTER_SILENCE)));
    }

    static HttpServer start(ServerSettings settings, List<Route> routes, Pace pace) {
        var certificate = settings.outside().tls().map(HttpServer::certificate);
        var edge = new Edge(
                new Forwarding(settings.outside().proxies()), settings.outside().path(), pace);
        var javalin = Javalin.create(config -> configure(config, settings, routes, certificate, edge));
        try {
            javalin.start();
        } catch (RuntimeException failed) {
            certificate.ifPresent(ServerCertificate::close);
            pace.close();
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException
                        || String.valueOf(cause.getMessage()).contains("already in use")) {
                    throw new PortTaken(settings.host(), settings.port());
                }
            }
            throw failed;
        }
        return new HttpServer(javalin, certificate, pace);
    }

    /// The port that is bound.
    public int port() {
        return connector(0).getLocalPort();
    }

    /// The port that callers on this machine reach without TLS.
    public int plainPort() {
        return connector(certificate.isPresent() ? 1 : 0).getLocalPort();
    }

    /// What is wrong with the certificate, in one line.
    public Optional<String> certificateFault() {
        return certificate.flatMap(ServerCertificate::fault);
    }

    /// When the certificate in use ends.
    public Optional<Instant> certificateEnd() {
        return certificate.map(ServerCertificate::end);
    }

    /// Stops taking requests and waits for those in flight, as long as the settings say; what is left then is
    /// cut.
    @Override
    public void close() {
        try {
            javalin.stop();
        } catch (JavalinException cut) {
            LOG.warn("requests in flight were cut when the server stopped");
        }
        certificate.ifPresent(ServerCertificate::close);
        pace.close();
    }

    private ServerConnector connector(int index) {
        return (ServerConnector) javalin.jettyServer().server().getConnectors()[index];
    }

    private static ServerCertificate certificate(TlsFiles files) {
        try {
            return ServerCertificate.open(files);
        } catch (UnusableCertificate unusable) {
            throw new NoCertificate(unusable);
        }
    }

    private static void configure(
            JavalinConfig config,
            ServerSettings settings,
            List<Route> routes,
            Optional<ServerCertificate> certificate,
            Edge edge) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.jetty.threadPool = threads();
        config.http.maxRequestSize = 64L << 20;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(http -> http(http, settings));
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(settings.drain().toMillis());
            server.setErrorHandler(HttpServer::libraryError);
        });
        if (certificate.isPresent()) {
            var shown = certificate.get();
            config.jetty.addConnector((server, http) -> secure(server, http, shown, settings));
            // For the commands of this machine, which know no certificate.
            config.jetty.addConnector((server, http) -> plain(server, http, "127.0.0.1", 0));
        } else {
            config.jetty.addConnector((server, http) -> plain(server, http, settings.host(), settings.port()));
        }
        var guard = new HostGuard(settings.allowedHosts());
        for (var route : routes) {
            for (var path : edge.paths(route.path())) {
                config.routes.addHttpHandler(
                        HandlerType.findOrCreate(route.method()), path, context -> handle(context, route, guard, edge));
            }
        }
        config.routes.exception(
                HttpResponseException.class, (refused, context) -> write(context, libraryProblem(refused.getStatus())));
    }

    /// Requests run on virtual threads; accepting and selecting stay on platform threads, because a selector
    /// on a virtual thread waits through two more.
    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 2);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-request-", 0).factory()));
        return threads;
    }

    private static void http(HttpConfiguration http, ServerSettings settings) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(MAX_HEADER_BYTES);
        // A header that differs with each call, as a bearer token does, fills the cache over and over; and what it
        // keeps would be tokens.
        http.setHeaderCacheSize(0);
        http.setIdleTimeout(settings.readTimeout().toMillis());
        // A body that is left unread would otherwise be read to its end before the connection is used again.
        http.setMaxUnconsumedRequestContentReads(16);
    }

    private static ServerConnector secure(
            Server server, HttpConfiguration http, ServerCertificate certificate, ServerSettings settings) {
        var secure = new HttpConfiguration(http);
        // The Host header is checked by our own list; a caller by another name of this machine is no fault here.
        secure.addCustomizer(new SecureRequestCustomizer(false));
        return connector(
                new ServerConnector(
                        server,
                        new SslConnectionFactory(certificate.context(), "http/1.1"),
                        new HttpConnectionFactory(secure)),
                settings.host(),
                settings.port());
    }

    private static ServerConnector plain(Server server, HttpConfiguration http, String host, int port) {
        return connector(new ServerConnector(server, new HttpConnectionFactory(http)), host, port);
    }

    /// Ours even without TLS: one that Javalin makes comes after its hooks for the server, and keeps the
    /// defaults.
    private static ServerConnector connector(ServerConnector connector, String host, int port) {
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(512);
        connector.setShutdownIdleTimeout(100);
        return connector;
    }

    private static void handle(Context context, Route route, HostGuard guard, Edge edge) throws Exception {
        var request = new JavalinRequest(context, requestId(context), route.maxBodyBytes(), edge);
        var response = new JavalinResponse(context, edge.pace());
        try {
            guard.check(request);
            route.handler().handle(request, response);
        } catch (HttpProblem problem) {
            if (response.begun()) {
                LOG.warn("answer cut short requestId={} code={}", request.id(), problem.code());
            } else {
                write(context, problem);
            }
        } catch (IOException gone) {
            LOG.debug("caller went away requestId={}", request.id(), gone);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            if (!response.begun()) {
                write(context, new HttpProblem(503, "stopping", "the server is stopping"));
            }
        } catch (RuntimeException failure) {
            LOG.error("request failed requestId={}", request.id(), failure);
            if (!response.begun()) {
                write(
                        context,
                        new HttpProblem(500, "internal", "the request failed; the log has the reason under this id"));
            }
        }
    }

    private static String requestId(Context context) {
        String known = context.attribute(REQUEST_ID);
        if (known != null) {
            return known;
        }
        var fresh = Ids.next();
        context.attribute(REQUEST_ID, fresh);
        return fresh;
    }

    private static void write(Context context, HttpProblem problem) {
        problem.headers().forEach(context::header);
        context.status(problem.status());
        context.header("Cache-Control", "no-store");
        context.contentType("application/problem+json");
        context.result(Json.bytes(problem.toJson(requestId(context))));
    }

    private static HttpProblem libraryProblem(int status) {
        return switch (status) {
            case 404 -> new HttpProblem(404, "not_found", "there is nothing at this address");
            case 405 -> new HttpProblem(405, "method_not_allowed", "this address does not take this method");
            case 408 -> new HttpProblem(408, "request_timeout", "the request did not arrive in time");
            case 413 -> new HttpProblem(413, "body_too_large", "the body is larger than this address takes");
            case 431 -> new HttpProblem(431, "headers_too_large", "the headers are larger than 32 KiB");
            default ->
                status >= 500
                        ? new HttpProblem(status, "internal", "the request failed")
                        : new HttpProblem(status, "bad_request", "the request is not valid HTTP");
        };
    }

    /// Answers what Jetty refuses before any route is found: bad request lines, huge headers.
    private static boolean libraryError(
            Request request, org.eclipse.jetty.server.Response response, org.eclipse.jetty.util.Callback callback) {
        var problem = libraryProblem(response.getStatus());
        var body = Json.bytes(problem.toJson(Ids.next()));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, BufferUtil.toBuffer(body), callback);
        return true;
    }

    /// What all requests of a server share: whom it believes, what stands before its paths, and how slow
    /// callers may be.
    record Edge(Forwarding forwarding, String path, Pace pace) {
        List<String> paths(String inside) {
            return path.isEmpty() ? List.of(inside) : List.of(inside, path + inside);
        }

        String inside(String outside) {
            return !path.isEmpty() && outside.startsWith(path + "/") ? outside.substring(path.length()) : outside;
        }
    }

    /// A port that another process holds.
    public static final class PortTaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        PortTaken(String host, int port) {
            super("port " + port + " on " + host + " is in use by another process");
        }
    }

    /// A certificate that cannot be served.
    public static final class NoCertificate extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoCertificate(UnusableCertificate why) {
            super("`TLS_CERT` and `TLS_KEY`: " + why.getMessage(), why);
        }
    }
}
