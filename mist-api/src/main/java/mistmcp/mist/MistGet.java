package mistmcp.mist;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One read of the Mist API. [Operations] makes them.
///
/// @param operation the operation's id in Mist's API document
/// @param path      the path, made of typed ids only
/// @param site      the site that the path names; such a read is refused outside the caller's scope
/// @param query     the query's parameters
/// @param keep      how long an answer may be kept; zero for not at all
public record MistGet(
        String operation, String path, Optional<SiteId> site, SortedMap<String, String> query, Duration keep) {
    /// Copies the map given.
    public MistGet {
        query = Collections.unmodifiableSortedMap(new TreeMap<>(query));
    }

    /// A read without parameters.
    static MistGet of(String operation, String path, Duration keep) {
        return new MistGet(operation, path, Optional.empty(), Collections.emptySortedMap(), keep);
    }

    /// A read below a site.
    static MistGet of(String operation, SiteId site, String below, Duration keep) {
        return new MistGet(
                operation, "/api/v1/sites/" + site + below, Optional.of(site), Collections.emptySortedMap(), keep);
    }

    /// The same read with a parameter set.
    public MistGet with(String name, String value) {
        var more = new TreeMap<>(query);
        more.put(name, value);
        return new MistGet(operation, path, site, more, keep);
    }

    /// The same read with a parameter set.
    public MistGet with(String name, long value) {
        return with(name, Long.toString(value));
    }

    /// The same read with a parameter set when the value is there.
    public MistGet withPresent(String name, Optional<String> value) {
        return value.map(text -> with(name, text)).orElse(this);
    }

    /// The same read, always asked of Mist itself.
    public MistGet fresh() {
        return new MistGet(operation, path, site, query, Duration.ZERO);
    }

    /// Path and query as they go over the wire.
    String pathAndQuery() {
        return query.isEmpty()
                ? path
                : path + "?"
                        + query.entrySet().stream()
                                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
