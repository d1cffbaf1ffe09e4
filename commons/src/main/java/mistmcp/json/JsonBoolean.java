package mistmcp.json;

/// A JSON `true` or `false`.
public enum JsonBoolean implements JsonValue {
    TRUE,
    FALSE;

    /// The JSON value of a Java boolean.
    public static JsonBoolean of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /// The Java boolean of this value.
    public boolean value() {
        return this == TRUE;
    }

    @Override
    public String toString() {
        return value() ? "true" : "false";
    }
}
