package mistmcp.json;

/// A JSON string, unescaped.
public record JsonString(String value) implements JsonValue {
    @Override
    public String toString() {
        return Json.text(this);
    }
}
