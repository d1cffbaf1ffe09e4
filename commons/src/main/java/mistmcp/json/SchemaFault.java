package mistmcp.json;

/// One thing that is wrong with a value, by its JSON Schema.
///
/// @param kind    what kind of fault
/// @param place   where, as a JSON Pointer; empty for the value itself
/// @param name    the member that is missing or unknown; else empty
/// @param message what is wrong, without the value, one line for people
public record SchemaFault(Kind kind, String place, String name, String message) {
    /// The kinds of fault.
    public enum Kind {
        /// A member that must be there is not.
        MISSING,
        /// A member is there that the schema does not know.
        UNKNOWN,
        /// A value is of another type.
        TYPE,
        /// Anything else: a length, a pattern, a choice.
        OTHER
    }

    /// One line with the place.
    public String line() {
        return place.isEmpty() ? message : place + ": " + message;
    }
}
