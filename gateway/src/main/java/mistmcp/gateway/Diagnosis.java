package mistmcp.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import mistmcp.gateway.auth.AuthSettings;
import mistmcp.gateway.auth.DoctorFinding;
import mistmcp.gateway.auth.ProviderCheck;
import mistmcp.gateway.auth.ProviderKeys;
import mistmcp.gateway.auth.TokenExplanation;
import mistmcp.gateway.policy.InvalidPolicy;
import mistmcp.gateway.policy.KnownItems;
import mistmcp.gateway.policy.Policy;
import mistmcp.http.HttpClient;
import mistmcp.json.JsonObject;
import mistmcp.settings.Env;

/// What `mist doctor` asks the gateway's own code about, in a process that serves nothing and ends: the
/// launcher has neither the token library nor the policy. Each answer is one line of JSON on standard
/// output.
final class Diagnosis {
    private static final int LONGEST_INPUT = 64 << 10;

    private Diagnosis() {}

    /// Settings and policy; nothing is called.
    static void settings() {
        var env = Env.ofProcess();
        var settings = GatewaySettings.read(env);
        var faults = new ArrayList<>(env.faults());
        var answer = JsonObject.EMPTY;
        try {
            var policy = Policy.read(Files.readAllBytes(settings.policyPath()), KnownItems.UNHEARD);
            answer = answer.with("policy", policy.hash()).with("warnings", policy.warnings());
        } catch (IOException unreadable) {
            faults.add("the policy file `" + settings.policyPath() + "` cannot be read");
        } catch (InvalidPolicy invalid) {
            invalid.faults().forEach(fault -> faults.add("policy: " + fault));
        }
        System.out.println(answer.with("faults", faults));
    }

    /// The company's provider, over the network.
    static void provider() throws InterruptedException {
        var settings = checked();
        try (var client = client(settings)) {
            answer(
                    settings.auth() instanceof AuthSettings.Oidc oidc
                            ? ProviderCheck.of(oidc, base(oidc), client, InstantSource.system())
                            : List.of());
        }
    }

    /// A token on standard input. It is read, explained and forgotten.
    static void token() throws IOException, InterruptedException {
        var settings = checked();
        var token = new String(System.in.readNBytes(LONGEST_INPUT), StandardCharsets.UTF_8);
        try (var client = client(settings)) {
            var keys = ProviderKeys.now(settings.auth(), client);
            answer(TokenExplanation.of(settings.auth(), keys, token, Instant.now()));
        }
    }

    private static GatewaySettings checked() {
        var env = Env.ofProcess();
        var settings = GatewaySettings.read(env);
        env.check();
        return settings;
    }

    private static HttpClient client(GatewaySettings settings) {
        return new HttpClient(Duration.ofSeconds(3), 4, settings.egress());
    }

    /// How the gateway is reached: the last of the accepted audiences is that with `/mcp` behind it.
    private static String base(AuthSettings.Oidc oidc) {
        return oidc.tokens().audiences().getLast().replaceAll("/mcp$", "");
    }

    private static void answer(List<DoctorFinding> findings) {
        System.out.println(JsonObject.of(
                "findings", findings.stream().map(DoctorFinding::json).toList()));
    }
}
