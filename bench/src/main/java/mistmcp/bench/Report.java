package mistmcp.bench;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// The report in Markdown.
final class Report {
    private final Overhead.Outcome outcome;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Report(Overhead.Outcome outcome) {
        this.outcome = outcome;
        this.results = outcome.results();
    }

    String markdown() {
        head();
        goals();
        stages();
        warmUps();
        for (var size : Size.values()) {
            cells(size);
        }
        shipped();
        audit();
        how();
        return text.toString();
    }

    private void head() {
        line("# What the gateway costs");
        line("");
        line("Made by `./mist bench overhead`" + (outcome.plan().whole() ? "" : " --short") + " on "
                + DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(outcome.began()) + ", in "
                + outcome.took().toSeconds() + " s, on " + Runtime.getRuntime().availableProcessors()
                + " shared cores with Java " + Runtime.version().feature()
                + "; load average at the start, after the load, at the end: "
                + outcome.loads().stream()
                        .map(load -> load.map(value -> number(value, 2)).orElse("unknown"))
                        .collect(Collectors.joining(", "))
                + ". The load generator, the upstream and what is measured share these cores. " + results.calls()
                + " answers were checked, " + results.wrongText() + ".");
        line("");
        line("![The CPU of a small call, and calls a second](report.svg)");
        line("");
    }

    private void goals() {
        var gateway = outcome.targets().getLast();
        var direct = outcome.targets().getFirst();
        var relay = outcome.targets().get(1);
        line("## The goals");
        line("");
        row("figure", "goal", "measured");
        row("---", "---", "---");
        goal(
                "gateway CPU of a small call, all on, 8 callers",
                "at most 200 us",
                results.median(Size.SMALL, 8, gateway, Load.Sample::cpuMicrosPerCall),
                0,
                " us");
        goal(
                "added p50 of a small call, 1 caller",
                "at most 0.5 ms",
                results.median(Size.SMALL, 1, gateway, direct, (ours, other) -> ours.p50Ms() - other.p50Ms()),
                3,
                " ms");
        goal(
                "share of direct throughput, small, 8 callers, at an upstream that does nothing",
                "at least 50 %",
                results.median(Size.SMALL, 8, gateway, direct, Report::share),
                0,
                " %");
        goal(
                "share of direct throughput, `list_sites`, 8 callers, at our own mist-ro",
                "at least 50 %",
                results.median(Size.SMALL, Shipped.CALLERS, Shipped.THROUGH, Shipped.DIRECT, Report::share),
                0,
                " %");
        goal(
                "rate of 1 MB results against the pass-through's, 8 callers",
                "at least 80 %",
                results.median(Size.LARGE, 8, gateway, relay, Report::share),
                0,
                " %");
        goal("durable audit records a second, 64 callers", "at least 20,000", audit(AuditLoad.Rate::perSecond), 0, "");
        goal("p99 of a durable audit record, 64 callers", "at most 15 ms", audit(AuditLoad.Rate::p99Ms), 1, " ms");
        goal(
                "the five processes, idle, resident together",
                "under 600 MiB",
                OptionalDouble.of((double) outcome.shipped().idle()),
                0,
                " MiB");
        line("");
        line("The share of direct throughput is bound to the upstream: on two cores the gateway can take as much CPU as"
                + " the upstream and the load generator together, no more. The upstream of the first of the two rows does"
                + " next to nothing ("
                + cell(results.median(Size.SMALL, 8, direct, Load.Sample::cpuMicrosPerCall), 0)
                + " us a small call, the generator "
                + cell(results.median(Size.SMALL, 8, direct, Load.Sample::ownMicrosPerCall), 0)
                + " us), which makes it the hardest case. That of the second is the read server that the product ships, with"
                + " the simulated Mist behind it, called with the same assertion as the gateway's.");
        line("");
    }

