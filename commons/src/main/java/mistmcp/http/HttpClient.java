package mistmcp.http;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import mistmcp.time.Ticker;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Calls other servers: pooled connections, no redirects, no cookies, no retries, and a deadline on every
/// wait. Safe for several threads; blocking, made for virtual threads.
public final class HttpClient implements AutoCloseable {
    private final Egress egress;
    private final CloseableHttpClient client;
    private final Ticker deadlines = new Ticker("http-deadlines");

    /// A client with at most so many connections to one server, for servers of ours and on this machine.
    public HttpClient(Duration connectTimeout, int connectionsPerServer) {
        this(connectTimeout, connectionsPerServer, Egress.DIRECT);
    }

    /// A client for addresses that others named: it connects to those within `reach` only, and directly.
    public HttpClient(Duration connectTimeout, int connectionsPerServer, Reach reach) {
        this(connectTimeout, connectionsPerServer, Egress.DIRECT, reach);
    }

    /// A client for servers that others run: through the proxy, and with the certificates, that `egress`
    /// says.
    public HttpClient(Duration connectTimeout, int connectionsPerServer, Egress egress) {
        this(connectTimeout, connectionsPerServer, egress, Reach.ANYWHERE);
    }

    private HttpClient(Duration connectTimeout, int connectionsPerServer, Egress egress, Reach reach) {
        this.egress = egress;
        var builder = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(connectionsPerServer)
                .setMaxConnTotal(connectionsPerServer * 8)
                .setDnsResolver(new Names(reach))
                // No timer for each read: the ticker below ends what waits too long.
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(Timeout.DISABLED).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectTimeout))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build());
        egress.trust().map(DefaultClientTlsStrategy::new).ifPresent(builder::setTlsSocketStrategy);
        client = HttpClients.custom()
                .setConnectionManager(builder.build())
                .setRoutePlanner(new Way(egress))
                .setDefaultCredentialsProvider(new ProxyCredentials(egress))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    /// Sends a request and answers the head of the response; the caller reads and closes it.
    ///
    /// @throws HttpFailure when no head came
    public InboundResponse send(OutboundRequest outbound) throws HttpFailure {
        return prepare(outbound).send();
    }

    /// Makes a request ready, so that another thread can cancel it while it is on its way.
    public Call prepare(OutboundRequest outbound) {
        return new Call(outbound);
    }

    /// One request, sent once.
    public final class Call {
        private final OutboundRequest outbound;
        private final HttpUriRequestBase request;
        private final Ticker.Watched watched = this::look;
        private volatile long end;
        private volatile long waitsSince;
        private volatile boolean waits;
        private volatile boolean streaming;
        private volatile boolean late;

        private Call(OutboundRequest outbound) {
            this.outbound = outbound;
            request = new HttpUriRequestBase(outbound.method(), outbound.uri());
            outbound.headers().forEach(request::setHeader);
            outbound.body().ifPresent(body -> request.setEntity(new ByteArrayEntity(body, null)));
            request.setConfig(RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.of(outbound.deadline()))
                    .build());
        }

        /// Sends the request and answers the head of the response; the caller reads and closes it.
        ///
        /// @throws HttpFailure when no head came
        public InboundResponse send() throws HttpFailure {
            end = System.nanoTime() + outbound.deadline().toNanos();
            waits();
            deadlines.add(watched);
            try {
                var context = HttpClientContext.create();
                var response = client.executeOpen(HttpHost.create(outbound.uri()), request, context);
                requireOpenWay(response, context);
                return new Received(response, this);
            } catch (IOException failed) {
                deadlines.remove(watched);
                throw failure(failed, late);
            } catch (RuntimeException failed) {
                deadlines.remove(watched);
                if (request.isCancelled()) {
                    // A cancel that comes before there is a connection shows as a state that should not be.
                    throw failure(new SocketException("cancelled"), late);
                }
                throw failed;
            }
        }

        /// The library hands over a proxy's refusal as if the server had answered: there is no TLS session
        /// then.
        private void requireOpenWay(ClassicHttpResponse response, HttpClientContext context) throws IOException {
            if (context.getSSLSession() == null
                    && egress.proxyFor(outbound.uri()).isPresent()) {
                request.cancel();
                response.close();
                var why = "the proxy refused to open the way, with status " + response.getCode();
                throw new HttpFailure(HttpFailure.Kind.CONNECT, why, new IOException("no tunnel"));
            }
        }

        /// Drops the connection, whatever it is at: sending and reading fail at once. From any thread, any
        /// number of times.
        public void cancel() {
            request.cancel();
        }

        /// A streamed answer outlives the deadline of its head: only silence ends it then. Silence counts
        /// while somebody waits for the other side.
        private void look(long nanoTime) {
            boolean over = !streaming && nanoTime - end > 0;
            boolean silent = waits && nanoTime - waitsSince > outbound.silence().toNanos();
            if (over || silent) {
                late = true;
                request.cancel();
            }
        }

        private void waits() {
            waitsSince = System.nanoTime();
            waits = true;
        }

        private void heard() {
            waits = false;
        }

        private void ended() {
            deadlines.remove(watched);
        }
    }

    @Override
    public void close() {
        deadlines.close();
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }

    /// Directly, or through the proxy that stands before an address.
    private static final class Way extends DefaultRoutePlanner {
        private final Egress egress;

        Way(Egress egress) {
            super(DefaultSchemePortResolver.INSTANCE);
            this.egress = egress;
        }

        @Override
        protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
            return egress.proxy().isEmpty()
                    ? null
                    : egress.proxyFor(URI.create(target.toURI()))
                            .map(proxy -> new HttpHost("http", proxy.host(), proxy.port()))
                            .orElse(null);
        }
    }

    /// What names stand for, as far as it may be connected to.
    private record Names(Reach reach) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            var allowed = Arrays.stream(SystemDefaultDnsResolver.INSTANCE.resolve(host))
                    .filter(reach::covers)
                    .toArray(InetAddress[]::new);
            if (allowed.length == 0) {
                throw new UnknownHostException("no address of it may be connected to");
            }
            return allowed;
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }

    /// Tells the proxy, and nobody else, who calls.
    private record ProxyCredentials(Egress egress) implements CredentialsProvider {
        @Override
        public @Nullable Credentials getCredentials(AuthScope scope, HttpContext context) {
            return egress.proxy()
                    .filter(proxy -> proxy.host().equalsIgnoreCase(scope.getHost()) && proxy.port() == scope.getPort())
                    .flatMap(ForwardProxy::credentials)
                    .map(known -> new UsernamePasswordCredentials(
                            known.user(), known.password().reveal().toCharArray()))
                    .orElse(null);
        }
    }

    private static HttpFailure failure(IOException failed, boolean late) {
        if (failed instanceof HttpFailure known) {
            return known;
        }
        if (failed instanceof SSLException) {
            return new HttpFailure(HttpFailure.Kind.CONNECT, tlsFault(failed), failed);
        }
        if (failed instanceof HttpHostConnectException
                || failed instanceof ConnectTimeoutException
                || failed instanceof ConnectionRequestTimeoutException
                || failed instanceof UnknownHostException) {
            return new HttpFailure(HttpFailure.Kind.CONNECT, "no connection could be made", failed);
        }
        if (late || failed instanceof SocketTimeoutException) {
            return new HttpFailure(HttpFailure.Kind.TIMEOUT, "no answer came in time", failed);
        }
        if (failed instanceof SocketException || failed instanceof org.apache.hc.core5.http.NoHttpResponseException) {
            return new HttpFailure(HttpFailure.Kind.RESET, "the connection broke", failed);
        }
        return new HttpFailure(HttpFailure.Kind.GARBAGE, "the answer is cut or is not HTTP", failed);
    }

    private static String tlsFault(IOException failed) {
        var told = "no TLS connection could be made";
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return "the other side's certificate is not trusted";
            }
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                told = "the other side's certificate is for another host";
            }
        }
        return told;
    }

    /// An answer whose head is here and whose body is read as it comes.
    private static final class Received implements InboundResponse {
        private final ClassicHttpResponse response;
        private final Call call;
        private final InputStream body;
        private boolean ended;

        Received(ClassicHttpResponse response, Call call) throws HttpFailure {
            this.response = response;
            this.call = call;
            call.heard();
            try {
                var entity = response.getEntity();
                this.body = entity == null ? InputStream.nullInputStream() : new Body(entity.getContent());
                this.ended = entity == null;
            } catch (IOException failed) {
                throw failure(failed, call.late);
            }
        }

        @Override
        public int status() {
            return response.getCode();
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
        }

        @Override
        public List<String> headers(String name) {
            return Arrays.stream(response.getHeaders(name))
                    .map(Header::getValue)
                    .toList();
        }

        @Override
        public InputStream body() {
            return body;
        }

        @Override
        public void streaming() {
            call.streaming = true;
        }

        @Override
        public byte[] body(int maxBytes) throws IOException {
            long announced = ended ? 0 : response.getEntity().getContentLength();
            if (announced > 0 && announced <= maxBytes) {
                var whole = body.readNBytes((int) announced);
                if (whole.length == announced && body.read() < 0) {
                    return whole;
                }
                throw new HttpFailure(
                        HttpFailure.Kind.GARBAGE, "the answer has another length than it says", new IOException("cut"));
            }
            var out = new ByteArrayOutputStream(4096);
            var chunk = new byte[8192];
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                if (out.size() + read > maxBytes) {
                    throw new HttpFailure(
                            HttpFailure.Kind.TOO_LARGE,
                            "the answer has more than " + maxBytes + " bytes",
                            new IOException("too large"));
                }
                out.write(chunk, 0, read);
            }
            return out.toByteArray();
        }

        @Override
        public void close() {
            call.ended();
            if (!ended) {
                call.cancel();
            }
            try {
                response.close();
            } catch (IOException gone) {
                // The connection is dropped either way.
                call.cancel();
            }
        }

        /// Translates what breaks the body into our failures.
        private final class Body extends FilterInputStream {
            Body(InputStream in) {
                super(in);
            }

            @Override
            public int read() throws IOException {
                call.waits();
                try {
                    return note(super.read());
                } catch (IOException failed) {
                    throw failure(failed, call.late);
                }
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                call.waits();
                try {
                    return note(super.read(into, offset, length));
                } catch (IOException failed) {
                    throw failure(failed, call.late);
                }
            }

            private int note(int read) {
                ended = ended || read < 0;
                call.heard();
                return read;
            }
        }
    }
}
