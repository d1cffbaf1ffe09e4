package mistmcp.gateway.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import mistmcp.json.JsonObject;

/// Finds records, the newest first. It reads the log itself, so it holds nothing and misses nothing; one look
/// goes through a bounded number of records, and says where the next one goes on. Safe for several threads.
public final class AuditSearch {
    private static final int PAGE = 100;
    private static final int LOOK = 20_000;
    private static final Duration CLOCK_STEPS = Duration.ofHours(1);

    private final AuditLog log;

    /// What was found.
    ///
    /// @param records the newest first
    /// @param next    where to go on: before this index; empty at the end of the log
    public record Page(List<JsonObject> records, OptionalLong next) {}

    /// One record, the bytes it was hashed over, and the other records of the same call or plan, oldest
    /// first.
    public record Story(JsonObject record, String leafHash, List<JsonObject> siblings) {}

    /// Searches a log.
    public AuditSearch(AuditLog log) {
        this.log = log;
    }

    /// The newest records that match, 100 at most.
    ///
    /// @param owner  only records of this principal's key, as actor or as owner of a plan; empty for all
    /// @param before only records before this index
    /// @throws AuditUnavailable when the log cannot be read
    public Page find(AuditQuery query, Optional<String> owner, OptionalLong before) {
        var found = new ArrayList<JsonObject>();
        long index = Math.min(before.orElse(Long.MAX_VALUE), log.size());
        long lowest = Math.max(0, index - LOOK);
        try (var reader = log.segments().reader()) {
            while (index > lowest && found.size() < PAGE) {
                var payload = reader.payload(--index);
                if (payload.isEmpty()) {
                    continue;
                }
                var record = AuditLog.parsed(payload.get());
                if (isOlder(record, query)) {
                    return new Page(found, OptionalLong.empty());
                }
                if (isOf(record, owner) && query.matches(record, new String(payload.get(), StandardCharsets.UTF_8))) {
                    found.add(record);
                }
            }
        } catch (IOException unreadable) {
            throw unavailable();
        }
        return new Page(found, index > 0 ? OptionalLong.of(index) : OptionalLong.empty());
    }

    /// One record with what belongs to it; empty when there is none, or it is not the owner's.
    ///
    /// @param owner as in [#find]
    /// @throws AuditUnavailable when the log cannot be read
    public Optional<Story> story(long index, Optional<String> owner) {
        try (var reader = log.segments().reader()) {
            var payload = index < 0 || index >= log.size() ? Optional.<byte[]>empty() : reader.payload(index);
            var record = payload.map(AuditLog::parsed).filter(mine -> isOf(mine, owner));
            if (record.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Story(
                    record.get(),
                    Frames.leafHash(payload.orElseThrow()),
                    siblings(reader, index, record.get(), owner)));
        } catch (IOException unreadable) {
            throw unavailable();
        }
    }

    private List<JsonObject> siblings(Segments.Reader reader, long index, JsonObject record, Optional<String> owner)
            throws IOException {
        var needles = new ArrayList<byte[]>();
        for (var name : List.of("callId", "planId")) {
            record.string(name)
                    .ifPresent(id -> needles.add(
                            Bytes.of(JsonObject.of(name, id).toString().replaceAll("^\\{|}$", ""))));
        }
        var siblings = new ArrayList<JsonObject>();
        long end = Math.min(log.size(), index + LOOK);
        for (long at = Math.max(0, index - LOOK); at < end && !needles.isEmpty() && siblings.size() < PAGE; at++) {
            var payload = at == index ? Optional.<byte[]>empty() : reader.payload(at);
            if (payload.isPresent() && needles.stream().anyMatch(needle -> Bytes.contain(payload.get(), needle))) {
                Optional.of(AuditLog.parsed(payload.get()))
                        .filter(one -> isOf(one, owner))
                        .ifPresent(siblings::add);
            }
        }
        return siblings;
    }

    private static boolean isOf(JsonObject record, Optional<String> owner) {
        return owner.isEmpty()
                || AuditQuery.actor(record).equals(owner)
                || record.string("owner").equals(owner);
    }

    /// A clock that was set back may leave a later record with an earlier time, hence the margin.
    private static boolean isOlder(JsonObject record, AuditQuery query) {
        return query.from()
                .filter(from -> AuditQuery.at(record).isBefore(from.minus(CLOCK_STEPS)))
                .isPresent();
    }

    private static AuditUnavailable unavailable() {
        return new AuditUnavailable("audit_failed", "the audit log cannot be read");
    }
}
