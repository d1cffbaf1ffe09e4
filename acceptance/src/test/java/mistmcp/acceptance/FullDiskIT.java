package mistmcp.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import mistmcp.json.JsonObject;
import org.junit.jupiter.api.Test;

/// The disk below the audit log of the running product fills up: changes are refused first, then reads,
/// nothing is sent, and all goes on without a restart when there is room again.
final class FullDiskIT {
    private static final int DISK_MIB = 400;
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void refusesChangesThenReadsAndGoesOnWhenThereIsRoom() throws IOException, InterruptedException {
        var folder = RunningStack.installation();
        var audit = Files.createDirectories(RunningStack.data(folder).resolve("audit"));
        if (!mounted(audit)) {
            assertThat(System.getenv("CI")).as("in CI nothing is left out").isNull();
            System.out.println("not tried: a small disk can be mounted by root only");
            RunningStack.delete(folder);
            return;
        }
        var stack = RunningStack.start(folder, RunningStack.freePort(), Map.of());
        try {
            tryIt(stack, audit);
        } finally {
            run("umount", "-l", audit.toString());
            stack.close();
        }
    }

    private static void tryIt(RunningStack stack, Path audit) throws IOException {
        var bearer = stack.mint("petra", "ReadWrite");
        var petra = Browser.signedIn(stack, "petra", "ReadWrite");
        var plan = stack.planPort(bearer, "lyo-sw-01", "ge-0/0/5", "iot");
        var at = "/plans/" + plan.string("id").orElseThrow();
        petra.post(
                at + "/approve", JsonObject.of("phrase", plan.string("phrase").orElseThrow()));
        var before = stack.writesSent();

        // Below 256 MiB nothing is opened that writes; below 64 MiB nothing at all.
        var filler = fill(audit, free(audit) - (128L << 20));
        // The gateway looks at the disk each second, so the commit is tried once a harmless preview has been refused.
        await().atMost(SOON)
                .until(() ->
                        code(stack.call(bearer, "set_switch_port", change())).equals("audit_full"));
        assertThat(petra.post(at + "/commit", JsonObject.EMPTY).code()).isEqualTo("audit_full");
        assertThat(code(stack.call(bearer, "list_sites", JsonObject.EMPTY))).isEmpty();
        assertThat(stack.writesSent()).isEqualTo(before);

        var more = fill(audit.resolve("more"), free(audit) - (32L << 20));
        await().atMost(SOON)
                .until(() ->
                        code(stack.call(bearer, "list_sites", JsonObject.EMPTY)).equals("audit_full"));
        assertThat(stack.send("GET", "/readyz", Map.of(), java.util.Optional.empty())
                        .status())
                .isEqualTo(503);
        assertThat(stack.writesSent()).isEqualTo(before);

        Files.delete(filler);
        Files.delete(more);
        await().atMost(SOON)
                .until(() ->
                        code(stack.call(bearer, "list_sites", JsonObject.EMPTY)).isEmpty());
        var applied = petra.post(at + "/commit", JsonObject.EMPTY);
        assertThat(applied.body().string("state")).as(applied.text()).contains("verified");
        assertThat(stack.writesSent()).hasSize(before.size() + 1);
    }

    private static JsonObject change() {
        return JsonObject.of("device", "lyo-sw-01", "port", "ge-0/0/6", "usage", "iot");
    }

    private static String code(RawHttp.Reply reply) {
        return reply.body()
                .object("result")
                .filter(result -> result.bool("isError").orElse(false))
                .flatMap(result -> result.object("structuredContent"))
                .flatMap(told -> told.string("code"))
                .orElse("");
    }

    private static long free(Path audit) throws IOException {
        return Files.getFileStore(audit).getUsableSpace();
    }

    private static Path fill(Path below, long bytes) throws IOException {
        var file = Files.isDirectory(below) ? below.resolve("filler") : below;
        try (var out = Files.newOutputStream(file)) {
            var chunk = new byte[1 << 20];
            for (long written = 0; written < bytes; written += chunk.length) {
                out.write(chunk);
            }
        }
        return file;
    }

    private static boolean mounted(Path at) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m,mode=0700", "tmpfs", at.toString()) == 0;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
