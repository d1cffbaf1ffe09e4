package mistmcp.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A company's proxy: it opens a way to one server, whatever host it is asked for, and notes what it was
/// asked.
final class ConnectProxy implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Optional<String> authorization;
    private volatile boolean closed;
    private volatile boolean refuses;

    ConnectProxy(int target, Optional<String> authorization) throws IOException {
        this.target = target;
        this.authorization = authorization;
        Thread.ofPlatform().daemon().start(this::listen);
    }

    int port() {
        return socket.getLocalPort();
    }

    void refuse() {
        refuses = true;
    }

    private void listen() {
        while (!closed) {
            try {
                var caller = socket.accept();
                Thread.ofPlatform().daemon().start(() -> serve(caller));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket caller) {
        try (caller) {
            while (true) {
                var head = TlsPeer.head(caller.getInputStream());
                asked.add(head);
                if (refuses) {
                    answer(caller, "403 Forbidden\r\nContent-Length: 0");
                } else if (authorization
                        .filter(wanted -> !head.contains("Proxy-Authorization: " + wanted))
                        .isPresent()) {
                    answer(caller, "407 Who\r\nProxy-Authenticate: Basic realm=\"company\"\r\nContent-Length: 0");
                } else {
                    answer(caller, "200 Open");
                    tunnel(caller);
                    return;
                }
            }
        } catch (IOException ended) {
            // Either side has hung up.
        }
    }

    private static void answer(Socket caller, String head) throws IOException {
        caller.getOutputStream().write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void tunnel(Socket caller) throws IOException {
        try (var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            var back = Thread.ofPlatform().daemon().start(() -> {
                try {
                    server.getInputStream().transferTo(caller.getOutputStream());
                    caller.shutdownOutput();
                } catch (IOException ended) {
                    // Either side has hung up.
                }
            });
            caller.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
            back.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
    }
}
