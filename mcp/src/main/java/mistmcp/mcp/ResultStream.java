package mistmcp.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import mistmcp.json.JsonSpans;
import mistmcp.json.JsonString;
import mistmcp.json.RawJson;
import mistmcp.json.RawObject;
import mistmcp.json.Sha256;

/// A large result that is relayed while its end is still on its way from its server. What has come of it is
/// checked already, and nothing is handed on before it is. It is relayed once, by one thread, or dropped; what
/// became of it is told either way.
public final class ResultStream {
    /// The message that holds the result, as it comes.
    public interface Incoming {
        /// Checks the next piece of the message; false when all of it was there and is sound.
        ///
        /// @throws IOException when the server fails, or the message is not what it has to be
        boolean next() throws IOException;

        /// The piece that [#next] has checked. Its bytes hold until the next one.
        Piece piece();

        /// What a failure of [#next] is to the caller.
        UpstreamReply.Failed failed(IOException why);

        /// Lets go of the server. Once or more, from the thread that reads.
        void close();
    }

    /// Some bytes of the result.
    ///
    /// @param bytes what they are a window of
    /// @param marks where its members begin and end in this piece, in order
    /// @param last  whether the result ends here
    public record Piece(RawJson bytes, List<Mark> marks, boolean last) {
        /// Copies the list.
        public Piece {
            marks = List.copyOf(marks);
        }
    }

    /// A place in the array of a piece.
    ///
    /// @param name   the member's name
    /// @param begins whether its value begins here, or has ended
    public record Mark(String name, boolean begins, int at) {}

    /// How it ended.
    ///
    /// @param digest    of the result's bytes as its server sent them; empty when they did not all come
    /// @param bytes     how many came
    /// @param toolError whether the result says of itself that the tool failed
    /// @param failed    why it did not come whole, or did not reach its caller
    public record End(Optional<String> digest, long bytes, boolean toolError, Optional<UpstreamReply.Failed> failed) {}

    /// What to put in the place of a member.
    public interface Setting {
        /// The member's value.
        ///
        /// @param present what stands there; empty for nothing
        RawJson value(Optional<RawJson> present);
    }

    /// The server's answer broke off while it was being relayed: what has left cannot be taken back.
    public static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1;

        BrokenOff(String message, IOException cause) {
            super(message, cause);
        }
    }

    /// A member that is set on the way must fit into memory.
    private static final int MAX_HELD = 1 << 20;

    private static final UpstreamReply.Failed GONE =
            new UpstreamReply.Failed("cancelled", "the caller has gone or cancelled", true);

    private final Incoming incoming;
    private final List<Consumer<End>> toTell = new ArrayList<>();
    private final Sha256.Running digest = new Sha256.Running();
    private long bytes;
    private boolean toolError;
    private final AtomicBoolean settled = new AtomicBoolean();

    /// A stream of what comes.
    public ResultStream(Incoming incoming) {
        this.incoming = incoming;
    }

    /// Has somebody told how it ended: once, when the last byte is here and has not been handed on, or when it
    /// failed.
    public void onEnd(Consumer<End> told) {
        toTell.add(told);
    }

    /// Relays the result, its bytes as they came but for the members that are set: those it has are replaced
    /// where they stand, the others come last.
    ///
    /// @throws BrokenOff   when the server's answer did not come whole
    /// @throws IOException when the caller is gone
    public void relay(Map<String, Setting> set, OutputStream out) throws IOException {
        var relay = new Relay(set, out);
        try {
            while (next()) {
                relay.take(incoming.piece());
            }
            settle(new End(Optional.of(digest.end()), bytes, toolError, Optional.empty()));
            relay.finish();
        } catch (BrokenOff broken) {
            throw broken;
        } catch (IOException gone) {
            settle(new End(Optional.empty(), bytes, toolError, Optional.of(GONE)));
            throw gone;
        } finally {
            drop();
        }
    }

    /// The whole result, for those who cannot relay it.
    ///
    /// @throws BrokenOff when the server's answer did not come whole
    public RawObject whole() throws BrokenOff {
        var out = new ByteArrayOutputStream(128 << 10);
        try {
            relay(Map.of(), out);
        } catch (BrokenOff broken) {
            throw broken;
        } catch (IOException impossible) {
            throw new IllegalStateException("memory takes all bytes", impossible);
        }
        var raw = RawJson.of(out.toByteArray());
        return new RawObject(raw, JsonSpans.known(raw));
    }

    /// Lets go of the server, if it was not relayed: nobody waits for it any more.
    public void drop() {
        incoming.close();
        settle(new End(Optional.empty(), bytes, toolError, Optional.of(GONE)));
    }

    private boolean next() throws BrokenOff {
        try {
            return incoming.next();
        } catch (IOException failed) {
            var why = incoming.failed(failed);
            settle(new End(Optional.empty(), bytes, toolError, Optional.of(why)));
            throw new BrokenOff(why.message(), failed);
        }
    }

    private void settle(End end) {
        if (settled.compareAndSet(false, true)) {
            toTell.forEach(told -> told.accept(end));
        }
    }

    /// Writes pieces, and holds back what has to be set and the brace at the end.
    private final class Relay {
        private final Map<String, Setting> set;
        private final OutputStream out;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private final Set<String> met = new HashSet<>();
        private boolean holds;
        private boolean any;

        Relay(Map<String, Setting> set, OutputStream out) {
            this.set = set;
            this.out = out;
        }

        void take(Piece piece) throws IOException {
            var raw = piece.bytes();
            digest.take(raw);
            bytes += raw.length();
            int at = raw.start();
            for (var mark : piece.marks()) {
                any = true;
                if (mark.begins() && mark.name().equals("isError")) {
                    toolError = raw.array()[mark.at()] == 't';
                }
                var edit = set.get(mark.name());
                if (edit != null) {
                    put(raw.array(), at, mark.at());
                    at = mark.at();
                    holds = mark.begins();
                    if (!holds) {
                        met.add(mark.name());
                        write(edit.value(Optional.of(RawJson.of(held.toByteArray()))));
                        held.reset();
                    }
                }
            }
            put(raw.array(), at, piece.last() ? raw.end() - 1 : raw.end());
        }

        void finish() throws IOException {
            for (var edit : set.entrySet()) {
                if (!met.contains(edit.getKey())) {
                    if (any) {
                        out.write(',');
                    }
                    any = true;
                    write(RawJson.of(new JsonString(edit.getKey())));
                    out.write(':');
                    write(edit.getValue().value(Optional.empty()));
                }
            }
            out.write('}');
        }

        private void put(byte[] array, int from, int end) throws IOException {
            if (!holds) {
                out.write(array, from, end - from);
            } else if (held.size() + end - from > MAX_HELD) {
                var why = new UpstreamReply.Failed(
                        "result_too_large", "a part of the server's answer that has to be set is too large", true);
                settle(new End(Optional.empty(), bytes, toolError, Optional.of(why)));
                throw new BrokenOff(why.message(), new IOException("too large"));
            } else {
                held.write(array, from, end - from);
            }
        }

        private void write(RawJson value) throws IOException {
            value.writeTo(out);
        }
    }
}
