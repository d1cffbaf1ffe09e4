package mistmcp.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What processes have used. Needs Linux, whose `/proc` it reads.
final class Cpu {
    private Cpu() {}

    /// The user and system time of processes so far; steps of 10 ms.
    static Duration of(List<Long> pids) {
        return pids.stream()
                .map(pid -> ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow(() -> new IllegalStateException("the process " + pid + " has ended")))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// The time of this process.
    static Duration own() {
        return of(List.of(ProcessHandle.current().pid()));
    }

    /// Resident memory in MiB.
    static long residentMiB(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }

    /// The load average of the last minute, if the system tells.
    static Optional<Double> load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? Optional.empty() : Optional.of(load);
    }
}
