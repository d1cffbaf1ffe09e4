package mistmcp.gateway.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.settings.Env;
import mistmcp.settings.Secret;

/// The upstreams as configured: our own two servers by `MIST_RO_URL` and `MIST_RW_URL`, all others by
/// `UPSTREAMS_PATH`.
public record UpstreamSettings(List<Configured> upstreams) {
    /// How long a call may take whose server may ask a person something.
    public static final Duration PERSON = Duration.ofMinutes(5);

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9-]{1,24}");
    private static final Set<String> RESERVED = Set.of("chat", "gateway");
    private static final Set<String> MEMBERS = Set.of(
            "url", "command", "env", "prefix", "reads", "preview", "era", "relay", "credential", "oauth", "sites");

    /// Copies the list given.
    public UpstreamSettings {
        upstreams = List.copyOf(upstreams);
    }

    /// One upstream.
    ///
    /// @param name       its name in the policy
    /// @param transport  how it is reached
    /// @param prefix     what its tools carry in front of their names; empty for nothing
    /// @param reads      patterns of the tools that only read; all others write
    /// @param preview    what a dry run of its writes is worth
    /// @param era        which protocol it speaks
    /// @param relay      what it may ask of the caller: `elicitation`, `sampling`, `roots`; and `logging`,
    ///                   what it may tell it
    /// @param credential a header of ours with a secret
    /// @param oauth      how an authorization is got, where it wants one; never beside a credential
    /// @param serviceKey the key of the service assertion, for our own servers
    /// @param withoutSites whether sites are no matter to it
    public record Configured(
            String name,
            Transport transport,
            String prefix,
            List<String> reads,
            Preview preview,
            Era era,
            Set<String> relay,
            Optional<Credential> credential,
            Optional<OAuth> oauth,
            Optional<Secret> serviceKey,
            boolean withoutSites) {
        /// Copies the collections given.
        public Configured {
            reads = List.copyOf(reads);
            relay = Set.copyOf(relay);
        }

        /// Whether the upstream filters by site: only our own servers can.
        public boolean servesSites() {
            return serviceKey.isPresent();
        }
    }

    /// How an upstream is reached.
    public sealed interface Transport {
        /// Streamable HTTP.
        record Http(URI url) implements Transport {}

        /// A child process that speaks over stdio.
        record Stdio(List<String> command, Map<String, String> environment) implements Transport {
            /// Copies the collections given.
            public Stdio {
                command = List.copyOf(command);
                environment = Map.copyOf(environment);
            }
        }
    }

    /// A header with a secret that goes along with each request.
    public record Credential(String header, Secret value) {}

    /// How the gateway gets an authorization of its own.
    ///
    /// @param clientId     the client that the operator registered; none where that happens by itself
    /// @param clientSecret what proves that client
    /// @param issuer       the only authorization server that counts
    /// @param scopes       what to ask for at first; empty for what the upstream says
    /// @param machine      whether no person is asked (`client_credentials`)
    public record OAuth(
            Optional<String> clientId,
            Optional<Secret> clientSecret,
            Optional<String> issuer,
            Set<String> scopes,
            boolean machine) {
        /// Copies the set given.
        public OAuth {
            scopes = Set.copyOf(scopes);
        }
    }

    /// What a dry run of a write is worth.
    public enum Preview {
        /// Nothing: its writes can be planned on their arguments, and not committed.
        NONE,
        /// Its writes are planned on their arguments and committed so.
        ARGUMENTS,
        /// It shows the effect by the contract of a preview.
        EFFECT
    }

    /// Which protocol an upstream speaks.
    public enum Era {
        AUTO,
        MODERN,
        LEGACY
    }

    /// Reads the settings; faults are kept in `env`.
    public static UpstreamSettings read(Env env) {
        var upstreams = new ArrayList<Configured>();
        own(env, "mist-ro", "MIST_RO_URL", "SERVICE_KEY_RO", List.of("*"), Preview.NONE)
                .ifPresent(upstreams::add);
        own(env, "mist-rw", "MIST_RW_URL", "SERVICE_KEY_RW", List.of(), Preview.EFFECT)
                .ifPresent(upstreams::add);
        env.text("UPSTREAMS_PATH").ifPresent(path -> {
            try {
                var file = Json.parseObject(Files.readAllBytes(java.nio.file.Path.of(path)), JsonLimits.REQUEST);
                file.names().stream()
                        .filter(name -> !name.equals("upstreams"))
                        .forEach(name -> fault(env, "has an unknown member `" + name + "`"));
                file.object("upstreams")
                        .ifPresentOrElse(
                                list -> list.members()
                                        .forEach((name, value) ->
                                                third(env, name, value).ifPresent(upstreams::add)),
                                () -> fault(env, "has no member `upstreams`"));
            } catch (IOException unreadable) {
                fault(env, "names a file that cannot be read: `" + path + "`");
            } catch (InvalidJson invalid) {
                fault(env, "names a file with " + invalid.getMessage());
            }
        });
        var names = new HashSet<String>();
        upstreams.stream()
                .filter(upstream -> !names.add(upstream.name()))
                .forEach(upstream -> fault(env, "names `" + upstream.name() + "`, which is taken"));
        return new UpstreamSettings(upstreams);
    }

    private static Optional<Configured> own(
            Env env, String name, String urlName, String keyName, List<String> reads, Preview preview) {
        var url = env.address(urlName);
        var key = env.secret(keyName);
        if (url.isPresent() && key.isEmpty()) {
            env.fault(keyName, "is needed beside `" + urlName + "`");
        }
        key.filter(secret -> secret.bytes().length < 32)
                .ifPresent(shortKey -> env.fault(keyName, "expected at least 32 characters"));
        return url.map(address -> new Configured(
                name,
                new Transport.Http(address),
                "",
                reads,
                preview,
                Era.AUTO,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(key.orElse(new Secret(""))),
                false));
    }

    private static Optional<Configured> third(Env env, String name, mistmcp.json.JsonValue value) {
        if (!(value instanceof JsonObject entry)) {
            fault(env, "`" + name + "`: expected an object");
            return Optional.empty();
        }
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            fault(env, "`" + name + "`: a name has 1 to 32 of a-z, 0-9 and `-`, and is not `chat` or `gateway`");
        }
        entry.names().stream()
                .filter(member -> !MEMBERS.contains(member))
                .forEach(member -> fault(env, "`" + name + "`: unknown member `" + member + "`"));
        var transport = transport(env, name, entry);
        var prefix = entry.string("prefix").orElse("");
        if (!prefix.isEmpty() && !PREFIX.matcher(prefix).matches()) {
            fault(env, "`" + name + "`: a prefix has 1 to 24 letters, digits or `-`");
        }
        if (entry.has("sites") && !entry.string("sites").filter("none"::equals).isPresent()) {
            fault(env, "`" + name + "`: `sites` can only be `none`");
        }
        return transport.map(reached -> new Configured(
                name,
                reached,
                prefix,
                strings(env, name, entry, "reads"),
                choice(env, name, entry, "preview", Preview.class, Preview.NONE),
                choice(env, name, entry, "era", Era.class, Era.AUTO),
                relay(env, name, entry),
                credential(env, name, entry),
                OAuthEntry.read(env, name, entry),
                Optional.empty(),
                entry.has("sites")));
    }

    private static Optional<Transport> transport(Env env, String name, JsonObject entry) {
        if (entry.has("url") == entry.has("command")) {
            fault(env, "`" + name + "`: expected either `url` or `command`");
            return Optional.empty();
        }
        if (entry.has("url")) {
            try {
                var url = URI.create(entry.string("url").orElse(""));
                boolean usable =
                        url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
                if (usable) {
                    return Optional.of(new Transport.Http(url));
                }
            } catch (IllegalArgumentException unreadable) {
                // The fault below says what was expected.
                fault(env, "`" + name + "`: `url` is no address");
            }
            fault(env, "`" + name + "`: expected an `http` or `https` address in `url`");
            return Optional.empty();
        }
        var command = strings(env, name, entry, "command");
        if (command.isEmpty()) {
            fault(env, "`" + name + "`: `command` is empty");
            return Optional.empty();
        }
        var environment = new LinkedHashMap<String, String>();
        entry.object("env").orElse(JsonObject.EMPTY).members().forEach((key, text) -> {
            if (text instanceof JsonString string) {
                environment.put(key, string.value());
            } else {
                fault(env, "`" + name + "`: `env` takes strings");
            }
        });
        return Optional.of(new Transport.Stdio(command, environment));
    }

    private static Set<String> relay(Env env, String name, JsonObject entry) {
        var relay = Set.copyOf(strings(env, name, entry, "relay"));
        if (!Set.of("elicitation", "sampling", "roots", "logging").containsAll(relay)) {
            fault(env, "`" + name + "`: `relay` takes `elicitation`, `sampling`, `roots` and `logging`");
        }
        return relay;
    }

    private static Optional<Credential> credential(Env env, String name, JsonObject entry) {
        return entry.object("credential").flatMap(credential -> {
            var header = credential.string("header").orElse("");
            var secret = credential.string("from").flatMap(env::secret);
            if (header.isEmpty() || secret.isEmpty()) {
                fault(
                        env,
                        "`" + name + "`: `credential` takes `header`, and `from`, the name of a setting that is set");
                return Optional.empty();
            }
            return secret.map(value -> new Credential(header, value));
        });
    }

    static List<String> strings(Env env, String name, JsonObject entry, String member) {
        if (!entry.has(member)) {
            return List.of();
        }
        var array = entry.array(member);
        if (array.isEmpty() || array.get().strings().size() != array.get().size()) {
            fault(env, "`" + name + "`: `" + member + "` takes a list of strings");
        }
        return array.map(mistmcp.json.JsonArray::strings).orElse(List.of());
    }

    private static <E extends Enum<E>> E choice(
            Env env, String name, JsonObject entry, String member, Class<E> type, E otherwise) {
        if (!entry.has(member)) {
            return otherwise;
        }
        var text = entry.string(member).orElse("");
        for (var constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        fault(env, "`" + name + "`: `" + member + "` cannot be `" + text + "`");
        return otherwise;
    }

    static void fault(Env env, String message) {
        env.fault("UPSTREAMS_PATH", message);
    }
}
