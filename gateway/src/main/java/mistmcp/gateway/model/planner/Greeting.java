package mistmcp.gateway.model.planner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import mistmcp.gateway.model.Ask;
import mistmcp.gateway.model.ModelTool;
import mistmcp.json.JsonArray;

/// What a caller is greeted with: who they are here, and the tools that are open to them. Each upstream gets
/// its share of the lines, the gateway itself comes last, and of one upstream those come first that can be
/// asked with the fewest words.
final class Greeting {
    private static final int READS = 20;
    private static final int WRITES = 8;
    private static final String ITSELF = "gateway";

    private final Ask ask;

    Greeting(Ask ask) {
        this.ask = ask;
    }

    String text(String label) {
        var who = ask.who();
        var text = new StringBuilder("Hello ")
                .append(Shown.plain(who.name()))
                .append(". You have the role ")
                .append(who.role())
                .append(
                        who.sites().equals(List.of("*"))
                                ? " for all sites"
                                : " for " + who.sites().size() + (who.sites().size() == 1 ? " site" : " sites"))
                .append(". ")
                .append(label)
                .append("\n\nYou can ask for what these tools do:\n");
        list(tools(tool -> !tool.write()), READS, text);
        var writes = tools(ModelTool::write);
        if (!writes.isEmpty()) {
            text.append("\n\nThese change something. They show a plan first; a person approves it")
                    .append(who.writeEnabled() ? "" : " (applying is switched off now)")
                    .append(":\n");
            list(writes, WRITES, text);
        } else if (ask.tools().stream().anyMatch(ModelTool::write)) {
            text.append("\n\nChanges are not open to you; `/tools` says why.");
        }
        return text.append("\n\n`/help` lists the commands.").toString();
    }

    /// Reads to begin with: they need no argument and give more than a number.
    List<ModelTool> firstSteps(int limit) {
        return tools(tool -> !tool.write()).stream()
                .filter(tool -> !tool.upstream().equals(ITSELF) && needed(tool) == 0 && !is(tool, "count"))
                .limit(limit)
                .toList();
    }

    private static void list(List<ModelTool> tools, int limit, StringBuilder text) {
        var shown = shares(tools, limit);
        tools.stream()
                .filter(shown::contains)
                .forEach(tool -> text.append("\n- ").append(Turn.line(tool)));
        if (shown.size() < tools.size()) {
            text.append("\n- and ").append(tools.size() - shown.size()).append(" more, listed by `/tools`");
        }
    }

    /// The first of each upstream in turn, until there are enough.
    private static List<ModelTool> shares(List<ModelTool> tools, int limit) {
        var waiting = new TreeMap<String, Deque<ModelTool>>();
        tools.forEach(tool -> waiting.computeIfAbsent(tool.upstream(), _ -> new ArrayDeque<>())
                .add(tool));
        var shown = new ArrayList<ModelTool>();
        while (!waiting.isEmpty() && shown.size() < limit) {
            for (var upstream : List.copyOf(waiting.keySet())) {
                var own = waiting.get(upstream);
                if (own != null && shown.size() < limit) {
                    shown.add(own.remove());
                    if (own.isEmpty()) {
                        waiting.remove(upstream);
                    }
                }
            }
        }
        return shown;
    }

    /// What is open to the caller, in the order it is shown in.
    private List<ModelTool> tools(Predicate<ModelTool> kind) {
        return ask.tools().stream()
                .filter(tool -> tool.denied().isEmpty() && kind.test(tool))
                .sorted(Comparator.comparing((ModelTool tool) -> tool.upstream().equals(ITSELF))
                        .thenComparing(ModelTool::upstream)
                        .thenComparingInt(Greeting::needed)
                        .thenComparing(tool -> !is(tool, "list"))
                        .thenComparing(ModelTool::name))
                .toList();
    }

    private static int needed(ModelTool tool) {
        return tool.inputSchema().array("required").orElse(JsonArray.EMPTY).size();
    }

    private static boolean is(ModelTool tool, String word) {
        return List.of(tool.name().split("[_-]")).contains(word);
    }
}
