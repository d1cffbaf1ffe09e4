package mistmcp.gateway.auth;

import java.util.Locale;

/// Why a token is refused. The audit log has the exact fault; a caller sees its code, and those of faults
/// that are found before the signature is checked all look the same.
enum TokenFault {
    HEADER_MISSING(401, "token_missing", "send a token as `Authorization: Bearer ...`"),
    HEADER_MALFORMED(400, "authorization_malformed", "expected one header `Authorization: Bearer <token>`"),
    TOKEN_IN_QUERY(400, "authorization_malformed", "a token belongs into the Authorization header, not the address"),
    KEYS_UNAVAILABLE(503, "keys_unavailable", "tokens cannot be checked now: the provider's keys are not available"),

    TOO_LONG,
    NOT_THREE_PARTS,
    ENCRYPTED,
    EMPTY_PART,
    UNSIGNED,
    NOT_BASE64URL,
    NOT_CANONICAL,
    HEADER_NOT_JSON,
    HEADER_NOT_UTF8,
    HEADER_DUPLICATE_KEY,
    ALG_MISSING,
    ALG_NONE,
    ALG_SYMMETRIC,
    ALG_NOT_ACCEPTED,
    CRITICAL_HEADER,
    UNENCODED_PAYLOAD,
    COMPRESSED,
    NESTED,
    KEY_IN_HEADER,
    TYP_NOT_ACCEPTED,
    KEY_ID_MALFORMED,
    KEY_ID_MISSING,
    DEV_KEY,
    KEY_UNKNOWN,
    KEY_ALG_MISMATCH,
    SIGNATURE_INVALID,

    CLAIMS_NOT_JSON("token_claims", "the token's claims are not a JSON object"),
    CLAIMS_NOT_UTF8("token_claims", "the token's claims are not valid UTF-8"),
    CLAIMS_DUPLICATE_KEY("token_claims", "the token names a claim twice"),
    CLAIMS_TOO_DEEP("token_claims", "the token's claims nest too deep"),
    TIME_MALFORMED("token_claims", "`exp`, `iat` and `nbf` must be numbers of seconds"),
    EXP_MISSING("token_lifetime", "the token has no `exp`"),
    EXP_BEFORE_IAT("token_lifetime", "the token ends before it begins"),
    LIFE_TOO_LONG("token_lifetime", "the token lives longer than is accepted"),
    EXPIRED("token_expired", "the token has expired"),
    NOT_YET_VALID("token_not_yet_valid", "the token is not valid yet (`nbf`)"),
    ISSUED_IN_FUTURE("token_not_yet_valid", "the token was issued in the future (`iat`)"),
    ISSUER_MISSING("token_issuer", "the token has no `iss`"),
    ISSUER_NOT_ACCEPTED("token_issuer", "the token's issuer is not accepted"),
    AUDIENCE_MISSING("token_audience", "the token has no `aud`"),
    AUDIENCE_MALFORMED("token_audience", "the token's `aud` is neither text nor a list of text"),
    AUDIENCE_NOT_ACCEPTED("token_audience", "the token is for another audience"),
    SUBJECT_MISSING("token_subject", "the token has no `sub`"),
    SUBJECT_MALFORMED("token_subject", "the token's `sub` is not usable text"),
    ID_TOKEN("token_kind", "this is an ID token; send an access token"),
    NOT_AN_ACCESS_TOKEN("token_kind", "this is no access token"),
    SENDER_CONSTRAINED("token_kind", "the token is bound to a key (`cnf`), which is not supported"),
    CLIENT_MALFORMED("token_client", "the token's client is not usable text"),
    CLIENT_NOT_ALLOWED("token_client", "the token was given to a client that is not allowed"),
    NO_ROLE(403, "no_role", "none of the token's values gives a role"),
    GROUPS_OVERAGE(
            403,
            "groups_overage",
            "the provider left the groups out of the token, as there are too many: use app roles, or restrict the groups"
                    + " in the token to those assigned to the application"),
    TOO_MANY_ROLES(403, "too_many_roles", "the token has more role values than are looked at");

    private final int status;
    private final String code;
    private final String detail;

    TokenFault() {
        this("token_invalid", "the token is not valid");
    }

    TokenFault(String code, String detail) {
        this(401, code, detail);
    }

    TokenFault(int status, String code, String detail) {
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    int status() {
        return status;
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
}
