package mistmcp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// The picture of the report: two columns of bars for small calls by 8 callers.
final class Chart {
    private static final int BAR = 26;
    private static final int PANEL = 460;
    private static final int LABELS = 210;
    private static final double GOAL_US = 200;

    private final Overhead.Outcome outcome;
    private final StringBuilder svg = new StringBuilder();

    Chart(Overhead.Outcome outcome) {
        this.outcome = outcome;
    }

    String svg() {
        var names = new ArrayList<>(outcome.targets());
        names.addAll(outcome.peers());
        int height = 70 + names.size() * BAR;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                LABELS + 2 * PANEL, height);
        add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        for (int i = 0; i < names.size(); i++) {
            add(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222222\">%s</text>",
                    LABELS - 8, y(i) + 17, names.get(i));
        }
        panel(names, LABELS, "CPU of the process, us a small call, 8 callers", cpu(names), GOAL_US);
        panel(names, LABELS + PANEL, "small calls a second, 8 callers", rates(names), 0);
        add("</svg>");
        return svg.toString();
    }

    private List<OptionalDouble> cpu(List<String> names) {
        return names.stream()
                .map(name -> outcome.results().median(Size.SMALL, 8, name, Load.Sample::cpuMicrosPerCall))
                .toList();
    }

    private List<OptionalDouble> rates(List<String> names) {
        return names.stream()
                .map(name -> outcome.results().median(Size.SMALL, 8, name, Load.Sample::perSecond))
                .toList();
    }

    private void panel(List<String> names, int left, String title, List<OptionalDouble> values, double goal) {
        double most = Math.max(
                goal,
                values.stream().mapToDouble(value -> value.orElse(0)).max().orElse(1));
        double scale = (PANEL - 90) / Math.max(most, 1e-9);
        add("<text x=\"%d\" y=\"24\" font-weight=\"bold\" fill=\"#222222\">%s</text>", left, title);
        for (int i = 0; i < names.size(); i++) {
            double value = values.get(i).orElse(0);
            var colour = i < outcome.targets().size() ? "#2f6fb0" : "#9a9a9a";
            add(
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                    left, y(i) + 3, value * scale, BAR - 7, colour);
            add(
                    "<text x=\"%.1f\" y=\"%d\" fill=\"#222222\">%s</text>",
                    left + value * scale + 5, y(i) + 17, Report.number(value, 0));
        }
        if (goal > 0) {
            double x = left + goal * scale;
            int bottom = y(names.size());
            add(
                    "<line x1=\"%.1f\" y1=\"36\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b03030\" stroke-dasharray=\"4 3\"/>",
                    x, x, bottom);
            add("<text x=\"%.1f\" y=\"%d\" fill=\"#b03030\">goal for the gateway: 200</text>", x + 4, bottom + 14);
        }
    }

    private static int y(int row) {
        return 38 + row * BAR;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one private method
    private void add(String format, Object... values) {
        svg.append(String.format(java.util.Locale.ROOT, format, values)).append('\n');
    }
}
