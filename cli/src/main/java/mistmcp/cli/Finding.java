package mistmcp.cli;

/// One check of `mist doctor` and what came of it.
///
/// @param check what was looked at
/// @param state how it is
/// @param told  what was seen
/// @param fix   what to do about it; empty when there is nothing to do
record Finding(String check, State state, String told, String fix) {
    /// How a check came out.
    enum State {
        OK("ok  "),
        WARN("WARN"),
        FAIL("FAIL");

        private final String label;

        State(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    static Finding ok(String check, String told) {
        return new Finding(check, State.OK, told, "");
    }

    static Finding warn(String check, String told, String fix) {
        return new Finding(check, State.WARN, told, fix);
    }

    static Finding fail(String check, String told, String fix) {
        return new Finding(check, State.FAIL, told, fix);
    }
}
