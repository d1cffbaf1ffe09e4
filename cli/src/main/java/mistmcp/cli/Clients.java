package mistmcp.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mist clients print`: what to paste into an AI client.
@Command(
        name = "clients",
        description = "Prints what to paste into an AI client so that it uses this gateway.",
        footer = "Example: ./mist clients print claude-code",
        mixinStandardHelpOptions = true)
final class Clients implements Callable<Integer> {
    private static final String HEADER = "Bearer ${MIST_GATEWAY_BEARER}";

    private final Path home;

    @Parameters(index = "0", paramLabel = "print", description = "print")
    private String verb;

    @Parameters(
            index = "1",
            paramLabel = "CLIENT",
            description = "claude-code, claude-desktop, vscode, cursor or codex")
    private String client;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the parameters
    Clients(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() {
        var settings = Settings.read(home);
        var url = settings.url() + "/mcp";
        var out = spec.commandLine().getOut();
        if (!verb.equals("print")) {
            spec.commandLine().getErr().println("mist: expected `clients print CLIENT`");
            return picocli.CommandLine.ExitCode.USAGE;
        }
        switch (client) {
            case "claude-code" ->
                out.println("claude mcp add --transport http --header \"Authorization: Bearer $(./mist token)\" mist "
                        + url);
            case "claude-desktop" -> {
                out.println("In Claude Desktop add a connector with the address " + url + ", where it offers that.");
                out.println("Else put this into claude_desktop_config.json:");
                out.println(Json.pretty(JsonObject.of(
                        "mcpServers",
                        JsonObject.of(
                                "mist",
                                JsonObject.of(
                                        "command", "npx",
                                        "args", JsonArray.of("mcp-remote", url, "--header", "Authorization:" + HEADER),
                                        "env", JsonObject.of("MIST_GATEWAY_BEARER", "the output of ./mist token"))))));
            }
            case "vscode" -> {
                out.println(".vscode/mcp.json:");
                out.println(Json.pretty(JsonObject.of(
                        "inputs",
                                JsonArray.of(JsonObject.of(
                                        "type", "promptString",
                                        "id", "mist-token",
                                        "description", "output of ./mist token",
                                        "password", true)),
                        "servers",
                                JsonObject.of(
                                        "mist",
                                        JsonObject.of(
                                                "type",
                                                "http",
                                                "url",
                                                url,
                                                "headers",
                                                JsonObject.of("Authorization", "Bearer ${input:mist-token}"))))));
            }
            case "cursor" -> {
                out.println("~/.cursor/mcp.json:");
                out.println(Json.pretty(JsonObject.of(
                        "mcpServers",
                        JsonObject.of(
                                "mist",
                                JsonObject.of(
                                        "url",
                                        url,
                                        "headers",
                                        JsonObject.of("Authorization", "Bearer ${env:MIST_GATEWAY_BEARER}"))))));
            }
            case "codex" -> {
                out.println("~/.codex/config.toml:");
                out.println("[mcp_servers.mist]");
                out.println("url = \"" + url + "\"");
                out.println("bearer_token_env_var = \"MIST_GATEWAY_BEARER\"");
            }
            default -> {
                spec.commandLine()
                        .getErr()
                        .println("mist: no such client; expected claude-code, claude-desktop, vscode, cursor or codex");
                return picocli.CommandLine.ExitCode.USAGE;
            }
        }
        return 0;
    }
}
