package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The files of the log in order. The newest are scanned when the log opens, an older one when somebody reads
/// it. Safe for several threads.
final class Segments {
    private static final int SCANNED_AT_OPEN = 4;

    private final ConcurrentSkipListMap<Long, Segment> byFirst = new ConcurrentSkipListMap<>();
    private @Nullable Segment visited;
    private long scannedFrom;

    /// Lists and scans what is there.
    ///
    /// @return what is damaged, in order
    List<Damage> open(Path directory) throws IOException {
        var damages = new ArrayList<Damage>();
        try (var files = Files.list(directory)) {
            files.forEach(path -> Segment.first(path).ifPresent(first -> byFirst.put(first, new Segment(path, first))));
        }
        var toScan = byFirst.descendingMap().values().stream()
                .limit(SCANNED_AT_OPEN)
                .toList()
                .reversed();
        scannedFrom = toScan.isEmpty() ? 0 : toScan.getFirst().first();
        for (var segment : toScan) {
            damages.addAll(
                    segment.scan(limit(segment), segment == byFirst.lastEntry().getValue()));
        }
        return damages;
    }

    /// The first index that was looked at when the log was opened.
    long scannedFrom() {
        return scannedFrom;
    }

    boolean isEmpty() {
        return byFirst.isEmpty();
    }

    Segment newest() {
        return byFirst.lastEntry().getValue();
    }

    void add(Segment segment) {
        byFirst.put(segment.first(), segment);
    }

    /// The index behind the last durable record.
    long next() {
        return byFirst.isEmpty() ? 0 : newest().next();
    }

    Reader reader() {
        return new Reader();
    }

    private long limit(Segment segment) {
        var following = byFirst.higherKey(segment.first());
        return following == null ? Long.MAX_VALUE : following;
    }

    /// The segment that holds an index, scanned.
    private synchronized Optional<Segment> holding(long index) throws IOException {
        Map.Entry<Long, Segment> entry = byFirst.floorEntry(index);
        if (entry == null) {
            return Optional.empty();
        }
        var segment = entry.getValue();
        boolean unscanned = segment.next() == segment.first() && limit(segment) != Long.MAX_VALUE;
        if (!unscanned) {
            return Optional.of(segment);
        }
        var last = visited;
        if (last == null || last.first() != segment.first()) {
            last = new Segment(segment.path(), segment.first());
            last.scan(limit(segment), false);
            visited = last;
        }
        return Optional.of(last);
    }

    /// Reads records, one after the other; for one thread.
    final class Reader implements AutoCloseable {
        private @Nullable FileChannel channel;
        private long openFirst = -1;

        /// The bytes of a durable record.
        Optional<byte[]> payload(long index) throws IOException {
            var segment = holding(index);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            var open = channel;
            if (open == null || openFirst != segment.get().first()) {
                close();
                open = FileChannel.open(segment.get().path(), StandardOpenOption.READ);
                channel = open;
                openFirst = segment.get().first();
            }
            return segment.get().read(open, index);
        }

        @Override
        public void close() throws IOException {
            var open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
