package mistmcp.gateway.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import mistmcp.gateway.upstream.CatalogTool;
import mistmcp.json.JsonObject;
import mistmcp.mcp.ArgumentCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds arguments against the input schema of their tool, whoever's tool it is, before anything is sent.
/// Safe for several threads.
final class ArgumentChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ArgumentChecks.class);
    private static final int MOST_KEPT = 2_000;

    /// By the digest of the definition; empty for a schema that cannot be used.
    private final Cache<String, Optional<ArgumentCheck>> checks =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();

    /// Why arguments are refused; empty when they fit, or when the tool's schema is not one that can be used:
    /// then the tool's own server is the only judge.
    Optional<ArgumentCheck.Refused> refuse(CatalogTool tool, JsonObject arguments) {
        return checks.get(tool.digest(), _ -> ready(tool)).flatMap(check -> check.refuse(arguments));
    }

    private static Optional<ArgumentCheck> ready(CatalogTool tool) {
        try {
            return Optional.of(new ArgumentCheck(tool.definition().inputSchema()));
        } catch (IllegalArgumentException unusable) {
            LOG.warn("arguments are not checked: no usable schema upstream={} tool={}", tool.upstream(), tool.name());
            return Optional.empty();
        }
    }
}
