package mistmcp.gateway.auth;

import java.util.Locale;

/// Why a browser was not signed in by the provider, or no longer is. The page and the audit log have the
/// code; the audit log has the exact fault as well.
enum SignInFault {
    NOT_SET_UP("sign_in_not_set_up", "signing in with a browser is not set up here: `OIDC_CLIENT_ID` is not set"),
    BUSY("sign_in_busy", "too many sign-ins were begun at once: wait a moment"),
    DISCOVERY_FAILED("sign_in_provider_unavailable", "the provider's description could not be fetched"),
    DISCOVERY_UNUSABLE("sign_in_provider_unavailable", "the provider's description is not usable"),
    TOKEN_ENDPOINT_FAILED("sign_in_provider_unavailable", "the provider's token endpoint gave no answer"),
    TOKEN_ENDPOINT_UNUSABLE(
            "sign_in_provider_unavailable", "the answer of the provider's token endpoint is not usable"),

    ANSWER_MALFORMED("sign_in_answer_malformed", "the provider's answer lacks a parameter, or gives one twice"),
    STATE_UNKNOWN("sign_in_state_unknown", "this sign-in is not known: it was used before, or took over ten minutes"),
    STATE_FOREIGN("sign_in_state_foreign", "this sign-in was begun in another browser"),
    ANSWER_ISSUER_MISSING("sign_in_issuer", "the provider's answer does not say which provider it is from"),
    ANSWER_ISSUER_WRONG("sign_in_issuer", "the answer is from another provider than the sign-in was begun with"),
    DECLINED("sign_in_declined", "the provider did not sign you in"),
    CODE_REFUSED("sign_in_code_refused", "the provider refused the sign-in's code"),
    CLIENT_REFUSED("sign_in_client_refused", "the provider does not accept this gateway's client id or secret"),

    ID_TOKEN_MISSING("sign_in_id_token", "the provider gave no ID token"),
    ID_TOKEN_INVALID("sign_in_id_token", "the provider's ID token is not valid"),
    ID_TOKEN_ISSUER("sign_in_id_token", "the ID token is from another issuer"),
    ID_TOKEN_AUDIENCE("sign_in_id_token", "the ID token is for another client"),
    ID_TOKEN_AZP("sign_in_id_token", "the ID token was given to another client"),
    ID_TOKEN_NONCE("sign_in_id_token", "the ID token belongs to another sign-in"),
    ID_TOKEN_EXPIRED("sign_in_id_token", "the ID token has expired"),
    ID_TOKEN_TIMES("sign_in_id_token", "the ID token's times are not usable"),
    ID_TOKEN_SUBJECT("sign_in_id_token", "the ID token names nobody"),
    ID_TOKEN_KIND("sign_in_id_token", "what the provider gave as ID token is none"),
    ACCESS_HASH_WRONG("sign_in_id_token", "the ID token belongs to another access token"),
    TOKEN_OPAQUE(
            "sign_in_token_opaque",
            "the provider's access token cannot be read: have it give JWT access tokens for this gateway, or set"
                    + " `OIDC_SIGN_IN_TOKEN=id`"),
    TOKEN_FOREIGN(
            "sign_in_token_foreign",
            "the provider's access token is not one for this gateway: ask for one by `OIDC_SCOPES` or"
                    + " `OIDC_LOGIN_PARAMS`"),
    SUBJECT_MISMATCH("sign_in_subject_mismatch", "the ID token and the access token are of different people"),
    NOT_FRESH("sign_in_not_fresh", "the provider did not say that you signed in just now (`auth_time`)"),
    OTHER_PERSON("sign_in_other_person", "somebody else signed in than who was signed in here"),

    RENEWAL_REFUSED("sign_in_renewal_refused", "the provider did not renew your sign-in"),
    RENEWAL_FAILED("sign_in_renewal_failed", "your sign-in could not be renewed, as the provider gave no answer"),
    ENDED("sign_in_ended", "your sign-in has reached its end");

    private final String code;
    private final String detail;

    SignInFault(String code, String detail) {
        this.code = code;
        this.detail = detail;
    }

    String code() {
        return code;
    }

    String detail() {
        return detail;
    }

    /// The fault's word in the audit log.
    String reason() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether trying again later may help.
    boolean passing() {
        return switch (this) {
            case DISCOVERY_FAILED, DISCOVERY_UNUSABLE, TOKEN_ENDPOINT_FAILED, TOKEN_ENDPOINT_UNUSABLE, BUSY -> true;
            default -> false;
        };
    }
}
