package mistmcp.rw.tool;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import mistmcp.mcp.server.Tool;
import mistmcp.mist.MistApi;
import mistmcp.rw.mist.MistWriter;

/// The write tools of this server.
public final class WriteTools {
    private WriteTools() {}

    /// All of them, each guarded, taking turns when they commit.
    ///
    /// @param log where the changes sent are kept
    public static List<Tool<Caller>> of(MistApi api, MistWriter writer, ChangeLog log) {
        var turn = new ReentrantLock(true);
        return Stream.of(
                        new SetSwitchPort(api),
                        new CreateSite(api),
                        MarkAlarms.acknowledging(api),
                        MarkAlarms.takingBack(api))
                .<Tool<Caller>>map(tool -> new GuardedTool(tool, api, writer, turn, log))
                .toList();
    }
}
