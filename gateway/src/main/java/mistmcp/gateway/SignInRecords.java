package mistmcp.gateway;

import java.net.InetAddress;
import java.time.InstantSource;
import mistmcp.gateway.audit.AuditLog;
import mistmcp.gateway.audit.AuditRecord;
import mistmcp.gateway.audit.AuthRefusals;
import mistmcp.gateway.audit.Event;
import mistmcp.gateway.auth.SignInEvent;
import mistmcp.gateway.auth.SignInJournal;
import mistmcp.gateway.identity.Principal;

/// Writes what happens around signing in to the audit log; refusals are aggregated under a flood.
final class SignInRecords implements SignInJournal {
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

    private void signedIn(String code, Principal principal, InetAddress peer, String requestId) {
        log.append(AuditRecord.of(Event.SIGN_IN)
                .principal(principal)
                .request(requestId)
                .outcome("done", code)
                .detail(mistmcp.json.JsonObject.of("peer", peer.getHostAddress())));
    }
}
