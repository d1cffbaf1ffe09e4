package mistmcp.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// One kept-alive HTTP/1.1 connection, as thin as it can be: the load generator shares the machine with what
/// it measures. Knows what MCP servers send: bodies by length or in chunks. Not for sharing between threads.
final class Connection implements AutoCloseable {
    private final String head;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[256 << 10];
    private int at;
    private int end;
    private byte[] body = new byte[8192];
    private int length;
    private String headers = "";

    /// Opens a connection to a loopback address.
    Connection(URI uri) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 5_000);
        socket.setSoTimeout(60_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        head = "POST " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getHost() + ":" + uri.getPort()
                + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
    }

    /// Posts a body and reads the whole answer.
    ///
    /// @param more headers, each with its line end
    /// @return the HTTP status
    int post(String more, byte[] content) throws IOException {
        var message = new ByteArrayOutputStream(head.length() + more.length() + content.length + 40);
        message.writeBytes(
                (head + more + "Content-Length: " + content.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(content);
        message.writeTo(out);
        return answer();
    }

    /// The body of the last answer: its array, of which the first [#length] bytes count.
    byte[] body() {
        return body;
    }

    int length() {
        return length;
    }

    /// A header of the last answer.
    Optional<String> header(String name) {
        int from = headers.toLowerCase(Locale.ROOT).indexOf("\r\n" + name.toLowerCase(Locale.ROOT) + ":");
        if (from < 0) {
            return Optional.empty();
        }
        int begin = from + name.length() + 3;
        int stop = headers.indexOf("\r\n", begin);
        return Optional.of(headers.substring(begin, stop).strip());
    }

    private int answer() throws IOException {
        headers = head();
        length = 0;
        int status = Integer.parseInt(headers.substring(9, 12));
        var known = header("Content-Length");
        if (known.isPresent()) {
            take(Integer.parseInt(known.get()));
        } else if (header("Transfer-Encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            chunks();
        } else if (status != 202 && status != 204) {
            throw new IOException("an answer without length");
        }
        return status;
    }

    private String head() throws IOException {
        int from = at;
        int seen = 0;
        while (true) {
            if (at == end) {
                int kept = end - from;
                System.arraycopy(buffer, from, buffer, 0, kept);
                from = 0;
                at = kept;
                end = kept;
                fill();
            }
            byte next = buffer[at++];
            boolean expected = next == (seen % 2 == 0 ? '\r' : '\n');
            seen = expected ? seen + 1 : next == '\r' ? 1 : 0;
            if (seen == 4) {
                return new String(buffer, from, at - from - 2, StandardCharsets.ISO_8859_1);
            }
        }
    }

    private void chunks() throws IOException {
        while (true) {
            int size = Integer.parseInt(line(), 16);
            if (size == 0) {
                line();
                return;
            }
            take(size);
            line();
        }
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        while (true) {
            if (at == end) {
                at = 0;
                end = 0;
                fill();
            }
            char next = (char) buffer[at++];
            if (next == '\n') {
                return text.toString();
            }
            if (next != '\r') {
                text.append(next);
            }
        }
    }

    private void take(int count) throws IOException {
        if (length + count > body.length) {
            body = Arrays.copyOf(body, Math.max(length + count, body.length * 2));
        }
        int ready = Math.min(count, end - at);
        System.arraycopy(buffer, at, body, length, ready);
        at += ready;
        length += ready;
        for (int left = count - ready; left > 0; ) {
            int read = in.read(body, length, left);
            if (read < 0) {
                throw new EOFException("the answer is cut");
            }
            length += read;
            left -= read;
        }
    }

    private void fill() throws IOException {
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw new EOFException("the server has closed the connection");
        }
        end += read;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed either way.
        }
    }
}
