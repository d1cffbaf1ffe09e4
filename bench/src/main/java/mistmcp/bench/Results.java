package mistmcp.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The samples of all rounds, and their medians.
final class Results {
    private final Map<Key, List<Load.Sample>> samples = new HashMap<>();
    private final Map<String, Long> wrong = new TreeMap<>();
    private long calls;

    /// One cell of the plan, for one target.
    private record Key(Size size, int callers, String target) {}

    void add(Size size, int callers, String target, Load.Sample sample) {
        samples.computeIfAbsent(new Key(size, callers, target), _ -> new ArrayList<>())
                .add(sample);
        count(target, sample);
    }

    /// Counts answers that are no part of a cell.
    void count(String target, Load.Sample sample) {
        calls += sample.calls();
        if (sample.wrong() > 0) {
            wrong.merge(target, sample.wrong(), Long::sum);
        }
    }

    long calls() {
        return calls;
    }

    long wrong() {
        return wrong.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many answers were wrong, and whose.
    String wrongText() {
        return wrong() + " were wrong"
                + (wrong.isEmpty()
                        ? ""
                        : wrong.entrySet().stream()
                                .map(one -> one.getKey() + ": " + one.getValue())
                                .collect(Collectors.joining(", ", " (", ")")));
    }

    /// How many answers of one target were wrong.
    long wrong(String target) {
        return wrong.getOrDefault(target, 0L);
    }

    /// The median of a figure over the rounds.
    OptionalDouble median(Size size, int callers, String target, ToDoubleFunction<Load.Sample> figure) {
        return median(rounds(size, callers, target).stream().mapToDouble(figure).toArray());
    }

    /// The median over the rounds of what one target's figure makes of another's in the same round.
    OptionalDouble median(
            Size size, int callers, String target, String other, ToDoubleBiFunction<Load.Sample, Load.Sample> figure) {
        var ours = rounds(size, callers, target);
        var theirs = rounds(size, callers, other);
        var values = new double[Math.min(ours.size(), theirs.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = figure.applyAsDouble(ours.get(i), theirs.get(i));
        }
        return median(values);
    }

    private List<Load.Sample> rounds(Size size, int callers, String target) {
        return samples.getOrDefault(new Key(size, callers, target), List.of());
    }

    private static OptionalDouble median(double[] values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        var sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int half = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    }
}
