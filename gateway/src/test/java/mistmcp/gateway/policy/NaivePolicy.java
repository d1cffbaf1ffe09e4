package mistmcp.gateway.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import mistmcp.gateway.identity.Role;
import mistmcp.json.JsonObject;

/// The policy said again in the shortest way, to compare with: the answer is a mode or nothing.
final class NaivePolicy {
    private final JsonObject file;

    NaivePolicy(JsonObject file) {
        this.file = file;
    }

    Optional<Mode> decide(Question q) {
        var name = q.upstream() + "/" + q.item();
        boolean allowed = lines(q.role(), "allow").stream().anyMatch(line -> matches(line, name, 0))
                || (q.upstream().equals("gateway") && !q.writes());
        boolean denied = lines(q.role(), "deny").stream()
                .anyMatch(line -> matches(line, name, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        boolean named = lines(q.role(), "allow").contains(name);
        boolean inScope = q.sites().all()
                || q.reach() == Reach.NONE
                || (q.sites().ids().containsAll(q.sitesNamed())
                        && q.reach() != Reach.UNFILTERED
                        && (q.reach() != Reach.ORGANISATION || named)
                        && !(q.reach() == Reach.FILTERED
                                && q.writes()
                                && q.sites().ids().isEmpty()));
        boolean bent = !q.known()
                || q.held()
                || (q.writes() && q.role() == Role.READ_ONLY)
                || (q.writes() && q.commit() && !q.writeEnabled());
        if (bent || denied || !allowed || !inScope) {
            return Optional.empty();
        }
        return Optional.of(!q.writes() ? Mode.READ : q.commit() ? Mode.COMMIT : Mode.DRY_RUN);
    }

    private List<String> lines(Role role, String list) {
        return file.object("roles")
                .flatMap(roles -> roles.object(role.text()))
                .flatMap(lists -> lists.array(list))
                .map(array -> array.strings())
                .orElse(List.of());
    }

    private static boolean matches(String line, String name, int flags) {
        var lone = line.matches("[^/]*/((resource|prompt):)?\\*");
        var start = lone ? line.substring(0, line.length() - 1) : line;
        var regex = Pattern.quote(start).replace("*", "\\E[^/]*\\Q") + (lone ? ".*" : "");
        boolean everything = lone && !line.contains(":");
        boolean sameKind = everything || kind(line).equals(kind(name));
        return sameKind
                && Pattern.compile(regex, flags | Pattern.DOTALL).matcher(name).matches();
    }

    private static String kind(String text) {
        var item = text.substring(text.indexOf('/') + 1);
        return item.startsWith("resource:") ? "resource" : item.startsWith("prompt:") ? "prompt" : "tool";
    }
}
