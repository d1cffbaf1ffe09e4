package mistmcp.gateway.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import mistmcp.gateway.identity.Principal;
import mistmcp.settings.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How one browser session stands with the provider: who it is by the newest token, and the refresh token
/// that gets the next one. A renewal begins ahead of the token's end, once however many requests ask for it;
/// only a request that comes after the end waits for it. When the provider says no, or gives no answer, the
/// session goes on to the token's end; when the new token gives no role any more, it ends at once. Safe for
/// several threads.
final class Tenure {
    private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);
    private static final Duration LONGEST_AHEAD = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final Renewer renewer;
    private final SignInJournal journal;
    private final InstantSource clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile Standing standing;
    private volatile boolean closed;

    /// Gets new tokens for a refresh token.
    @FunctionalInterface
    interface Renewer {
        Renewed renew(Secret refresh, Principal before) throws RefusedSignIn, InterruptedException;
    }

    /// What a renewal came to.
    ///
    /// @param refresh the next refresh token; empty when the one used stays
    record Renewed(Principal principal, Optional<Secret> refresh) {}

    /// Why there will be no renewal, or why the session has ended.
    record Trouble(String code, String detail) {
        static Trouble of(SignInFault fault) {
            return new Trouble(fault.code(), fault.detail());
        }
    }

    private record Standing(
            Principal principal,
            Instant since,
            Optional<Secret> refresh,
            Instant tryAfter,
            Optional<Trouble> trouble,
            boolean over) {
        Instant dueAt() {
            var third = Duration.between(since, principal.expiresAt()).dividedBy(3);
            return principal.expiresAt().minus(third.compareTo(LONGEST_AHEAD) < 0 ? third : LONGEST_AHEAD);
        }

        boolean due(Instant now) {
            return refresh.isPresent() && !over && !now.isBefore(dueAt()) && !now.isBefore(tryAfter);
        }
    }

    Tenure(Principal principal, Optional<Secret> refresh, Renewer renewer, SignInJournal journal, InstantSource clock) {
        this.renewer = renewer;
        this.journal = journal;
        this.clock = clock;
        this.standing = new Standing(principal, clock.instant(), refresh, Instant.MIN, Optional.empty(), false);
    }

    /// Who it is now.
    Principal principal() throws InterruptedException {
        var now = clock.instant();
        if (standing.due(now)) {
            if (!now.isBefore(standing.principal().expiresAt())) {
                renewWaiting();
            } else if (!renewing.isLocked()) {
                Thread.ofVirtual().name("sign-in-renewal").start(this::renewUnlessUnderWay);
            }
        }
        return standing.principal();
    }

    /// Whether it has ended.
    boolean over(Instant now) {
        return standing.over() || !now.isBefore(standing.principal().expiresAt());
    }

    /// Whether it can go on beyond the token at hand.
    boolean renews() {
        return standing.refresh().isPresent();
    }

    /// Why it will not go on, when that is known.
    Optional<Trouble> trouble() {
        return standing.trouble();
    }

    /// Ends it: nothing is renewed any more.
    ///
    /// @return the refresh token to revoke, once a renewal under way has ended
    Optional<Secret> close() throws InterruptedException {
        closed = true;
        boolean held = renewing.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return standing.refresh();
        } finally {
            if (held) {
                renewing.unlock();
            }
        }
    }

    private void renewUnlessUnderWay() {
        if (renewing.tryLock()) {
            try {
                renew();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException broken) {
                LOG.error("renewing a sign-in failed", broken);
            } finally {
                renewing.unlock();
            }
        }
    }

    private void renewWaiting() throws InterruptedException {
        if (renewing.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                renew();
            } finally {
                renewing.unlock();
            }
        }
    }

    private void renew() throws InterruptedException {
        var before = standing;
        var now = clock.instant();
        if (closed || !before.due(now)) {
            return;
        }
        try {
            var renewed = renewer.renew(before.refresh().orElseThrow(), before.principal());
            standing = new Standing(
                    renewed.principal(),
                    now,
                    renewed.refresh().or(before::refresh),
                    Instant.MIN,
                    Optional.empty(),
                    false);
            if (changed(before.principal(), renewed.principal())) {
                journal.note(new SignInEvent.Changed(renewed.principal()));
            }
        } catch (RefusedSignIn refused) {
            refused(before, refused, now);
        }
    }

    private void refused(Standing before, RefusedSignIn refused, Instant now) {
        if (refused.passing()) {
            var first = before.trouble().isEmpty();
            standing = new Standing(
                    before.principal(),
                    before.since(),
                    before.refresh(),
                    now.plus(PAUSE),
                    Optional.of(Trouble.of(SignInFault.RENEWAL_FAILED)),
                    false);
            if (first) {
                note(before, SignInFault.RENEWAL_FAILED.code(), refused);
            }
            return;
        }
        // The provider's no to the refresh token leaves the access token as it is; a no of ours to what the new
        // tokens say means that this person may not be here any more.
        boolean byProvider = refused.code().equals(SignInFault.RENEWAL_REFUSED.code())
                || refused.code().equals(SignInFault.CLIENT_REFUSED.code());
        standing = new Standing(
                before.principal(),
                before.since(),
                Optional.empty(),
                Instant.MAX,
                Optional.of(new Trouble(refused.code(), refused.detail())),
                !byProvider);
        note(before, refused.code(), refused);
    }

    private void note(Standing before, String code, RefusedSignIn refused) {
        journal.note(new SignInEvent.NotRenewed(before.principal(), code, refused.reason() + ": " + refused.detail()));
    }

    private static boolean changed(Principal before, Principal after) {
        return before.role() != after.role()
                || !before.sites().equals(after.sites())
                || !before.roleSource().equals(after.roleSource());
    }
}
