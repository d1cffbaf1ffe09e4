package mistmcp.gateway.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mistmcp.gateway.identity.Principal;
import mistmcp.gateway.identity.Role;
import mistmcp.json.JsonObject;
import mistmcp.json.Sha256;

/// The policy of one file: decides what a call may do. Pure and total: the same question always gets the same
/// answer, and what nothing allows is denied. Immutable, so safe for several threads.
///
/// The order, first that applies: what is unknown or held back is denied; a ReadOnly principal reaches no
/// write, whatever the file says; commits are denied while writes are off, and while the file that should be
/// in force cannot be used; a matching deny wins; without a matching allow it is denied; sites out of scope
/// are denied; else it runs.
public final class Policy {
    private final JsonObject file;
    private final String hash;
    private final List<Rule.Allow> allows;
    private final List<Rule.Deny> denies;
    private final String level;
    private final Map<String, List<Grant>> grants;
    private final List<String> warnings;
    private final boolean commits;

    Policy(
            JsonObject file,
            String hash,
            List<Rule.Allow> allows,
            List<Rule.Deny> denies,
            String level,
            Map<String, List<Grant>> grants,
            List<String> warnings) {
        this(file, hash, allows, denies, level, grants, warnings, true);
    }

    private Policy(
            JsonObject file,
            String hash,
            List<Rule.Allow> allows,
            List<Rule.Deny> denies,
            String level,
            Map<String, List<Grant>> grants,
            List<String> warnings,
            boolean commits) {
        this.file = file;
        this.hash = hash;
        this.allows = List.copyOf(allows);
        this.denies = List.copyOf(denies);
        this.level = level;
        this.grants = Map.copyOf(grants);
        this.warnings = List.copyOf(warnings);
        this.commits = commits;
    }

    /// Reads a policy file, version 1 (design, section 6), and holds its patterns against what is known.
    ///
    /// @throws InvalidPolicy with all faults at once; a deny that matches nothing is one of them
    public static Policy read(byte[] file, KnownItems known) {
        return PolicyFile.read(file, known, Sha256.of(file));
    }

    /// The same policy, which denies every commit: the file that should take its place cannot be used.
    Policy withoutCommits() {
        return new Policy(file, hash, allows, denies, level, grants, warnings, false);
    }

    /// The digest of the file's bytes.
    public String hash() {
        return hash;
    }

    /// The file as read.
    public JsonObject file() {
        return file;
    }

    /// The weakest approval that suffices for a commit.
    public String level() {
        return level;
    }

    /// What is odd about the file without being wrong, one line each.
    public List<String> warnings() {
        return warnings;
    }

    /// The grants that a principal holds, in order of their names. A grant opens a view or an operator's act,
    /// never a tool.
    public Set<String> grants(Principal principal) {
        var held = new TreeSet<String>();
        grants.forEach((name, holders) -> {
            if (holders.stream().anyMatch(holder -> holder.holds(principal))) {
                held.add(name);
            }
        });
        return held;
    }

    /// Whether a principal holds a grant.
    public boolean grants(Principal principal, String grant) {
        return grants.getOrDefault(grant, List.of()).stream().anyMatch(holder -> holder.holds(principal));
    }

    /// Decides one call.
    public Decision decide(Question question) {
        var trace = new ArrayList<String>();
        var item = Item.of(question.upstream(), question.item());
        var refused = Invariants.refusal(question, commits, trace).or(() -> refusedByDeny(question, item, trace));
        if (refused.isPresent()) {
            return new Decision.Deny(refused.get(), List.copyOf(trace));
        }
        var allowed = allowing(question, item, trace);
        if (allowed.isEmpty()) {
            trace.add("no allow of the role matches: denied by default");
            return new Decision.Deny(Denials.notAllowed(question), List.copyOf(trace));
        }
        boolean listed = question.reach() == Reach.ORGANISATION && listed(question.role(), item);
        var outOfScope = Sites.refusal(question, listed, trace);
        if (outOfScope.isPresent()) {
            return new Decision.Deny(outOfScope.get(), List.copyOf(trace));
        }
        return new Decision.Execute(mode(question), allowed.get(), level, List.copyOf(trace));
    }

    /// Decides one call and adds to the trace what nearly matched: lines of the other role, and lines of this
    /// one that name the same upstream.
    public Decision explain(Question question) {
        var decision = decide(question);
        var trace = new ArrayList<>(decision.trace());
        var item = Item.of(question.upstream(), question.item());
        for (var rule : allows) {
            near(rule, rule.role(), question, item, trace);
        }
        for (var rule : denies) {
            near(rule, rule.role(), question, item, trace);
        }
        return switch (decision) {
            case Decision.Execute execute ->
                new Decision.Execute(execute.mode(), execute.rule(), execute.level(), List.copyOf(trace));
            case Decision.Deny deny -> new Decision.Deny(deny.denial(), List.copyOf(trace));
        };
    }

    private Optional<Denial> refusedByDeny(Question question, Item item, List<String> trace) {
        for (var rule : denies) {
            if (rule.role() == question.role() && rule.pattern().denies(item)) {
                trace.add(rule.label() + " matches: denied");
                return Optional.of(Denials.byRule(question, rule.label()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> allowing(Question question, Item item, List<String> trace) {
        for (var rule : allows) {
            if (rule.role() == question.role() && rule.pattern().allows(item)) {
                trace.add(rule.label() + " matches: allowed");
                return Optional.of(rule.label());
            }
        }
        if (question.upstream().equals(Question.GATEWAY) && !question.writes()) {
            trace.add(Invariants.OWN_TOOLS + ": the gateway's own tools are open to every principal");
            return Optional.of(Invariants.OWN_TOOLS);
        }
        return Optional.empty();
    }

    /// Whether an allow of the role names the item itself, without any `*`.
    private boolean listed(Role role, Item item) {
        return allows.stream()
                .anyMatch(rule -> rule.role() == role
                        && rule.pattern().literal()
                        && rule.pattern().allows(item));
    }

    private static Mode mode(Question question) {
        if (!question.writes()) {
            return Mode.READ;
        }
        return question.commit() ? Mode.COMMIT : Mode.DRY_RUN;
    }

    private static void near(Rule rule, Role role, Question question, Item item, List<String> trace) {
        boolean matches = switch (rule) {
            case Rule.Allow allow -> allow.pattern().allows(item);
            case Rule.Deny deny -> deny.pattern().denies(item);
        };
        if (matches && role != question.role()) {
            trace.add("near: " + rule.label() + " matches, but the role is "
                    + question.role().text());
        } else if (!matches && role == question.role() && rule.pattern().matchesUpstream(question.upstream())) {
            trace.add("near: " + rule.label() + " is for the same upstream, but does not match `" + question.item()
                    + "`");
        }
    }
}
