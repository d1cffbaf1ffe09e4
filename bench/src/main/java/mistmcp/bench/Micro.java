package mistmcp.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `./mist bench micro`: the parts of a call alone, by JMH.
final class Micro {
    private Micro() {}

    /// Runs the benchmarks whose names hold the pattern given; all of them when there is none.
    static void run(String[] patterns) throws RunnerException {
        var options = new OptionsBuilder().shouldFailOnError(true);
        if (patterns.length == 0) {
            options.include("mistmcp\\.bench\\..*");
        }
        for (var pattern : patterns) {
            options.include(pattern);
        }
        var _ = new Runner(options.build()).run();
    }
}
