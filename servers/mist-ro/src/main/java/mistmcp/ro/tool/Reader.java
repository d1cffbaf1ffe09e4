package mistmcp.ro.tool;

import java.time.Duration;
import mistmcp.json.JsonObject;
import mistmcp.mcp.server.ToolResult;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFailed;
import mistmcp.mist.SiteScope;

/// Runs the body of a read tool: gives it the reads of one call, and turns what goes wrong into the call's
/// answer. Safe for several threads.
public final class Reader {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final MistApi api;
    private final Cursors cursors;

    /// A reader whose cursors are signed with a key.
    public Reader(MistApi api, byte[] cursorKey) {
        this.api = api;
        this.cursors = new Cursors(cursorKey);
    }

    /// The body of a tool.
    @FunctionalInterface
    interface Body {
        ToolResult run(ReadCall call) throws InterruptedException;
    }

    ToolResult run(String tool, SiteScope scope, JsonObject arguments, Body body) throws InterruptedException {
        var reading = api.reading(scope, PATIENCE);
        var call = new ReadCall(tool, arguments, reading, cursors);
        try {
            return body.run(call).withMeta(meta(call));
        } catch (Refusal refusal) {
            return refusal.answer().withMeta(meta(call));
        } catch (MistFailed failed) {
            return ToolResult.failed(failed.fault().code(), failed.fault().message())
                    .withMeta(meta(call));
        }
    }

    private static JsonObject meta(ReadCall call) {
        var reading = call.reading();
        return JsonObject.of(
                "mistmcp/simulated",
                reading.simulated(),
                "mistmcp/mistCalls",
                JsonObject.of("used", reading.calls(), "left", reading.callsLeft()));
    }
}
