package mistmcp.gateway;

import java.net.InetAddress;
import java.time.InstantSource;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuditUnavailable;
import mistmcp.gateway.audit.AuthRefusals;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.auth.SignInEvent;
import mistmcp.gateway.auth.SignInJournal;
import mistmcp.gateway.identity.Principal;
import mistmcp.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what happens around signing in to the audit log; refusals are aggregated under a flood.
final class SignInRecords implements SignInJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SignInRecords.class);

    private final AuditLog log;
    private final AuthRefusals refusals;

    SignInRecords(AuditLog log, InstantSource clock) {
        this.log = log;
        this.refusals = new AuthRefusals(log, clock);
    }

    @Override
    public void note(SignInEvent event) {
        switch (event) {
            case SignInEvent.Refused refused ->
                refusals.refused(refused.peer().getHostAddress(), refused.reason(), refused.requestId());
            case SignInEvent.TurnedAway away ->
                append(AuditRecord.of(Event.AUTH_DENIED)
                        .request(away.requestId())
                        .refusal(away.peer().getHostAddress(), away.reason(), 1)
                        .reason(away.detail())
                        .detail(JsonObject.of("subject", away.subject(), "code", away.code())));
            case SignInEvent.Changed changed ->
                append(AuditRecord.of(Event.SIGN_IN)
                        .principal(changed.principal())
                        .sites(changed.principal())
                        .outcome("done", "browser_changed"));
            case SignInEvent.NotRenewed not ->
                append(AuditRecord.of(Event.SIGN_IN)
                        .principal(not.principal())
                        .outcome("failed", not.code())
                        .reason(not.reason()));
            case SignInEvent.Minted minted -> signedIn("minted", minted.principal(), minted.peer(), minted.requestId());
            case SignInEvent.Opened opened ->
                signedIn("browser_opened", opened.principal(), opened.peer(), opened.requestId());
            case SignInEvent.Closed closed ->
                signedIn("browser_closed", closed.principal(), closed.peer(), closed.requestId());
            case SignInEvent.LinkMade made ->
                log.append(AuditRecord.of(Event.SIGN_IN)
                        .system()
                        .request(made.requestId())
                        .outcome("done", "link_made"));
        }
    }

    /// Nobody waits for these records, and what they tell has happened: a log that cannot take one tells of
    /// itself.
    private void append(AuditRecord record) {
        try {
            log.append(record);
        } catch (AuditUnavailable full) {
            LOG.warn("a record of a sign-in could not be written code={}", full.code());
        }
    }

    private void signedIn(String code, Principal principal, InetAddress peer, String requestId) {
        log.append(AuditRecord.of(Event.SIGN_IN)
                .principal(principal)
                .request(requestId)
                .outcome("done", code)
                .detail(JsonObject.of("peer", peer.getHostAddress())));
    }
}
