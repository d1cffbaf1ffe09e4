package mistmcp.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `./mist bench overhead`: what each stage of the gateway adds to a call, in rounds in which every target
/// gets its turn, so that what else the machine does hits all of them alike.
final class Overhead {
    private final Path home;
    private final Plan plan;
    private final PrintStream out;
    private final Load load = new Load();
    private final Results results = new Results();

    Overhead(Path home, Plan plan, PrintStream out) {
        this.home = home;
        this.plan = plan;
        this.out = out;
    }

    /// What the report is made of.
    ///
    /// @param targets in their order
    /// @param memory  resident MiB of each target's process: ready, and after all of the load
    /// @param warmUp  how each target was warmed up with small calls
    /// @param absent  why there are no peers; empty when there are
    record Outcome(
            Plan plan,
            Results results,
            List<String> targets,
            List<String> peers,
            Map<String, List<Long>> memory,
            Map<String, WarmUp.Seen> warmUp,
            Optional<String> absent,
            Shipped.Seen shipped,
            List<AuditLoad.Rate> audit,
            Instant began,
            Duration took,
            List<Optional<Double>> loads) {}

    /// Measures everything.
    Outcome run() throws IOException, InterruptedException {
        var began = Instant.now();
        var loads = new ArrayList<Optional<Double>>();
        loads.add(Cpu.load());
        say("starting the upstream, the stages and the gateway");
        try (var rig = Rig.start(home)) {
            var peers = peers(rig);
            try (var owned = peers.running()) {
                var targets = new ArrayList<>(rig.targets());
                targets.addAll(owned.targets());
                var memory = memory(targets);
                var warmUp = new WarmUp(load, results, plan.budget());
                var warmed = warmUp(warmUp, targets, rig.gateway(), owned.targets());
                for (var size : Size.values()) {
                    measure(size, targets);
                }
                memory(targets).forEach((name, mib) -> memory.merge(name, mib, Overhead::joined));
                loads.add(Cpu.load());
                var audit = plan.whole() ? audit(rig.folder()) : List.<AuditLoad.Rate>of();
                say("the product as shipped, on the simulated Mist");
                var shipped = Shipped.run(home, load, warmUp, plan, results);
                loads.add(Cpu.load());
                return new Outcome(
                        plan,
                        results,
                        rig.targets().stream().map(Target::name).toList(),
                        owned.targets().stream().map(Target::name).toList(),
                        memory,
                        warmed,
                        peers.absent(),
                        shipped,
                        audit,
                        began,
                        Duration.between(began, Instant.now()),
                        loads);
            }
        }
    }

    private record Found(Peers running, Optional<String> absent) {}

    private Found peers(Rig rig) throws InterruptedException {
        if (!plan.whole()) {
            return new Found(Peers.none(), Optional.of("the short form leaves them out"));
        }
        say("installing and starting the peers from npm");
        try {
            return new Found(Peers.start(home, rig.direct().uri(), rig.folder()), Optional.empty());
        } catch (Peers.Absent absent) {
            say("no peers: " + absent.getMessage());
            return new Found(Peers.none(), Optional.of(String.valueOf(absent.getMessage())));
        }
    }

    private Map<String, WarmUp.Seen> warmUp(WarmUp warmUp, List<Target> targets, Target gateway, List<Target> ofOthers)
            throws IOException, InterruptedException {
        var seen = new LinkedHashMap<String, WarmUp.Seen>();
        for (var target : targets) {
            say("warming up: " + target.name());
            var ours = target.equals(gateway) ? plan.gateway() : plan.part();
            var limits = ofOthers.contains(target) ? plan.ofOthers() : ours;
            seen.put(target.name(), warmUp.run(target, new Ask.Echo(Size.SMALL), 8, limits));
            for (var size : List.of(Size.MEDIUM, Size.LARGE)) {
                warmUp.run(target, new Ask.Echo(size), 4, plan.larger());
            }
        }
        return seen;
    }

    private void measure(Size size, List<Target> targets) throws IOException, InterruptedException {
        for (int callers : plan.callers()) {
            say(size.label() + " results, " + callers + (callers == 1 ? " caller" : " callers"));
            for (int round = 0; round < plan.rounds().getOrDefault(size, 1); round++) {
                var order = new ArrayList<>(targets);
                Collections.rotate(order, round);
                for (var target : order) {
                    results.add(
                            size, callers, target.name(), load.run(target, new Ask.Echo(size), callers, plan.run()));
                }
            }
        }
    }

    private List<AuditLoad.Rate> audit(Path folder) throws IOException, InterruptedException {
        say("the audit log alone");
        var rates = new ArrayList<AuditLoad.Rate>();
        for (int callers : List.of(1, 8, 64)) {
            rates.add(AuditLoad.run(
                    folder.resolve("audit-" + callers), callers, plan.run().multipliedBy(5)));
        }
        return rates;
    }

    private static Map<String, List<Long>> memory(List<Target> targets) throws IOException {
        var memory = new LinkedHashMap<String, List<Long>>();
        for (var target : targets) {
            memory.put(target.name(), List.of(Cpu.residentMiB(target.pids().getFirst())));
        }
        return memory;
    }

    private static List<Long> joined(List<Long> before, List<Long> after) {
        return List.of(before.getFirst(), after.getFirst());
    }

    private void say(String what) {
        out.println("bench: " + what);
        out.flush();
    }

    /// Measures, writes the report and its picture where they belong, and says how it went.
    ///
    /// @return whether every answer was right
    static boolean main(Path home, Plan plan, Optional<Path> into) throws IOException, InterruptedException {
        var outcome = new Overhead(home, plan, System.out).run();
        var report = new Report(outcome).markdown();
        if (into.isPresent()) {
            Files.createDirectories(into.get());
            Files.writeString(into.get().resolve("report.md"), report);
            Files.writeString(into.get().resolve("report.svg"), new Chart(outcome).svg());
            System.out.println("bench: the report is " + into.get().resolve("report.md"));
        } else {
            System.out.println(report);
        }
        System.out.println("bench: " + outcome.results().calls() + " answers, "
                + outcome.results().wrongText());
        // What proxies of others answer wrongly is told, and no fault of ours.
        long ours = outcome.results().wrong()
                - outcome.peers().stream().mapToLong(outcome.results()::wrong).sum();
        return ours == 0 && outcome.results().calls() > 0;
    }
}
