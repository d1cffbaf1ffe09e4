package mistmcp.sim.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All operations of the simulated Mist: finds the one that a request means, checks the token's role, runs
/// it. Safe for several threads.
public final class MistApi {
    private final Cloud cloud;
    private final Shape shape;
    private final List<Operation> operations;

    /// The API over a state.
    public MistApi(Cloud cloud) {
        this.cloud = cloud;
        this.shape = new Shape(cloud.quirks());
        var at = new Endpoint(cloud);
        this.operations = Stream.of(
                        new Organisation(cloud, at).operations(),
                        new Sites(cloud, at).operations(),
                        new Inventory(cloud, at).operations(),
                        new Devices(cloud, at).operations(),
                        new Ports(cloud, at).operations(),
                        new Clients(cloud, at).operations(),
                        new Alarms(cloud, at).operations(),
                        new Events(cloud, at).operations(),
                        new Sle(cloud, at).operations(),
                        new Configuration(cloud, at).operations(),
                        new Commands(cloud, at).operations())
                .flatMap(List::stream)
                .toList();
    }

    /// All operations.
    public List<Operation> operations() {
        return operations;
    }

    /// The operation that a method and path mean. A path without braces goes before one with.
    public Optional<Operation> find(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method)
                        && parts(operation.path(), path).isPresent())
                .min((a, b) -> Long.compare(braces(a), braces(b)));
    }

    /// Answers a call.
    public Answer answer(Call call) {
        var operation = find(call.method(), call.path());
        if (operation.isEmpty()) {
            return Answer.detail(404, "Not found");
        }
        if (!call.method().equals("GET")
                && !call.caller().mayWrite()
                && cloud.quirks().has(Quirk.TOKEN_ROLES)) {
            return Answer.detail(403, "You do not have permission to perform this action.");
        }
        var named = call.withParts(parts(operation.get().path(), call.path()).orElseThrow());
        var org = named.parts().get("org_id");
        if (org != null && !org.equals(cloud.orgId())) {
            return Answer.detail(403, "You do not have permission to perform this action.");
        }
        var answer = cloud.locked(() -> operation.get().handler().apply(named));
        return new Answer(answer.status(), answer.headers(), answer.body().map(shape::of), answer.applied());
    }

    private static long braces(Operation operation) {
        return operation.path().chars().filter(c -> c == '{').count();
    }

    private static Optional<Map<String, String>> parts(String template, String path) {
        var names = template.split("/", -1);
        var values = path.split("/", -1);
        if (names.length != values.length) {
            return Optional.empty();
        }
        var parts = new HashMap<String, String>();
        boolean all = true;
        for (int i = 0; i < names.length && all; i++) {
            if (names[i].startsWith("{")) {
                all = !values[i].isEmpty();
                parts.put(names[i].substring(1, names[i].length() - 1), values[i]);
            } else {
                all = names[i].equals(values[i]);
            }
        }
        return all ? Optional.of(parts) : Optional.empty();
    }
}
