package mistmcp.sim;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;
import mistmcp.sim.api.Quirk;

/// How a simulator is started.
///
/// @param port         the loopback port; 0 takes a free one
/// @param seed         empty for the seed inside, `large:N` for that seed with N sites, else the path of a
///                     seed file
/// @param rename       words of the seed and what stands for them: names change, and the ids made of them
/// @param readToken    the token that may only read
/// @param writeToken   the token that may write
/// @param controlToken the token of `/sim/...`; without it these addresses do not exist
/// @param hourlyBudget calls that each token has in an hour
/// @param quirksOff    the quirks that are turned off
/// @param clock        the time that the seed's ages count from, and that everything after is stamped with
public record SimSettings(
        int port,
        String seed,
        Map<String, String> rename,
        Secret readToken,
        Secret writeToken,
        Optional<Secret> controlToken,
        int hourlyBudget,
        Set<Quirk> quirksOff,
        InstantSource clock) {
    /// Copies the collections given.
    public SimSettings {
        rename = Map.copyOf(rename);
        quirksOff = Set.copyOf(quirksOff);
    }

    /// A free port, the seed inside, fresh tokens, every quirk: for tests.
    public static SimSettings fresh() {
        return new SimSettings(
                0, "", Map.of(), token(), token(), Optional.of(token()), 5000, Set.of(), InstantSource.system());
    }

    /// Reads `SIM_PORT`, `SIM_SEED`, `SIM_RENAME` (a JSON object), `SIM_TOKEN_RO`, `SIM_TOKEN_RW`,
    /// `SIM_CONTROL_TOKEN`, `SIM_HOURLY_BUDGET` and `SIM_QUIRKS_OFF` (comma list).
    public static SimSettings read(Env env) {
        return new SimSettings(
                env.integer("SIM_PORT", 0, 0, 65_535),
                env.text("SIM_SEED", ""),
                env.json("SIM_RENAME")
                        .map(names -> names.names().stream()
                                .collect(Collectors.toMap(
                                        name -> name, name -> names.string(name).orElse(name))))
                        .orElse(Map.of()),
                env.secret("SIM_TOKEN_RO").orElseGet(SimSettings::token),
                env.secret("SIM_TOKEN_RW").orElseGet(SimSettings::token),
                env.secret("SIM_CONTROL_TOKEN"),
                env.integer("SIM_HOURLY_BUDGET", 5000, 1, Integer.MAX_VALUE),
                quirks(env),
                InstantSource.system());
    }

    /// The same with quirks turned off.
    public SimSettings without(Quirk... quirks) {
        return new SimSettings(
                port, seed, rename, readToken, writeToken, controlToken, hourlyBudget, Set.of(quirks), clock);
    }

    /// The same with another seed.
    public SimSettings withSeed(String other) {
        return new SimSettings(
                port, other, rename, readToken, writeToken, controlToken, hourlyBudget, quirksOff, clock);
    }

    /// The same with words of the seed renamed.
    public SimSettings renamed(Map<String, String> words) {
        return new SimSettings(port, seed, words, readToken, writeToken, controlToken, hourlyBudget, quirksOff, clock);
    }

    /// The same with another budget of calls in an hour.
    public SimSettings withHourlyBudget(int calls) {
        return new SimSettings(port, seed, rename, readToken, writeToken, controlToken, calls, quirksOff, clock);
    }

    /// The same with another clock.
    public SimSettings withClock(InstantSource other) {
        return new SimSettings(port, seed, rename, readToken, writeToken, controlToken, hourlyBudget, quirksOff, other);
    }

    private static Set<Quirk> quirks(Env env) {
        var off = EnumSet.noneOf(Quirk.class);
        for (var name : env.list("SIM_QUIRKS_OFF", "")) {
            try {
                off.add(Quirk.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                env.fault("SIM_QUIRKS_OFF", "expected names of quirks, as docs/simulator.md lists them");
            }
        }
        return off;
    }

    private static Secret token() {
        var bytes = new byte[20];
        new SecureRandom().nextBytes(bytes);
        return new Secret(HexFormat.of().formatHex(bytes));
    }
}
