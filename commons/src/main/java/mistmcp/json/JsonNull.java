package mistmcp.json;

/// The JSON value `null`.
public enum JsonNull implements JsonValue {
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
