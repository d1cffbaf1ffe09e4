package mistmcp.gateway.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mistmcp.gateway.identity.Principal;

/// Who holds a grant: an e-mail address, a subject, or a claim with a value.
sealed interface Grant {
    /// Whether a principal is meant.
    boolean holds(Principal principal);

    /// `email:sec@example.com`, in any case.
    record ByEmail(String address) implements Grant {
        @Override
        public boolean holds(Principal principal) {
            return principal
                    .email()
                    .filter(email -> email.toLowerCase(Locale.ROOT).equals(address.toLowerCase(Locale.ROOT)))
                    .isPresent();
        }
    }

    /// `sub:<subject>`, of whichever issuer we trust, or `sub:<issuer>|<subject>`.
    record BySubject(String subject) implements Grant {
        @Override
        public boolean holds(Principal principal) {
            return subject.equals(principal.subject()) || subject.equals(principal.key());
        }
    }

    /// `claim:groups=secops`: the claim is that value, or a list that has it.
    record ByClaim(String claim, String value) implements Grant {
        @Override
        public boolean holds(Principal principal) {
            return principal.groups().getOrDefault(claim, List.of()).contains(value);
        }
    }

    /// Reads a grant's text; empty when it has none of the three forms.
    static Optional<Grant> parse(String text) {
        int colon = text.indexOf(':');
        var value = text.substring(colon + 1);
        if (colon < 0 || value.isBlank() || !value.equals(value.strip())) {
            return Optional.empty();
        }
        int equals = value.indexOf('=');
        return switch (text.substring(0, colon)) {
            case "email" -> value.indexOf('@') > 0 ? Optional.of(new ByEmail(value)) : Optional.empty();
            case "sub" -> Optional.of(new BySubject(value));
            case "claim" ->
                equals > 0 && equals < value.length() - 1
                        ? Optional.of(new ByClaim(value.substring(0, equals), value.substring(equals + 1)))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}
