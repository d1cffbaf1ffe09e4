package mistmcp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mistmcp.http.Egress;
import mistmcp.settings.DotEnv;
import mistmcp.settings.Env;
import mistmcp.settings.InvalidSettings;

/// The settings of this installation: the environment, then `.env`. Only the launcher reads that file; each
/// child gets just the variables that are its own.
///
/// @param values   every setting that is set and not empty
/// @param home     the folder of the installation
record Settings(Map<String, String> values, Path home) {
    private static final Set<String> PREFIXES = Set.of(
            "MIST_",
            "OIDC_",
            "JWT_",
            "JWKS_",
            "DEV_",
            "GATEWAY_",
            "MODEL_",
            "SERVICE_KEY_",
            "TLS_",
            "EXTRA_CA",
            "TRUSTED_PROX");
    /// The way to servers that others run.
    private static final Set<String> EGRESS = Set.of("HTTPS_PROXY", "NO_PROXY", "EXTRA_CA_CERTS");
    private static final Set<String> FILES =
            Set.of("UPSTREAMS_PATH", "DEV_JWKS_PATH", "DEV_PRIVATE_KEY_PATH", "TLS_CERT", "TLS_KEY", "EXTRA_CA_CERTS");
    private static final Set<String> MIST = Set.of("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RO", "MIST_TOKEN_RW");
    private static final Set<String> GATEWAY = Set.of(
            "MODE_AUTH",
            "WRITE_ENABLED",
            "JWT_AUDIENCE",
            "JWT_ISSUER",
            "JWT_ALGORITHMS",
            "DEV_JWKS_PATH",
            "DEV_PRIVATE_KEY_PATH",
            "DEV_MINT_READWRITE",
            "OIDC_JWKS_URL",
            "OIDC_ISSUER",
            "OIDC_CLIENT_ID",
            "OIDC_CLIENT_SECRET",
            "OIDC_SCOPES",
            "OIDC_SIGN_IN_TOKEN",
            "OIDC_LOGIN_PARAMS",
            "ALLOWED_CLIENTS",
            "JWKS_TTL",
            "JWKS_MAX_STALE",
            "ROLE_CLAIM",
            "ROLE_MAP_JSON",
            "SITE_SCOPE_JSON",
            "GATEWAY_HOST",
            "GATEWAY_PORT",
            "PUBLIC_URL",
            "TLS_CERT",
            "TLS_KEY",
            "TRUSTED_PROXIES",
            "POLICY_PATH",
            "UPSTREAMS_PATH",
            "PROMPT_PATH",
            "DATA_DIR",
            "DATABASE_URL",
            "MODEL_PROVIDER",
            "MODEL_NAME",
            "MODEL_URL",
            "MODEL_API_KEY",
            "MIST_RO_URL",
            "MIST_RW_URL",
            "SERVICE_KEY_RO",
            "SERVICE_KEY_RW",
            "HTTPS_PROXY",
            "NO_PROXY",
            "EXTRA_CA_CERTS");
    private static final Map<String, String> DEFAULT_PATHS = Map.of(
            "POLICY_PATH", "policy_rbac.json",
            "PROMPT_PATH", "rbac_prompt.txt",
            "DATA_DIR", ".mist");
    private static final Set<String> OTHER = Set.of("MIST_RO_ALLOW_WRITE_TOKEN", "MIST_HOME", "MIST_TEST_DATA");
    private static final Set<String> SIMULATOR =
            Set.of("SIM_PORT", "SIM_SEED", "SIM_RENAME", "SIM_CONTROL_TOKEN", "SIM_QUIRKS_OFF", "SIM_HOURLY_BUDGET");

    Settings {
        values = Map.copyOf(values);
    }

    /// Settings as far as they can be read, and what is wrong with them.
    record Looked(Settings settings, List<String> faults) {
        Looked {
            faults = List.copyOf(faults);
        }
    }

    /// Reads the environment and the `.env` of a folder.
    ///
    /// @throws InvalidSettings with all faults that the launcher can see
    static Settings read(Path home) {
        var looked = look(home);
        if (!looked.faults().isEmpty()) {
            throw new InvalidSettings(looked.faults());
        }
        return looked.settings();
    }

    /// Reads the same and throws nothing.
    static Looked look(Path home) {
        var faults = new ArrayList<String>();
        var merged = new LinkedHashMap<String, String>();
        var file = home.resolve(".env");
        if (Files.exists(file)) {
            try {
                var parsed = DotEnv.parse(Files.readString(file));
                parsed.faults().forEach(fault -> faults.add("`.env` " + fault));
                merged.putAll(parsed.values());
            } catch (IOException unreadable) {
                faults.add("`.env` cannot be read: check its owner and permissions");
            }
        }
        Env.processValues().forEach((name, value) -> {
            if (known(name) || ours(name)) {
                merged.put(name, value);
            }
        });
        merged.values().removeIf(String::isBlank);
        merged.keySet().stream()
                .filter(name -> ours(name) && !known(name))
                .sorted()
                .forEach(name -> faults.add("`" + name + "` is no setting of ours" + near(name)));
        for (var name : names()) {
            if (merged.containsKey(name) && merged.containsKey(name + "_FILE")) {
                faults.add("`" + name + "` is given twice, also as `" + name + "_FILE`: keep one");
            }
        }
        var settings = new Settings(merged, home);
        if (settings.live()) {
            for (var name : List.of("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RO")) {
                if (!settings.has(name)) {
                    faults.add("`" + name
                            + "` is needed for a live Mist: set it, or unset all `MIST_*` values to run on the"
                            + " simulator");
                }
            }
        }
        return new Looked(settings, faults);
    }

