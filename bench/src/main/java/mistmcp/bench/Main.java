package mistmcp.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.log.Logs;
import mistmcp.settings.Env;

/// The measurements, as `./mist bench` runs them. Exit codes: 0 done, 1 a wrong answer, 2 usage.
public final class Main {
    private static final int WRONG = 1;
    private static final int USAGE = 2;

    private Main() {}

    /// Runs what the first word names.
    public static void main(String[] arguments) throws Exception {
        Logs.toStderr("bench", List.of());
        var words = List.of(arguments);
        var home = Path.of(System.getProperty("mist.home", ".")).toAbsolutePath();
        switch (words.isEmpty() ? "" : words.getFirst()) {
            case "overhead" -> System.exit(overhead(home, words.subList(1, words.size())));
            case "micro" -> Micro.run(Arrays.copyOfRange(arguments, 1, arguments.length));
            case "upstream" -> StageServer.upstream();
            case "stdio-upstream" -> StageServer.stdioUpstream();
            case "stage" ->
                StageServer.stage(
                        StageServer.Stage.valueOf(words.get(1).toUpperCase(Locale.ROOT)), Env.processValues());
            default -> {
                System.err.println("usage: mist bench overhead [--short] | mist bench micro [PATTERN]");
                System.exit(USAGE);
            }
        }
    }

    private static int overhead(Path home, List<String> options) throws Exception {
        boolean brief = options.equals(List.of("--short"));
        if (!brief && !options.isEmpty()) {
            System.err.println("usage: mist bench overhead [--short]");
            return USAGE;
        }
        boolean right = brief
                ? Overhead.main(home, Plan.SHORT, Optional.empty())
                : Overhead.main(home, Plan.NORMAL, Optional.of(home.resolve("bench")));
        return right ? 0 : WRONG;
    }
}
