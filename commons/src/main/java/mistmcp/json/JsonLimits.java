package mistmcp.json;

/// How much JSON is read before it is refused.
///
/// @param maxBytes      the whole text, in bytes
/// @param maxDepth      objects and arrays within one another
/// @param maxNumberChars digits, sign, point and exponent of one number
public record JsonLimits(int maxBytes, int maxDepth, int maxNumberChars) {
    /// For what callers send: 1 MiB, 64 deep.
    public static final JsonLimits REQUEST = new JsonLimits(1 << 20, 64, 400);

    /// For what upstreams answer and for our own files: 64 MiB, 128 deep.
    public static final JsonLimits TRUSTED = new JsonLimits(64 << 20, 128, 400);

    /// The same limits with another size.
    public JsonLimits withMaxBytes(int bytes) {
        return new JsonLimits(bytes, maxDepth, maxNumberChars);
    }
}
