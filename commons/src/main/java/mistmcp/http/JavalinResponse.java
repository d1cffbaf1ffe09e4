package mistmcp.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;

/// A response as Javalin holds it.
final class JavalinResponse implements HttpResponse {
    private final Context context;
    private boolean begun;

    JavalinResponse(Context context) {
        this.context = context;
    }

    @Override
    public HttpResponse header(String name, String value) {
        context.res().setHeader(name, value);
        return this;
    }

    @Override
    public HttpResponse addHeader(String name, String value) {
        context.res().addHeader(name, value);
        return this;
    }

    @Override
    public void send(int status, String contentType, byte[] body) throws IOException {
        begin(status, contentType);
        context.res().setContentLength(body.length);
        context.res().getOutputStream().write(body);
    }

    @Override
    public void send(int status) {
        begun = true;
        context.res().setStatus(status);
    }

    @Override
    public OutputStream stream(int status, String contentType) throws IOException {
        begin(status, contentType);
        return context.res().getOutputStream();
    }

    private void begin(int status, String contentType) {
        if (begun) {
            throw new IllegalStateException("the response was sent before");
        }
        begun = true;
        context.status(status);
        context.res().setStatus(status);
        context.res().setContentType(contentType);
    }

    @Override
    public void abort() {
        begun = true;
        org.eclipse.jetty.ee10.servlet.ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }

    @Override
    public boolean begun() {
        return begun;
    }
}
