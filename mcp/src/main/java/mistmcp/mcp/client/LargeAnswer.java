package mistmcp.mcp.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mistmcp.http.HttpFailure;
import mistmcp.json.InvalidJson;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonScanner;
import mistmcp.json.RawJson;
import mistmcp.mcp.Exchange;
import mistmcp.mcp.ResultStream;
import mistmcp.mcp.UpstreamReply;

/// An answer of a server that is too large to wait for, checked piece by piece. Its head has to show that it is
/// the answer to our request and ends with it: a good one, of a result that is complete. Not for sharing
/// between threads.
final class LargeAnswer implements ResultStream.Incoming, JsonScanner.Found {
    /// An answer this small is waited for, and judged whole.
    static final int HEAD_BYTES = 64 << 10;

    private static final int PIECE_BYTES = 32 << 10;
    private static final int NOWHERE = -1;

    /// Where the answer comes from.
    ///
    /// @param in       what comes behind the head
    /// @param patience how long the server may be waited for, in all
    /// @param hold     what it may take in memory
    /// @param exchange the caller's, which may cancel
    /// @param close    lets go of the connection
    record From(InputStream in, Duration patience, Room.Hold hold, Exchange exchange, Runnable close) {}

    private final RawJson id;
    private final boolean typed;
    private final From from;
    private final JsonScanner scanner;
    private final Map<String, RawJson> members = new HashMap<>();
    private final List<ResultStream.Mark> marks = new ArrayList<>();
    private byte[] bytes;
    private int length;
    private int before;
    private int resultStart = NOWHERE;
    private int resultEnd = NOWHERE;
    private boolean version;
    private boolean ours;
    private boolean odd;
    private boolean headTaken;
    private long waited;

    /// An answer of which so much is here.
    ///
    /// @param typed whether the server says in each result of which type it is, as those of the modern era do
    LargeAnswer(RawJson head, RawJson id, boolean typed, JsonLimits limits, From from) {
        this.id = id;
        this.typed = typed;
        this.from = from;
        this.scanner = new JsonScanner(limits, this);
        this.bytes = head.bytes();
        this.length = bytes.length;
    }

    /// Whether the head says all that has to be known before a byte is handed on. When it does not, the answer
    /// has to be read whole.
    boolean canBeRelayed() {
        try {
            scanner.take(bytes, 0, length);
        } catch (InvalidJson garbage) {
            return false;
        }
        boolean complete =
                string("resultType").map("complete"::equals).orElse(!typed && !members.containsKey("resultType"));
        return version && ours && complete && inResult() && !odd && bytes[resultStart] == '{';
    }

    /// The members of the result that were whole in the head.
    Map<String, RawJson> members() {
        return members;
    }

    private Optional<String> string(String name) {
        return Optional.ofNullable(members.get(name)).flatMap(RawJson::string);
    }

    @Override
    public boolean next() throws IOException {
        if (!headTaken) {
            headTaken = true;
            return true;
        }
        while (true) {
            before += length;
            marks.clear();
            if (bytes.length != PIECE_BYTES) {
                bytes = new byte[PIECE_BYTES];
            }
            length = read();
            if (length < 0) {
                check(scanner::finish);
                return false;
            }
            boolean some = inResult();
            check(() -> scanner.take(bytes, 0, length));
            if (odd) {
                throw failure(HttpFailure.Kind.GARBAGE, "the answer is more than a result");
            }
            from.hold().reserve(scanner.held());
            if (some) {
                return true;
            }
        }
    }

    @Override
    public ResultStream.Piece piece() {
        int start = Math.max(0, resultStart - before);
        boolean last = resultEnd != NOWHERE;
        return new ResultStream.Piece(new RawJson(bytes, start, last ? resultEnd - before : length), marks, last);
    }

    @Override
    public UpstreamReply.Failed failed(IOException why) {
        return Failures.of(why, from.exchange());
    }

    @Override
    public void close() {
        from.close().run();
    }

    @Override
    public void begins(int depth, String name, int start) {
        if (depth == 2) {
            mark(name, true, start);
        } else if (name.equals("result")) {
            resultStart = start;
        } else {
            odd |= name.equals("error") || name.equals("method");
        }
    }

    @Override
    public void ends(int depth, String name, int start, int end) {
        if (depth == 2) {
            mark(name, false, end);
            if (!headTaken && inResult()) {
                members.put(name, new RawJson(bytes, start, end));
            }
        } else if (name.equals("result")) {
            resultEnd = end;
        } else if (!headTaken) {
            var value = new RawJson(bytes, start, end);
            version |= name.equals("jsonrpc")
                    && value.string().filter("2.0"::equals).isPresent();
            ours |= name.equals("id") && value.equals(id);
        }
    }

    private void mark(String name, boolean begins, int at) {
        if (inResult()) {
            marks.add(new ResultStream.Mark(name, begins, at - before));
        }
    }

    private boolean inResult() {
        return resultStart != NOWHERE && resultEnd == NOWHERE;
    }

    /// The caller may take its time; the server may not.
    private int read() throws IOException {
        long began = System.nanoTime();
        int read = from.in().read(bytes);
        waited += System.nanoTime() - began;
        if (waited > from.patience().toNanos()) {
            throw failure(HttpFailure.Kind.TIMEOUT, "the answer did not come in time");
        }
        return read;
    }

    private static void check(Runnable step) throws HttpFailure {
        try {
            step.run();
        } catch (InvalidJson refused) {
            throw failure(
                    refused.reason() == InvalidJson.Reason.TOO_LARGE
                            ? HttpFailure.Kind.TOO_LARGE
                            : HttpFailure.Kind.GARBAGE,
                    String.valueOf(refused.getMessage()));
        }
    }

    private static HttpFailure failure(HttpFailure.Kind kind, String message) {
        return new HttpFailure(kind, message, new IOException(message));
    }
}
