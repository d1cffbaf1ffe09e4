package mistmcp.sim;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonValue;

/// Every request that came in, oldest first; the last 50,000 are kept. A request stands here before its
/// answer leaves. Safe for several threads.
public final class Journal {
    private static final int MOST = 50_000;

    private final Deque<Entry> entries = new ArrayDeque<>();

    /// One request.
    ///
    /// @param role      `read` or `write`, or `none` without a valid token
    /// @param operation the operationId; empty when there is none
    /// @param status    the status of the answer; 0 for none
    /// @param applied   whether the state was changed
    /// @param fault     the fault that was played; empty for none
    public record Entry(
            Instant time,
            String method,
            String path,
            String query,
            String role,
            String operation,
            Optional<JsonValue> body,
            int status,
            boolean applied,
            String fault) {
        /// Whether the request is one that may change something.
        public boolean isWrite() {
            return !method.equals("GET") && !method.equals("HEAD");
        }

        JsonObject toJson() {
            return JsonObject.of(
                    "time",
                    time,
                    "method",
                    method,
                    "path",
                    path,
                    "query",
                    query,
                    "role",
                    role,
                    "operation",
                    operation,
                    "body",
                    body,
                    "status",
                    status,
                    "applied",
                    applied,
                    "fault",
                    fault);
        }
    }

    synchronized void add(Entry entry) {
        if (entries.size() == MOST) {
            entries.removeFirst();
        }
        entries.addLast(entry);
    }

    /// All requests.
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /// The requests that may change something, whether they were carried out or not.
    public List<Entry> writes() {
        return entries().stream().filter(Entry::isWrite).toList();
    }

    /// The requests of one operation.
    public List<Entry> of(String operation) {
        return entries().stream()
                .filter(entry -> entry.operation().equals(operation))
                .toList();
    }

    /// Forgets all requests.
    public synchronized void clear() {
        entries.clear();
    }
}
