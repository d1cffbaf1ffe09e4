package mistmcp.gateway.auth;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mistmcp.settings.Env;

/// How browsers are signed in with the provider.
///
/// @param scopes     the scopes asked for; `openid` is among them
/// @param token      which of the provider's tokens says who somebody is and which role they have
/// @param parameters what else the authorization request carries
public record SignInSettings(List<String> scopes, Token token, Map<String, String> parameters) {
    private static final Set<String> OURS = Set.of(
            "response_type",
            "response_mode",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            "max_age",
            "request",
            "request_uri",
            "id_token_hint",
            "claims");

    /// The token that is judged.
    public enum Token {
        /// The access token: a JWT for this gateway, judged as a bearer's is.
        ACCESS,
        /// The ID token, where the provider's access tokens are opaque.
        ID
    }

    /// Copies what is given.
    public SignInSettings {
        scopes = List.copyOf(scopes);
        parameters = Map.copyOf(parameters);
    }

    /// Reads `OIDC_SCOPES`, `OIDC_SIGN_IN_TOKEN` and `OIDC_LOGIN_PARAMS`.
    static SignInSettings read(Env env) {
        var scopes =
                List.of(env.text("OIDC_SCOPES", "openid profile email").strip().split("[\\s,]+"));
        if (!scopes.contains("openid")) {
            env.fault("OIDC_SCOPES", "expected scopes with blanks between, `openid` among them");
        }
        var token = switch (env.text("OIDC_SIGN_IN_TOKEN", "access")) {
            case "access" -> Token.ACCESS;
            case "id" -> Token.ID;
            default -> {
                env.fault("OIDC_SIGN_IN_TOKEN", "expected `access` or `id`");
                yield Token.ACCESS;
            }
        };
        var parameters = new HashMap<String, String>();
        URLUtils.parseParameters(env.text("OIDC_LOGIN_PARAMS", "")).forEach((name, values) -> {
            if (OURS.contains(name) || values.size() != 1 || name.isBlank()) {
                env.fault(
                        "OIDC_LOGIN_PARAMS",
                        "expected parameters as in a query, each once, and none that signing in sets itself, found `"
                                + name + "`");
            } else {
                parameters.put(name, values.getFirst());
            }
        });
        return new SignInSettings(scopes, token, parameters);
    }
}
