package mistmcp.ro;

import java.time.Duration;
import mistmcp.mist.MistAnswer;
import mistmcp.mist.MistApi;
import mistmcp.mist.MistFault;
import mistmcp.mist.Operations;
import mistmcp.mist.SiteScope;
import mistmcp.mist.TokenRights;

/// What `getSelf` says of the token at the start.
sealed interface TokenCheck {
    /// The token is good for the organisation and may only read.
    record Fit() implements TokenCheck {}

    /// The token is good for the organisation, but may change it.
    record CanWrite() implements TokenCheck {}

    /// Mist does not know the token, or it is for another organisation.
    record Wrong(String setting, String fault) implements TokenCheck {}

    /// Mist did not answer, so nothing is known.
    record Unknown(MistFault fault) implements TokenCheck {}

    /// Asks Mist.
    static TokenCheck of(MistApi api) throws InterruptedException {
        var reading = api.reading(SiteScope.ALL, Duration.ofSeconds(10));
        return switch (reading.answer(Operations.getSelf())) {
            case MistAnswer.Failed(MistFault.TokenRefused _) ->
                new Wrong("MIST_TOKEN_RO", "is refused by Mist: expected a valid API token");
            case MistAnswer.Failed(var fault) -> new Unknown(fault);
            case MistAnswer.Read read -> {
                var rights = TokenRights.of(read.object(), reading.org());
                if (!rights.ofOrganisation()) {
                    yield new Wrong(
                            "MIST_ORG_ID", "names an organisation that the token of `MIST_TOKEN_RO` is not for");
                }
                yield rights.canWrite() ? new CanWrite() : new Fit();
            }
        };
    }
}
