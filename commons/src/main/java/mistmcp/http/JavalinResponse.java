package mistmcp.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;

/// A response as Javalin holds it.
final class JavalinResponse implements HttpResponse {
    private final Context context;
    private final Pace pace;
    private boolean begun;

    JavalinResponse(Context context, Pace pace) {
        this.context = context;
        this.pace = pace;
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
        pace.write(context.res().getOutputStream(), body, 0, body.length, () -> drop(context));
    }

    @Override
    public void send(int status) {
        begun = true;
        context.res().setStatus(status);
    }

    @Override
    public OutputStream stream(int status, String contentType) throws IOException {
        begin(status, contentType);
        return pace.kept(context.res().getOutputStream(), () -> drop(context));
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
        drop(context);
    }

    /// Closes the connection. From any thread.
    static void drop(Context context) {
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
