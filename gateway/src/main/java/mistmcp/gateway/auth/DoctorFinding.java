package mistmcp.gateway.auth;

import mistmcp.json.JsonObject;

/// One thing that `mist doctor` looked at and what came of it.
///
/// @param check what was looked at
/// @param state how it is
/// @param told  what was seen
/// @param fix   what to do about it; empty when there is nothing to do
public record DoctorFinding(String check, State state, String told, String fix) {
    /// How a check came out.
    public enum State {
        OK,
        WARN,
        FAIL
    }

    static DoctorFinding ok(String check, String told) {
        return new DoctorFinding(check, State.OK, told, "");
    }

    static DoctorFinding warn(String check, String told, String fix) {
        return new DoctorFinding(check, State.WARN, told, fix);
    }

    static DoctorFinding fail(String check, String told, String fix) {
        return new DoctorFinding(check, State.FAIL, told, fix);
    }

    /// The finding as the launcher reads it.
    public JsonObject json() {
        return JsonObject.of("check", check, "state", state.name(), "told", told, "fix", fix);
    }
}
