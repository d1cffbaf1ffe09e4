package mistmcp.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.settings.Secret;

/// Asks the gateway's own code, in a process that starts nothing and ends: it alone knows policy and
/// tokens. Nothing is asked over HTTP, so that no running gateway has to answer such questions for anybody.
///
/// @param home     the folder of the installation
/// @param settings whose part for the gateway the process gets
record GatewayDiagnosis(Path home, Settings settings) {
    private static final long PATIENCE_SECONDS = 60;

    /// Its look at settings and policy.
    List<Finding> settingsAndPolicy() throws IOException, InterruptedException {
        var asked = ask("check", Optional.empty());
        if (asked.isEmpty()) {
            return List.of(notWell("gateway settings"));
        }
        var answer = asked.get();
        var findings = new ArrayList<Finding>();
        answer.array("faults")
                .orElse(JsonArray.EMPTY)
                .strings()
                .forEach(fault -> findings.add(
                        Finding.fail("gateway settings", fault, "correct it; docs/settings.md says what is expected")));
        answer.array("warnings")
                .orElse(JsonArray.EMPTY)
                .strings()
                .forEach(warning -> findings.add(Finding.warn("policy", warning, "look at the policy file")));
        answer.string("policy").ifPresent(hash -> findings.add(Finding.ok("policy", "can be used, " + hash)));
        return findings;
    }

    /// Its look at the company's provider.
    List<Finding> provider() throws IOException, InterruptedException {
        return findings("provider", ask("provider", Optional.empty()));
    }

    /// Its explanation of a token, which goes through a pipe and nowhere else.
    List<Finding> token(Secret token) throws IOException, InterruptedException {
        return findings("token", ask("explain", Optional.of(token)));
    }

    private static List<Finding> findings(String check, Optional<JsonObject> answer) {
        return answer.flatMap(some -> some.array("findings"))
                .map(array ->
                        array.objects().stream().map(GatewayDiagnosis::finding).toList())
                .orElseGet(() -> List.of(notWell(check)));
    }

    private static Finding finding(JsonObject json) {
        return new Finding(
                json.string("check").orElse(""),
                Finding.State.valueOf(json.string("state").orElse("FAIL")),
                json.string("told").orElse(""),
                json.string("fix").orElse(""));
    }

    private static Finding notWell(String check) {
        return Finding.fail(
                check, "the look did not end well", "run ./mist doctor: it lists the settings that cannot be used");
    }

    private Optional<JsonObject> ask(String word, Optional<Secret> input) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(Programs.GATEWAY.command(home, word)).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(settings.forGateway());
        var process = builder.start();
        try (var to = process.getOutputStream()) {
            if (input.isPresent()) {
                to.write(input.get().reveal().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // A process that cannot start takes no input; its silence is the answer.
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        var told = process.getInputStream().readAllBytes();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        try {
            return Optional.of(Json.parseObject(told, JsonLimits.TRUSTED));
        } catch (InvalidJson garbled) {
            return Optional.empty();
        }
    }
}