    private void stages() {
        line("## What each stage adds");
        line("");
        line("Small results; medians over the rounds of the difference to the stage before, in the same round.");
        line("");
        var head = new ArrayList<>(List.of("stage"));
        var rule = new ArrayList<>(List.of("---"));
        for (int callers : outcome.plan().callers()) {
            head.add("p50 ms, " + callers);
            head.add("CPU us, " + callers);
            rule.addAll(List.of("---:", "---:"));
        }
        row(head);
        row(rule);
        for (int i = 1; i < outcome.targets().size(); i++) {
            var stage = outcome.targets().get(i);
            var before = outcome.targets().get(i - 1);
            boolean first = i == 1;
            var cells = new ArrayList<>(List.of(stage));
            for (int callers : outcome.plan().callers()) {
                cells.add(signed(
                        results.median(
                                Size.SMALL, callers, stage, before, (ours, other) -> ours.p50Ms() - other.p50Ms()),
                        3));
                // The upstream's own CPU is none of the pass-through's.
                cells.add(signed(
                        first
                                ? results.median(Size.SMALL, callers, stage, Load.Sample::cpuMicrosPerCall)
                                : results.median(
                                        Size.SMALL,
                                        callers,
                                        stage,
                                        before,
                                        (ours, other) -> ours.cpuMicrosPerCall() - other.cpuMicrosPerCall()),
                        0));
            }
            row(cells);
        }
        line("");
        line(
                "`pass-through` is our wire on both sides and nothing between. `+ JWT` checks a bearer token, 64 of them in"
                        + " rotation. `+ policy and scope` finds the tool, decides, holds the named site against the caller's"
                        + " and signs the service assertion. `gateway, all on` is the shipped process: all of that, arguments"
                        + " held against their schema, two audit records a call, the first durable before the answer leaves,"
                        + " limits, metrics and receipts.");
        line("");
    }

    private void warmUps() {
        line("## Warming up");
        line("");
        line("Small calls by 8 callers, in windows, until the CPU of a call is within 5 % of the window before twice in"
                + " a row, or the time is over. A virtual machine compiles while it is under load, in the same process:"
                + " the first window shows what that costs.");
        line("");
        row("target", "s", "stood still", "CPU us, first window", "CPU us, last window");
        row("---", "---:", "---", "---:", "---:");
        outcome.warmUp().forEach(this::warmUp);
        outcome.shipped().warmUp().forEach(this::warmUp);
        line("");
    }

    private void warmUp(String target, WarmUp.Seen seen) {
        row(
                target,
                number(seen.took().toMillis() / 1e3, 0),
                seen.still() ? "yes" : "no",
                cell(seen.first(), 0),
                cell(seen.last(), 0));
    }

    private void cells(Size size) {
        line("## " + capital(size.label()) + " results");
        line("");
        var columns = List.<Column>of(
                new Column("calls/s", Load.Sample::perSecond, 0),
                new Column("p50 ms", Load.Sample::p50Ms, 2),
                new Column("p99 ms", Load.Sample::p99Ms, 1),
                new Column("CPU us", Load.Sample::cpuMicrosPerCall, 0));
        var head = new ArrayList<>(List.of("target"));
        var rule = new ArrayList<>(List.of("---"));
        for (int callers : outcome.plan().callers()) {
            columns.forEach(column -> {
                head.add(column.name() + ", " + callers);
                rule.add("---:");
            });
        }
        row(head);
        row(rule);
        for (var target : all()) {
            var cells = new ArrayList<>(List.of(target));
            for (int callers : outcome.plan().callers()) {
                for (var column : columns) {
                    cells.add(cell(results.median(size, callers, target, column.figure()), column.digits()));
                }
            }
            row(cells);
        }
        line("");
    }

    private record Column(String name, ToDoubleFunction<Load.Sample> figure, int digits) {}

    private List<String> all() {
        var all = new ArrayList<>(outcome.targets());
        all.addAll(outcome.peers());
        return all;
    }

