package mistmcp.acceptance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;

/// HTTP/1.1 by hand, over loopback: a client that may send what no library sends, such as a foreign `Host`.
final class RawHttp {
    private static final int PATIENCE_MILLIS = 90_000;

    private RawHttp() {}

    /// What came back. A connection that closed without an answer has status 0.
    record Reply(int status, List<Map.Entry<String, String>> headers, byte[] bytes) {
        /// The body as a JSON object, the last one when it is an event stream; an empty one for no body.
        JsonObject body() {
            if (headers("Content-Type").stream().anyMatch(type -> type.startsWith("text/event-stream"))) {
                return text().lines()
                        .filter(line -> line.startsWith("data:"))
                        .reduce((_, last) -> last)
                        .map(line -> Json.parseObject(line.substring("data:".length())))
                        .orElse(JsonObject.EMPTY);
            }
            return bytes.length == 0 ? JsonObject.EMPTY : Json.parseObject(bytes, JsonLimits.TRUSTED);
        }

        /// The stable code of a problem.
        String code() {
            return body().string("code").orElse("");
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        List<String> headers(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    /// Sends one request and reads the answer to its end. `Host` is that of the port unless it is given.
    static Reply send(int port, String method, String target, Map<String, String> headers, Optional<byte[]> body) {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (!headers.containsKey("Host")) {
            head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        body.ifPresent(
                bytes -> head.append("Content-Length: ").append(bytes.length).append("\r\n"));
        head.append("Connection: close\r\n\r\n");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            write(socket, head.toString().getBytes(StandardCharsets.UTF_8), body.orElse(new byte[0]));
            return read(socket.getInputStream());
        } catch (IOException failed) {
            throw new UncheckedIOException(method + " " + target, failed);
        }
    }

    private static void write(Socket socket, byte[] head, byte[] body) {
        try {
            socket.getOutputStream().write(head);
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        } catch (IOException refused) {
            // A server that has refused by now does not read on: its answer is what counts.
            return;
        }
    }

    private static Reply read(InputStream from) throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            from.transferTo(all);
        } catch (java.net.SocketException reset) {
            // What came before the reset is the answer.
            all.flush();
        }
        var text = all.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, List.of(), new byte[0]);
        }
        var lines = text.substring(0, end).lines().toList();
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (var line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        var body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        var reply = new Reply(Integer.parseInt(lines.getFirst().substring(9, 12)), List.copyOf(headers), body);
        boolean chunked = reply.headers("Transfer-Encoding").contains("chunked");
        return chunked ? new Reply(reply.status(), reply.headers(), unchunk(body)) : reply;
    }

    private static byte[] unchunk(byte[] chunked) throws IOException {
        var whole = new ByteArrayOutputStream();
        var from = new ByteArrayInputStream(chunked);
        while (true) {
            var size = new StringBuilder();
            for (int c = from.read(); c >= 0 && c != '\n'; c = from.read()) {
                size.append((char) c);
            }
            var text = size.toString().strip();
            int length = text.isEmpty() ? 0 : Integer.parseInt(text, 16);
            if (length == 0) {
                return whole.toByteArray();
            }
            whole.write(from.readNBytes(length));
            from.skipNBytes(2);
        }
    }
}
