package mistmcp.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The members of an object while this package puts it together. Whoever makes one hands it over and forgets
/// it, so the object need not copy it.
final class Members<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;

    Members() {}

    Members(Map<String, V> others) {
        super(others);
    }

    /// The map as an object keeps it: unchangeable, and nobody else's.
    static <V> Map<String, V> kept(Map<String, V> given) {
        return Collections.unmodifiableMap(given instanceof Members<V> ours ? ours : new LinkedHashMap<>(given));
    }
}
