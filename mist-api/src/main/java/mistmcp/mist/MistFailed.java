package mistmcp.mist;

/// A read that brought nothing, thrown through the steps of one tool call to its edge, where it becomes the
/// call's answer again.
public final class MistFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient MistFault fault;

    /// A failure with its fault.
    public MistFailed(MistFault fault) {
        super(fault.message());
        this.fault = fault;
    }

    /// Why the read brought nothing.
    public MistFault fault() {
        return fault;
    }
}
