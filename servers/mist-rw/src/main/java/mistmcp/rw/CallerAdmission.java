package mistmcp.rw;

import mistmcp.assertion.Assertion;
import mistmcp.http.HttpProblem;
import mistmcp.mcp.McpRequest;
import mistmcp.mcp.server.Admission;
import mistmcp.mist.SiteScope;
import mistmcp.rw.tool.Caller;

/// Judges again what the gateway vouches for: tools only for ReadWrite and only as dry run or commit, a
/// commit only with the hashes of its plan and only once, and everything else as a read.
final class CallerAdmission implements Admission<Caller> {
    private static final String TOOL_CALL = "tools/call";

    private final Admission<Assertion> asserted;
    private final TakenIds commits;

    /// @param asserted checks signature, audience, time, method, target and arguments
    /// @param commits  the commits let in so far
    CallerAdmission(Admission<Assertion> asserted, TakenIds commits) {
        this.asserted = asserted;
        this.commits = commits;
    }

    @Override
    public Caller admit(McpRequest request) {
        var assertion = asserted.admit(request);
        return new Caller(assertion.principal(), SiteScope.of(assertion.sites()), mode(assertion, request));
    }

    @Override
    public String key() {
        return asserted.key();
    }

    private Caller.Mode mode(Assertion assertion, McpRequest request) {
        boolean tool = request.method().equals(TOOL_CALL);
        return switch (assertion.mode()) {
            case "read" -> {
                if (tool) {
                    throw forbidden("a tool of this server runs as `dry_run` or `commit`");
                }
                yield new Caller.Mode.Read();
            }
            case "dry_run" -> {
                checkTool(assertion, tool);
                if (assertion.commit().isPresent()) {
                    throw forbidden("a dry run carries no plan");
                }
                yield new Caller.Mode.DryRun();
            }
            case "commit" -> {
                checkTool(assertion, tool);
                var plan = assertion.commit().orElseThrow(() -> forbidden("a commit carries its plan"));
                if (!commits.take(assertion.id(), assertion.expiresAt())) {
                    throw new HttpProblem(403, "assertion_used", "this assertion was used before");
                }
                yield new Caller.Mode.Commit(plan.planId(), plan.changeDigest(), plan.beforeHash());
            }
            default -> throw forbidden("the mode is unknown");
        };
    }

    private static void checkTool(Assertion assertion, boolean tool) {
        if (!tool) {
            throw forbidden("only tools run as `dry_run` or `commit`");
        }
        if (!assertion.role().equals("ReadWrite")) {
            throw new HttpProblem(403, "forbidden_role", "this server's tools are for the role ReadWrite");
        }
    }

    private static HttpProblem forbidden(String detail) {
        return new HttpProblem(403, "forbidden_mode", detail);
    }
}
