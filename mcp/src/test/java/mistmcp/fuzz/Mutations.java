package mistmcp.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Feeds a check with seeds and with what a seeded chance makes of them: always the same inputs, so that a
/// failure comes again.
public final class Mutations {
    private static final List<String> PARTS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0022",
            "\\ud800",
            "null",
            "true",
            "1e400",
            "1.10",
            "-0",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\0",
            "\uFEFF",
            "é",
            "🌐",
            " ",
            "\t",
            "\"id\":1",
            "\"method\":\"x\"",
            "data: ",
            "id:",
            "retry: 1\n",
            ":");

    private final List<byte[]> seeds;
    private final Random random;

    /// Mutations of these seeds.
    public Mutations(List<String> seeds, long seed) {
        this.seeds = seeds.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.random = new Random(seed);
    }

    /// Runs a check on every seed and on so many mutations.
    public void run(int times, Consumer<byte[]> check) {
        seeds.forEach(seed -> run(seed, check));
        for (int i = 0; i < times; i++) {
            run(mutated(), check);
        }
    }

    private static void run(byte[] input, Consumer<byte[]> check) {
        try {
            check.accept(input.clone());
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError(
                    "on " + Arrays.toString(input) + ", which reads `" + new String(input, StandardCharsets.ISO_8859_1)
                            + "`",
                    failed);
        }
    }

    private byte[] mutated() {
        var input = seeds.get(random.nextInt(seeds.size()));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            input = change(input);
        }
        return input;
    }

    private byte[] change(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int length = Math.min(1 + random.nextInt(8), input.length - at);
        return switch (random.nextInt(5)) {
            case 0 -> joined(input, at, at + length, new byte[0]);
            case 1 ->
                joined(input, at, at, PARTS.get(random.nextInt(PARTS.size())).getBytes(StandardCharsets.UTF_8));
            case 2 -> joined(input, at, at + length, new byte[] {(byte) random.nextInt(256)});
            case 3 -> joined(input, at, at, Arrays.copyOfRange(input, at, at + length));
            default -> {
                var other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length + 1);
                yield joined(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private static byte[] joined(byte[] input, int from, int to, byte[] middle) {
        var all = Arrays.copyOf(input, from + middle.length + input.length - to);
        System.arraycopy(middle, 0, all, from, middle.length);
        System.arraycopy(input, to, all, from + middle.length, input.length - to);
        return all;
    }
}
