package mistmcp.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;
import org.awaitility.Awaitility;

/// A running product whose policy file a test replaces while it runs.
///
/// @param stack what runs
/// @param file  its policy file
record OwnPolicy(RunningStack stack, Path file) {
    private static final Duration SOON = Duration.ofSeconds(30);

    /// The one that the tests of this virtual machine share; it ends with it.
    static OwnPolicy shared() {
        return Shared.OWN;
    }

    private static final class Shared {
        static final OwnPolicy OWN = start();

        static {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(OWN.stack()::close));
        }
    }

    private static OwnPolicy start() {
        var folder = RunningStack.installation();
        var file = folder.resolve("policy.json");
        replace(file, Json.bytes(of("page")));
        return new OwnPolicy(
                RunningStack.start(folder, RunningStack.freePort(), Map.of("POLICY_PATH", file.toString())), file);
    }

    /// All of our own tools for their roles, with a level.
    ///
    /// @param others what both roles may use besides, as the policy names it
    static JsonObject of(String level, String... others) {
        var reads = new ArrayList<>(List.of("mist-ro/*"));
        reads.addAll(List.of(others));
        var all = new ArrayList<>(reads);
        all.add("mist-rw/*");
        return JsonObject.of(
                "version",
                1,
                "roles",
                JsonObject.of(
                        "ReadOnly", JsonObject.of("allow", JsonArray.ofAll(reads), "deny", JsonArray.EMPTY),
                        "ReadWrite", JsonObject.of("allow", JsonArray.ofAll(all), "deny", JsonArray.EMPTY)),
                "confirm",
                level,
                "grants",
                JsonObject.EMPTY);
    }

    /// Puts another policy in force, and waits until it is.
    void put(JsonObject policy) {
        var bytes = Json.bytes(policy);
        replace(bytes);
        await(told -> told.string("hash").equals(java.util.Optional.of(Sha256.of(bytes)))
                && told.array("faults").orElseThrow().isEmpty());
    }

    /// Replaces the file by another that is whole at once.
    void replace(byte[] bytes) {
        replace(file, bytes);
    }

    /// Waits until the gateway says something of its policy.
    void await(java.util.function.Predicate<JsonObject> holds) {
        var bearer = stack.mint("petra", "ReadOnly");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> holds.test(stack.get(bearer, "/policy").body()));
    }

    private static void replace(Path file, byte[] bytes) {
        try {
            var beside = file.resolveSibling("policy.new");
            Files.write(beside, bytes);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