    /// Whether a live Mist is configured, be it in part.
    boolean live() {
        return MIST.stream().anyMatch(this::has);
    }

    boolean has(String name) {
        return values.containsKey(name) || values.containsKey(name + "_FILE");
    }

    /// A setting's value, also when a file holds it.
    Optional<String> text(String name) {
        if (values.containsKey(name)) {
            return Optional.of(values.get(name));
        }
        return Optional.ofNullable(values.get(name + "_FILE")).flatMap(file -> {
            try {
                return Optional.of(Files.readString(home.resolve(file)).strip()).filter(value -> !value.isEmpty());
            } catch (IOException | RuntimeException unreadable) {
                return Optional.empty();
            }
        });
    }

    Path dataDir() {
        return home.resolve(text("DATA_DIR").orElse(".mist"));
    }

    boolean dev() {
        return text("MODE_AUTH").orElse("dev").equalsIgnoreCase("dev");
    }

    int port() {
        return Env.of(text("GATEWAY_PORT")
                        .map(port -> Map.of("GATEWAY_PORT", port))
                        .orElse(Map.of()))
                .integer("GATEWAY_PORT", 8000, 0, 65_535);
    }

    String host() {
        return text("GATEWAY_HOST").orElse("127.0.0.1");
    }

    /// How the gateway is reached, without a slash at the end.
    String url() {
        return text("PUBLIC_URL")
                .map(url -> url.replaceAll("/+$", ""))
                .orElseGet(() -> (has("TLS_CERT") ? "https://" : "http://") + host() + ":" + port());
    }

    /// The way to servers that others run, for what the launcher itself asks them. Faults in it are told by
    /// the processes that use it.
    Egress egress() {
        return Egress.read(Env.of(only(EGRESS)));
    }

    /// The variables of the gateway: never a Mist token. Paths count from the installation's folder.
    Map<String, String> forGateway() {
        var own = only(GATEWAY);
        DEFAULT_PATHS.forEach((name, otherwise) -> {
            var value = text(name);
            // A `_FILE` that cannot be read is left to the gateway, which says so.
            if (value.isPresent() || !has(name)) {
                own.remove(name + "_FILE");
                own.put(name, fromHome(value.orElse(otherwise)));
            }
        });
        // Secrets that the file of upstreams names are the gateway's as well.
        values.forEach((name, value) -> {
            if (!ours(name) && !known(name)) {
                own.putIfAbsent(name, value);
            }
        });
        return own;
    }

    /// The variables of mist-ro.
    Map<String, String> forMistRo() {
        return withEgress(
                Set.of("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RO", "MIST_RO_ALLOW_WRITE_TOKEN", "MODE_AUTH"));
    }

    /// The variables of mist-rw.
    Map<String, String> forMistRw() {
        return withEgress(Set.of("MIST_API_BASE", "MIST_ORG_ID", "MIST_TOKEN_RW", "MODE_AUTH"));
    }

    /// The variables of the simulator.
    Map<String, String> forSimulator() {
        return only(SIMULATOR);
    }

    private Map<String, String> withEgress(Set<String> names) {
        return only(Stream.of(names, EGRESS).flatMap(Set::stream).collect(Collectors.toSet()));
    }

    /// The settings of these names; their files count from the installation's folder.
    private Map<String, String> only(Set<String> names) {
        var own = new TreeMap<String, String>();
        for (var name : names) {
            Optional.ofNullable(values.get(name))
                    .ifPresent(value -> own.put(name, FILES.contains(name) ? fromHome(value) : value));
            Optional.ofNullable(values.get(name + "_FILE"))
                    .ifPresent(value -> own.put(name + "_FILE", fromHome(value)));
        }
        return own;
    }

    private String fromHome(String path) {
        return home.resolve(path).toString();
    }

    private static Set<String> names() {
        return Stream.of(MIST, GATEWAY, OTHER, SIMULATOR)
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The settings that `.env.example` and docs/settings.md list: all but the simulator's and those of the
    /// build.
    static Set<String> documented() {
        var documented = new TreeSet<>(names());
        documented.removeAll(SIMULATOR);
        documented.removeAll(Set.of("MIST_HOME", "MIST_TEST_DATA"));
        return documented;
    }

    private static boolean known(String name) {
        var plain = name.endsWith("_FILE") ? name.substring(0, name.length() - 5) : name;
        return names().contains(plain) || names().contains(name);
    }

    private static boolean ours(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith);
    }

    private static String near(String name) {
        return names().stream()
                .filter(known -> Words.distance(known, name) <= 3)
                .min(Comparator.comparingInt(known -> Words.distance(known, name)))
                .map(known -> ": did you mean `" + known + "`?")
                .orElse("");
    }
}
