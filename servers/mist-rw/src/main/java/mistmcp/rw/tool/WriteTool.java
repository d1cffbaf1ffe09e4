package mistmcp.rw.tool;

import mistmcp.json.JsonObject;
import mistmcp.mcp.ToolDefinition;

/// One tool that changes something. It only plans; [GuardedTool] shows the plan or carries it out.
sealed interface WriteTool permits SetSwitchPort, CreateSite, MarkAlarms {
    /// How the tool is listed.
    ToolDefinition definition();

    /// Reads what is there and works out the change. Sends nothing that writes.
    ///
    /// @throws Declined                when there is no such change
    /// @throws mistmcp.mist.MistFailed when Mist cannot be read
    Change plan(Caller caller, JsonObject arguments) throws InterruptedException;
}
