package mistmcp.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Loads a target, window after window, until the CPU that a call takes stands still. A compiler that is still at
/// work takes CPU of the same process, so a fixed time would measure the compiler as well.
final class WarmUp {
    private static final double STILL = 0.05;

    private final Load load;
    private final Results results;
    private Duration left;

    /// @param budget how long all targets together may take
    WarmUp(Load load, Results results, Duration budget) {
        this.load = load;
        this.results = results;
        this.left = budget;
    }

    /// How long one target is loaded at most, and in which windows.
    record Limits(Duration window, Duration most) {}

    /// How it went.
    ///
    /// @param took  how long the target was loaded
    /// @param still whether the CPU of a call stood still before the time was over
    /// @param cpu   the CPU of a call in each window, in us
    record Seen(Duration took, boolean still, List<Double> cpu) {
        Seen {
            cpu = List.copyOf(cpu);
        }

        OptionalDouble first() {
            return cpu.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(cpu.getFirst());
        }

        OptionalDouble last() {
            return cpu.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(cpu.getLast());
        }
    }

    /// Loads one target until it stands still, or its time or that of all is over; one window at least.
    Seen run(Target target, Ask ask, int callers, Limits limits) throws IOException, InterruptedException {
        var most = limits.most().compareTo(left) < 0 ? limits.most() : left;
        var cpu = new ArrayList<Double>();
        var took = Duration.ZERO;
        do {
            var sample = load.run(target, ask, callers, limits.window());
            results.count(target.name(), sample);
            cpu.add(sample.cpuMicrosPerCall());
            took = took.plus(sample.took());
        } while (!still(cpu) && took.plus(limits.window()).compareTo(most) <= 0);
        left = left.minus(took);
        return new Seen(took, still(cpu), cpu);
    }

    /// Whether the last two windows are each within 5 % of the one before.
    static boolean still(List<Double> cpu) {
        int last = cpu.size() - 1;
        return last >= 2 && near(cpu.get(last), cpu.get(last - 1)) && near(cpu.get(last - 1), cpu.get(last - 2));
    }

    private static boolean near(double one, double before) {
        return Math.abs(one - before) <= STILL * before;
    }
}
