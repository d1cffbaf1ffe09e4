package mistmcp.gateway.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mistmcp.assertion.Assertion;
import mistmcp.json.RawJson;
import mistmcp.mcp.RequestMeta;

/// One request to an upstream, as the gate has decided it. It has no room for the caller's token.
///
/// @param method    the MCP method
/// @param target    the tool's or prompt's own name, or the URI; empty for lists
/// @param params    the params to send, without `_meta`
/// @param arguments the arguments among them, for the digest of the assertion
/// @param meta      progress token and trace
/// @param principal the key of the principal
/// @param role      its role, as text
/// @param sites     its site ids; `*` alone means all
/// @param mode      `read`, `dry_run` or `commit`
/// @param commit    what a commit is bound to
/// @param deadline  from start to end
public record Sending(
        String method,
        Optional<String> target,
        RawJson params,
        Optional<RawJson> arguments,
        RequestMeta meta,
        String principal,
        String role,
        List<String> sites,
        String mode,
        Optional<Assertion.Commit> commit,
        Duration deadline) {
    /// The principal of what nobody but the gateway asks for.
    public static final String GATEWAY = "system:gateway";

    /// What the gateway asks for itself, as a reader that sees no site.
    static Sending own(String method, Optional<String> target, RawJson params, Duration deadline) {
        return new Sending(
                method,
                target,
                params,
                Optional.empty(),
                RequestMeta.NONE,
                GATEWAY,
                "ReadOnly",
                List.of(),
                "read",
                Optional.empty(),
                deadline);
    }

    /// Copies the list given.
    public Sending {
        sites = List.copyOf(sites);
    }
}
