package mistmcp.mcp.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mistmcp.jsonrpc.Envelope;
import org.jspecify.annotations.Nullable;

/// Puts what a legacy server asks to our caller while the server's stream is read on. Questions that come
/// close together are put together: a modern caller then answers them in one round. Safe for several threads.
final class Inquirer implements AutoCloseable {
    private static final Duration TOGETHER = Duration.ofMillis(25);
    private static final int MAX_WAITING = 64;

    private final Dialogue dialogue;
    private final Consumer<byte[]> back;
    private final LinkedBlockingQueue<Envelope.Request> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private @Nullable Thread asking;
    private boolean closed;

    /// Asks for one request of ours.
    ///
    /// @param back takes the message that answers the server
    Inquirer(Dialogue dialogue, Consumer<byte[]> back) {
        this.dialogue = dialogue;
        this.back = back;
    }

    Dialogue dialogue() {
        return dialogue;
    }

    /// Takes a request of the server; a `ping` is answered at once, and so is one too many.
    void asked(Envelope.Request request) {
        if (request.method().equals("ping") || !enqueue(request)) {
            back.accept(Dialogue.nobody(request));
        }
    }

    private synchronized boolean enqueue(Envelope.Request request) {
        if (closed || !waiting.offer(request)) {
            return false;
        }
        if (asking == null) {
            asking = Thread.ofVirtual().name("mcp-inquirer").start(this::run);
        }
        return true;
    }

    private void run() {
        try {
            for (var first = next(); first.isPresent(); first = next()) {
                dialogue.answers(together(first.get())).forEach(this::send);
            }
        } catch (InterruptedException over) {
            // The request has ended: nobody waits for these answers.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<Envelope.Request> next() {
        var request = waiting.poll();
        if (request == null) {
            asking = null;
        }
        return Optional.ofNullable(request);
    }

    private List<Envelope.Request> together(Envelope.Request first) throws InterruptedException {
        var all = new ArrayList<Envelope.Request>();
        for (var one = first; one != null; one = waiting.poll(TOGETHER.toMillis(), TimeUnit.MILLISECONDS)) {
            all.add(one);
        }
        return all;
    }

    private void send(byte[] answer) {
        boolean over;
        synchronized (this) {
            over = closed;
        }
        if (!over) {
            back.accept(answer);
        }
    }

    /// The request has ended: questions that are still open are dropped.
    @Override
    public synchronized void close() {
        closed = true;
        if (asking != null) {
            asking.interrupt();
        }
    }
}
