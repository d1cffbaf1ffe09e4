package mistmcp.gateway.call;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import mistmcp.gateway.policy.Decision;
import mistmcp.gateway.upstream.Upstreams;

/// Who watches which resources: a subscription is judged and recorded as reading the resource is, and judged
/// again for each change that is told. Bounded for each principal and in all. Safe for several threads.
final class Subscriptions {
    static final int MAX_PER_PRINCIPAL = 200;
    static final int MAX = 4_000;

    private final Upstreams upstreams;
    private final Judge judge;
    private final CallRecords records;
    private final Map<String, Integer> counts = new HashMap<>();
    private int all;

    Subscriptions(Upstreams upstreams, Judge judge, CallRecords records) {
        this.upstreams = upstreams;
        this.judge = judge;
        this.records = records;
    }

    /// Begins to watch; each call is of one resource.
    Map<String, Watched> watch(Set<Call> calls) throws InterruptedException {
        var answers = new HashMap<String, Watched>();
        var allowed = new LinkedHashMap<String, Set<Call>>();
        for (var call : calls) {
            var uri = call.invocation().name();
            var owner = upstreams.ownerOfResource(uri, call.invocation().upstream());
            if (owner.isEmpty()) {
                records.unknown(call, call.kind());
                answers.put(uri, new Watched.Unknown());
            } else if (allows(call, owner.get())) {
                allowed.computeIfAbsent(owner.get(), _ -> new LinkedHashSet<>()).add(call);
            } else {
                answers.put(uri, new Watched.Unknown());
            }
        }
        boolean whole = false;
        try {
            for (var one : allowed.entrySet()) {
                watch(one.getKey(), one.getValue(), answers);
            }
            whole = true;
            return answers;
        } finally {
            if (!whole) {
                answers.values().forEach(Subscriptions::end);
            }
        }
    }

    private static void end(Watched watched) {
        if (watched instanceof Watched.Watching(Runnable end)) {
            end.run();
        }
    }

    /// One that is denied looks like one that is not there.
    private boolean allows(Call call, String upstream) {
        var uri = call.invocation().name();
        var inForce = judge.inForce();
        var decision = judge.decide(inForce, call.principal(), upstream, "resource:" + uri);
        records.subscription(call, upstream, decision, inForce.hash()).await();
        if (decision instanceof Decision.Deny deny) {
            records.ended(call, upstream, uri, "denied", deny.denial().code());
            return false;
        }
        return true;
    }

    private void watch(String upstream, Set<Call> calls, Map<String, Watched> answers) throws InterruptedException {
        var counted = new LinkedHashMap<String, Call>();
        for (var call : calls) {
            var uri = call.invocation().name();
            if (count(call.principal().key())) {
                counted.put(uri, call);
            } else {
                answers.put(uri, new Watched.TooMany());
            }
        }
        Map<String, Runnable> ends;
        try {
            ends = upstreams.watch(upstream, counted.keySet());
        } catch (InterruptedException | RuntimeException failed) {
            counted.values().forEach(call -> release(call.principal().key()));
            throw failed;
        }
        counted.forEach((uri, call) -> {
            var end = ends.get(uri);
            var principal = call.principal().key();
            if (end == null) {
                release(principal);
                answers.put(uri, new Watched.NotTold());
            } else {
                answers.put(uri, new Watched.Watching(once(principal, end)));
            }
        });
        for (var call : calls) {
            var uri = call.invocation().name();
            switch (answers.get(uri)) {
                case Watched.TooMany _ -> records.ended(call, upstream, uri, "failed", Watched.TooMany.CODE);
                case Watched.NotTold _ -> records.ended(call, upstream, uri, "failed", Watched.NotTold.CODE);
                case null, default -> records.ended(call, upstream, uri, "done", "ok");
            }
        }
    }

    private Runnable once(String principal, Runnable end) {
        var over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                end.run();
                release(principal);
            }
        };
    }

    private synchronized boolean count(String principal) {
        if (all >= MAX || counts.getOrDefault(principal, 0) >= MAX_PER_PRINCIPAL) {
            return false;
        }
        all++;
        counts.merge(principal, 1, Integer::sum);
        return true;
    }

    private synchronized void release(String principal) {
        all--;
        counts.computeIfPresent(principal, (_, count) -> count == 1 ? null : count - 1);
    }
}
