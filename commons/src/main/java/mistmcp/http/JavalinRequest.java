package mistmcp.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as Javalin holds it.
final class JavalinRequest implements HttpRequest {
    private final Context context;
    private final String id;
    private final int maxBodyBytes;
    private final HttpServer.Edge edge;
    private byte @Nullable [] body;
    private Forwarding.@Nullable Origin origin;

    JavalinRequest(Context context, String id, int maxBodyBytes, HttpServer.Edge edge) {
        this.context = context;
        this.id = id;
        this.maxBodyBytes = maxBodyBytes;
        this.edge = edge;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return context.req().getMethod();
    }

    @Override
    public String path() {
        return edge.inside(context.path());
    }

    @Override
    public String pathParameter(String name) {
        return context.pathParam(name);
    }

    @Override
    public Optional<String> query(String name) {
        return rawQuery().isEmpty() ? Optional.empty() : Optional.ofNullable(context.queryParam(name));
    }

    @Override
    public String rawQuery() {
        var query = context.req().getQueryString();
        return query == null ? "" : query;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(context.req().getHeader(name));
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(context.req().getHeaders(name));
    }

    @Override
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(context.cookie(name));
    }

    @Override
    public byte[] body() {
        var known = body;
        if (known != null) {
            return known;
        }
        if (header("Content-Encoding")
                .filter(coding -> !"identity".equals(coding))
                .isPresent()) {
            throw new HttpProblem(415, "encoding_not_supported", "send the body without Content-Encoding");
        }
        if (context.req().getContentLengthLong() > maxBodyBytes) {
            throw tooLarge();
        }
        try {
            var in = context.req().getInputStream();
            var read = edge.pace()
                    .moved(maxBodyBytes, () -> JavalinResponse.drop(context), () -> in.readNBytes(maxBodyBytes + 1));
            if (read.length > maxBodyBytes) {
                throw tooLarge();
            }
            body = read;
            return read;
        } catch (IOException broken) {
            throw new HttpProblem(408, "body_too_slow", "the body did not arrive whole");
        }
    }

    private HttpProblem tooLarge() {
        return new HttpProblem(
                413,
                "body_too_large",
                "the body is larger than the " + maxBodyBytes + " bytes that this address takes");
    }

    @Override
    public InetAddress peer() {
        try {
            return InetAddress.getByName(context.req().getRemoteAddr());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("the peer's address is no address", impossible);
        }
    }

    @Override
    public InetAddress client() {
        return origin().client();
    }

    @Override
    public String scheme() {
        return origin().scheme();
    }

    @Override
    public Optional<String> host() {
        return origin().host();
    }

    private Forwarding.Origin origin() {
        var known = origin;
        if (known == null) {
            known = edge.forwarding().origin(this, context.req().isSecure() ? "https" : "http");
            origin = known;
        }
        return known;
    }
}
