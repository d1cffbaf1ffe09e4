package mistmcp.mcp;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonSchema;
import mistmcp.json.JsonValue;
import mistmcp.json.SchemaFault;

/// Holds the arguments of a call against the input schema of its tool. Safe for several threads.
public final class ArgumentCheck {
    /// A list of a tool's arguments that is longer than this is no help.
    private static final int MOST_NAMES = 40;

    private final JsonSchema schema;
    private final List<String> known;

    /// A check by an input schema.
    ///
    /// @throws IllegalArgumentException when it is no usable schema
    public ArgumentCheck(JsonObject inputSchema) {
        this.schema = JsonSchema.compile(inputSchema);
        this.known = List.copyOf(
                inputSchema.object("properties").orElse(JsonObject.EMPTY).names());
    }

    /// Why arguments are refused.
    ///
    /// @param code    of the first kind of fault that there is, in the order of `Code`
    /// @param message all faults, one line
    /// @param faults  `{code, at, message}` each
    public record Refused(Code code, String message, JsonArray faults) {
        /// The refusal as a tool's structured content.
        public JsonObject toJson() {
            return JsonObject.of("code", code.text(), "message", message, "faults", faults);
        }
    }

    /// The codes, in the order in which they name a refusal with several faults.
    public enum Code {
        /// An argument that must be given is not.
        MISSING("argument_missing"),
        /// An argument that the tool does not have.
        UNKNOWN("argument_unknown"),
        /// An argument of another type.
        TYPE("argument_type"),
        /// A value that the schema does not allow.
        OTHER("invalid_arguments");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        /// The stable code.
        public String text() {
            return text;
        }

        private static Code of(SchemaFault.Kind kind) {
            return switch (kind) {
                case MISSING -> MISSING;
                case UNKNOWN -> UNKNOWN;
                case TYPE -> TYPE;
                case OTHER -> OTHER;
            };
        }
    }

    /// Why these arguments are refused; empty when they are not.
    public Optional<Refused> refuse(JsonValue arguments) {
        var faults = schema.check(arguments);
        if (faults.isEmpty() && arguments instanceof JsonObject) {
            return Optional.empty();
        }
        if (faults.isEmpty()) {
            return Optional.of(new Refused(Code.TYPE, "the arguments must be an object", JsonArray.EMPTY));
        }
        var code = faults.stream()
                .map(fault -> Code.of(fault.kind()))
                .sorted()
                .findFirst()
                .orElse(Code.OTHER);
        var lines = faults.stream().map(SchemaFault::line).distinct().collect(Collectors.joining("; "));
        boolean unknown = faults.stream()
                .anyMatch(fault -> fault.kind() == SchemaFault.Kind.UNKNOWN
                        && fault.place().isEmpty());
        return Optional.of(new Refused(code, unknown ? lines + ". " + names() : lines, list(faults)));
    }

    private String names() {
        return known.isEmpty()
                ? "The tool takes no arguments"
                : known.stream()
                        .limit(MOST_NAMES)
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", ", "The tool takes ", ""));
    }

    private static JsonArray list(List<SchemaFault> faults) {
        return JsonArray.ofAll(faults.stream()
                .map(fault -> JsonObject.of(
                        "code", Code.of(fault.kind()).text(),
                        "at", fault.name().isEmpty() ? fault.place() : fault.place() + "/" + fault.name(),
                        "message", fault.message()))
                .toList());
    }
}
