package mistmcp.settings;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonObject;

/// Settings by name, read into typed values. A fault does not stop the reading: it is kept, a stand-in is
/// answered, and [#check] reports all faults at once. An empty value is an unset one. Each name may be given
/// as `NAME_FILE`, the path of a file that holds the value. Not for sharing between threads.
public final class Env {
    private final Map<String, String> values;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> read = new LinkedHashSet<>();

    private Env(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /// The settings of this process's environment.
    public static Env ofProcess() {
        return new Env(System.getenv());
    }

    /// The environment of this process, for the launcher, which hands parts of it to its children.
    public static Map<String, String> processValues() {
        return Map.copyOf(System.getenv());
    }

    /// The settings of a map.
    public static Env of(Map<String, String> values) {
        return new Env(values);
    }

    /// The value, when it is set and not empty.
    public Optional<String> text(String name) {
        read.add(name);
        var direct = Optional.ofNullable(values.get(name)).map(Env::trimmed).filter(value -> !value.isEmpty());
        var file = Optional.ofNullable(values.get(name + "_FILE"))
                .map(Env::trimmed)
                .filter(value -> !value.isEmpty());
        if (direct.isPresent() && file.isPresent()) {
            fault(name, "is given twice, also as `" + name + "_FILE`: keep one");
            return direct;
        }
        return direct.isPresent() ? direct : file.flatMap(path -> readFile(name, path));
    }

    /// The value, or the default when it is not set.
    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    /// The value as a secret.
    public Optional<Secret> secret(String name) {
        return text(name).map(Secret::new);
    }

    /// The value as `true` or `false` (also `1`, `0`, `yes`, `no`, `on`, `off`, in any case).
    public boolean bool(String name, boolean otherwise) {
        return text(name)
                .map(value -> switch (value.toLowerCase(java.util.Locale.ROOT)) {
                    case "true", "1", "yes", "on" -> true;
                    case "false", "0", "no", "off" -> false;
                    default -> {
                        fault(name, "expected `true` or `false`");
                        yield otherwise;
                    }
                })
                .orElse(otherwise);
    }

    /// The value as a whole number from `min` to `max`.
    public int integer(String name, int otherwise, int min, int max) {
        return text(name)
                .flatMap(value -> tried(name, value, Integer::valueOf, "expected a whole number"))
                .map(value -> {
                    if (value < min || value > max) {
                        fault(name, "expected a whole number from " + min + " to " + max);
                        return otherwise;
                    }
                    return value;
                })
                .orElse(otherwise);
    }

    /// The value as a duration: a number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`.
    public Duration duration(String name, Duration otherwise) {
        return text(name)
                .flatMap(value -> tried(name, value, Env::duration, "expected a duration such as `30s`, `5m` or `24h`"))
                .orElse(otherwise);
    }

    /// The value as a comma list, blanks around the entries dropped.
    public List<String> list(String name, String otherwise) {
        return Arrays.stream(text(name, otherwise).split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /// The value as a path; a relative one counts from the working directory.
    public Path path(String name, String otherwise) {
        return Path.of(text(name, otherwise));
    }

    /// The file of a setting whose value is a file's content, such as a certificate: `NAME` and `NAME_FILE`
    /// both name that file.
    public Optional<Path> file(String name) {
        read.add(name);
        var named = java.util.stream.Stream.of(name, name + "_FILE")
                .flatMap(form -> Optional.ofNullable(values.get(form)).map(Env::trimmed).stream())
                .filter(value -> !value.isEmpty())
                .toList();
        if (named.size() > 1) {
            fault(name, "is given twice, also as `" + name + "_FILE`: keep one");
        }
        return named.stream().findFirst().map(Path::of);
    }

    /// The value as an absolute `http` or `https` address.
    public Optional<URI> address(String name) {
        return text(name)
                .flatMap(value -> tried(name, value, URI::create, "expected an address such as `https://host/path`"))
                .filter(uri -> {
                    boolean usable = uri.getHost() != null
                            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
                    if (!usable) {
                        fault(name, "expected an address such as `https://host/path`");
                    }
                    return usable;
                });
    }

    /// The value as a JSON object.
    public Optional<JsonObject> json(String name) {
        return text(name).flatMap(value -> {
            try {
                return Optional.of(Json.parseObject(value));
            } catch (InvalidJson invalid) {
                fault(name, "expected a JSON object: " + invalid.getMessage());
                return Optional.empty();
            }
        });
    }

    /// Keeps a fault of a setting.
    public void fault(String name, String message) {
        var line = "`" + name + "` " + message;
        if (!faults.contains(line)) {
            faults.add(line);
        }
    }

    /// The faults so far.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// The names asked for so far.
    public Set<String> names() {
        return Set.copyOf(read);
    }

    /// Ends the reading.
    ///
    /// @throws InvalidSettings with all faults, when there are any
    public void check() {
        if (!faults.isEmpty()) {
            throw new InvalidSettings(faults);
        }
    }

    private <T> Optional<T> tried(String name, String value, Function<String, T> parse, String expected) {
        try {
            return Optional.of(parse.apply(value));
        } catch (IllegalArgumentException | ArithmeticException unusable) {
            fault(name, expected);
            return Optional.empty();
        }
    }

    private Optional<String> readFile(String name, String path) {
        try {
            return Optional.of(Files.readString(Path.of(path)).strip()).filter(value -> !value.isEmpty());
        } catch (IOException | RuntimeException unreadable) {
            fault(name + "_FILE", "names a file that cannot be read: `" + path + "`");
            return Optional.empty();
        }
    }

    /// Container tools hand over the quotes of an env file as part of the value: one pair around it is
    /// dropped.
    private static String trimmed(String value) {
        var text = value.strip();
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static Duration duration(String text) {
        var matcher =
                java.util.regex.Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (Optional.ofNullable(matcher.group(2)).orElse("s")) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofSeconds(amount);
        };
    }
}
