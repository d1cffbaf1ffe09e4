package mistmcp.json;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The factories of parsers. A factory keeps the names that it has seen, 6,000 of them and each as long as it
/// came, which spares most of the work on the next text with the same names. So there is one for each shape
/// of limits, and it is replaced when it has read so much text that names made up by a stranger could fill
/// the memory. Shapes are constants of the code: they are few. Safe for several threads.
final class ParserFactories {
    /// How much text a factory reads before it is replaced; it keeps about twice that at most.
    static final int BUDGET_BYTES = 2 << 20;

    /// A longer text gets a factory for itself, which costs nothing beside reading it.
    static final int LONG_BYTES = 128 << 10;

    private static final ConcurrentMap<Shape, AtomicReference<Used>> SHARED = new ConcurrentHashMap<>();

    private record Shape(int maxDepth, int maxNumberChars) {}

    private record Used(JsonFactory factory, int left) {}

    private ParserFactories() {}

    /// The factory for one text.
    static JsonFactory of(JsonLimits limits, int length) {
        if (length > LONG_BYTES) {
            return fresh(limits);
        }
        var shape = new Shape(limits.maxDepth(), limits.maxNumberChars());
        return SHARED.computeIfAbsent(shape, _ -> new AtomicReference<>(new Used(fresh(limits), BUDGET_BYTES)))
                .updateAndGet(used -> used.left() >= length
                        ? new Used(used.factory(), used.left() - length)
                        : new Used(fresh(limits), BUDGET_BYTES - length))
                .factory();
    }

    private static JsonFactory fresh(JsonLimits limits) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .maxNumberLength(limits.maxNumberChars())
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(10_000)
                        .maxDocumentLength(-1)
                        .build())
                .build();
    }
}