    private void shipped() {
        var seen = outcome.shipped();
        line("## The product as shipped");
        line("");
        line("`./mist up` with mist-ro and the simulated Mist; `list_sites` by " + Shipped.CALLERS
                + " callers, through the gateway and at mist-ro itself, in turn.");
        line("");
        row("way", "calls/s", "p50 ms", "p99 ms", "CPU us of the process called");
        row("---", "---:", "---:", "---:", "---:");
        way(Shipped.THROUGH);
        way(Shipped.DIRECT);
        line("");
        row("resident MiB", "idle", "after the load");
        row("---", "---:", "---:");
        seen.idleMiB()
                .forEach((name, mib) -> row(
                        name, Long.toString(mib), Long.toString(seen.afterMiB().getOrDefault(name, 0L))));
        row("together", Long.toString(seen.idle()), Long.toString(seen.after()));
        line("");
        line("The processes of the measurements above, in the same way: "
                + outcome.memory().entrySet().stream()
                        .map(entry -> entry.getKey() + " "
                                + entry.getValue().stream()
                                        .map(mib -> Long.toString(mib))
                                        .collect(Collectors.joining(" then ")))
                        .collect(Collectors.joining(", "))
                + ".");
        line("");
    }

    private void way(String name) {
        row(
                name,
                cell(results.median(Size.SMALL, Shipped.CALLERS, name, Load.Sample::perSecond), 0),
                cell(results.median(Size.SMALL, Shipped.CALLERS, name, Load.Sample::p50Ms), 2),
                cell(results.median(Size.SMALL, Shipped.CALLERS, name, Load.Sample::p99Ms), 1),
                cell(results.median(Size.SMALL, Shipped.CALLERS, name, Load.Sample::cpuMicrosPerCall), 0));
    }

    private void audit() {
        line("## The audit log alone");
        line("");
        line("Records as the gate writes them, built, redacted and encoded, each waited for until it is durable.");
        line("");
        row("callers", "records/s", "p50 ms", "p99 ms");
        row("---:", "---:", "---:", "---:");
        outcome.audit()
                .forEach(rate -> row(
                        Integer.toString(rate.callers()),
                        number(rate.perSecond(), 0),
                        number(rate.p50Ms(), 2),
                        number(rate.p99Ms(), 1)));
        line("");
    }

    private void how() {
        line("## How it is made");
        line("");
        line("Closed loop: each caller sends its next call when it has the answer to the last, with arguments that no"
                + " other call has, over one kept-alive connection. Every answer is compared with what was asked for:"
                + " id, number and the whole text. A round runs every target for "
                + outcome.plan().run().toMillis() + " ms, in an order that rotates; there are "
                + outcome.plan().rounds().getOrDefault(Size.SMALL, 1) + " rounds for small results and "
                + outcome.plan().rounds().getOrDefault(Size.LARGE, 1)
                + " for the others, and the tables hold medians. CPU is that of the target's own process, from `/proc`."
                + " Each target is warmed up first, with small calls as the table says and then in short with the larger"
                + " ones. Callers speak 2025-11-25, as most clients do; the gateway and its stages found out that the"
                + " upstream speaks 2026-07-28.");
        line("");
        line(outcome.absent()
                .map(why -> "Peers from npm did not take part: " + why + ".")
                .orElse("The peers are pinned in `bench/peers`; they check no token, decide nothing and record nothing."
                        + " `mcp-proxy` knows stdio servers only, so its upstream is the same code over stdio, and its"
                        + " CPU leaves out that of the child. Their rates compare with `pass-through`."));
        line("");
        line("On a machine that does nothing else: `./mist bench overhead`, which writes this file and its picture.");
    }

    private void goal(String figure, String goal, OptionalDouble value, int digits, String unit) {
        row(figure, goal, value.isPresent() ? number(value.getAsDouble(), digits) + unit : "not measured");
    }

    private OptionalDouble audit(ToDoubleFunction<AuditLoad.Rate> figure) {
        return outcome.audit().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(figure.applyAsDouble(outcome.audit().getLast()));
    }

    private static double share(Load.Sample ours, Load.Sample other) {
        return other.perSecond() == 0 ? 0 : 100 * ours.perSecond() / other.perSecond();
    }

    private static String cell(OptionalDouble value, int digits) {
        return value.isPresent() ? number(value.getAsDouble(), digits) : "-";
    }

    private static String signed(OptionalDouble value, int digits) {
        return value.isPresent() ? (value.getAsDouble() < 0 ? "" : "+") + number(value.getAsDouble(), digits) : "-";
    }

    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static String capital(String label) {
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    private void row(String... cells) {
        row(List.of(cells));
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
