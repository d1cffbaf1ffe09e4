package mistmcp.json;

/// One JSON value as an immutable tree. Numbers keep the text they were written with, so nothing is rounded
/// on the way through. Safe to share between threads.
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {}
