package mistmcp.cli;

import java.util.Optional;
import mistmcp.json.JsonObject;

/// Asks the gateway for a one-time sign-in link.
final class SignInLink {
    private SignInLink() {}

    static String fresh(RunningGateway gateway) {
        var answer = gateway.operator("POST", "/auth/dev/link", Optional.of(JsonObject.EMPTY));
        if (!answer.ok()) {
            throw new RunningGateway.Absent(answer.problem());
        }
        return answer.body().string("url").orElseThrow();
    }
}
