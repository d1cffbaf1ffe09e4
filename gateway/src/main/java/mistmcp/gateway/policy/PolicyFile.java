package mistmcp.gateway.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mistmcp.gateway.identity.Role;
import mistmcp.json.InvalidJson;
import mistmcp.json.Json;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonLimits;
import mistmcp.json.JsonNumber;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Reads the policy file, version 1. A fault does not stop the reading, so that all are told at once.
final class PolicyFile {
    static final List<String> LEVELS = List.of("field", "client", "page", "fresh-login", "two-person");
    static final Set<String> GRANTS = Set.of("audit", "pin");

    private static final String DEFAULT_LEVEL = "page";
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 8, 20);

    private final KnownItems known;
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Rule.Allow> allows = new ArrayList<>();
    private final List<Rule.Deny> denies = new ArrayList<>();
    private final Map<String, List<Grant>> grants = new LinkedHashMap<>();
    private String level = DEFAULT_LEVEL;

    private PolicyFile(KnownItems known) {
        this.known = known;
    }

    static Policy read(byte[] file, KnownItems known, String hash) {
        JsonObject root;
        try {
            root = Json.parseObject(file, LIMITS);
        } catch (InvalidJson invalid) {
            throw new InvalidPolicy(List.of("the file is no JSON object: " + invalid.getMessage()));
        }
        var reading = new PolicyFile(known);
        reading.root(root);
        if (!reading.faults.isEmpty()) {
            throw new InvalidPolicy(reading.faults);
        }
        return new Policy(root, hash, reading.allows, reading.denies, reading.level, reading.grants, reading.warnings);
    }

    private void root(JsonObject root) {
        onlyMembers("", root, Set.of("version", "roles", "confirm", "grants"));
        if (!(root.get("version").orElse(null) instanceof JsonNumber number)
                || !number.asLong().equals(Optional.of(1L))) {
            faults.add("`version` must be 1");
        }
        root.get("confirm").ifPresent(value -> {
            if (value instanceof JsonString text && LEVELS.contains(text.value())) {
                level = text.value();
            } else {
                faults.add("`confirm` must be one of " + String.join(", ", LEVELS));
            }
        });
        object("roles", root.get("roles"), true).ifPresent(this::roles);
        object("grants", root.get("grants"), false).ifPresent(this::grants);
    }

    private void roles(JsonObject roles) {
        for (var name : roles.names()) {
            var place = "roles." + name;
            var role = Role.of(name);
            if (role.isEmpty()) {
                faults.add("`" + place + "`: there are the roles ReadOnly and ReadWrite only");
                continue;
            }
            object(place, roles.get(name), true).ifPresent(lists -> {
                onlyMembers(place + ".", lists, Set.of("allow", "deny"));
                allows.addAll(allows(role.get(), texts(place + ".allow", lists.get("allow"), true)));
                denies.addAll(denies(role.get(), texts(place + ".deny", lists.get("deny"), false)));
            });
        }
    }

    private List<Rule.Allow> allows(Role role, List<String> texts) {
        var rules = new ArrayList<Rule.Allow>();
        for (int at = 0; at < texts.size(); at++) {
            var place = "`roles." + role.text() + ".allow[" + at + "]`";
            int index = at;
            pattern(place, texts.get(at)).ifPresent(pattern -> {
                if (!known.mayMatch(pattern)) {
                    warnings.add(place + " matches nothing: `" + pattern.text() + "`");
                }
                rules.add(new Rule.Allow(role, index, pattern));
            });
        }
        return rules;
    }

    private List<Rule.Deny> denies(Role role, List<String> texts) {
        var rules = new ArrayList<Rule.Deny>();
        for (int at = 0; at < texts.size(); at++) {
            var place = "`roles." + role.text() + ".deny[" + at + "]`";
            int index = at;
            pattern(place, texts.get(at)).ifPresent(pattern -> {
                if (!known.mayMatch(pattern)) {
                    faults.add(place + " matches nothing, so it denies nothing: `" + pattern.text() + "`");
                }
                rules.add(new Rule.Deny(role, index, pattern));
            });
        }
        return rules;
    }

    private Optional<Pattern> pattern(String place, String text) {
        var pattern = Pattern.parse(text);
        if (pattern.isEmpty()) {
            faults.add(place + " is no pattern: expected `upstream/tool`, `upstream/resource:<uri>` or"
                    + " `upstream/prompt:<name>`, each with `*` where wanted");
        }
        return pattern;
    }

    private void grants(JsonObject object) {
        for (var name : object.names()) {
            var place = "grants." + name;
            if (!GRANTS.contains(name)) {
                faults.add("`" + place + "`: there are the grants audit and pin only");
                continue;
            }
            var holders = new ArrayList<Grant>();
            var texts = texts(place, object.get(name), true);
            for (int at = 0; at < texts.size(); at++) {
                var holder = Grant.parse(texts.get(at));
                if (holder.isEmpty()) {
                    faults.add("`" + place + "[" + at + "]` must be `email:<address>`, `sub:<subject>` or"
                            + " `claim:<name>=<value>`");
                }
                holder.ifPresent(holders::add);
            }
            grants.put(name, List.copyOf(holders));
        }
    }

    private Optional<JsonObject> object(String place, Optional<JsonValue> value, boolean required) {
        if (value.isPresent() && value.get() instanceof JsonObject object) {
            return Optional.of(object);
        }
        if (required || value.isPresent()) {
            faults.add("`" + place + "` must be an object");
        }
        return Optional.empty();
    }

    private List<String> texts(String place, Optional<JsonValue> value, boolean required) {
        if (value.isEmpty() && !required) {
            return List.of();
        }
        if (value.isEmpty()
                || !(value.get() instanceof JsonArray array)
                || array.strings().size() != array.size()) {
            faults.add("`" + place + "` must be a list of texts");
            return List.of();
        }
        var seen = new HashSet<String>();
        array.strings().stream()
                .filter(text -> !seen.add(text))
                .forEach(text -> warnings.add("`" + place + "` says the same twice: `" + text + "`"));
        return array.strings();
    }

    private void onlyMembers(String place, JsonObject object, Set<String> names) {
        object.names().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> faults.add("`" + place + name + "` is not known here"));
    }
}
