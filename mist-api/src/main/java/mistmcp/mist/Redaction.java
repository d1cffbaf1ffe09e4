package mistmcp.mist;

import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import mistmcp.json.JsonArray;
import mistmcp.json.JsonBoolean;
import mistmcp.json.JsonNull;
import mistmcp.json.JsonObject;
import mistmcp.json.JsonString;
import mistmcp.json.JsonValue;

/// Takes secrets out of what Mist sends, by the name of a member and the object that it stands in. A name
/// that is not listed is judged by how it is made, so that a secret of a newer API is taken out too. Pure.
public final class Redaction {
    /// What stands in the place of a secret.
    public static final JsonString REDACTED = new JsonString("[redacted]");

    private static final Set<String> NAMES = Set.of(
            "accesskey",
            "account_key",
            "additional_cacerts",
            "additional_config_cmds",
            "admin_sshkeys",
            "amazon_client_secret",
            "api_key",
            "api_password",
            "api_token",
            "apikey",
            "apitoken",
            "auth_key",
            "auth_keys",
            "auth_password",
            "authentication_password",
            "authorization",
            "azure_client_secret",
            "broadnet_password",
            "clickatell_api_key",
            "client_secret",
            "community_name",
            "conductor_token",
            "cookie",
            "cp_api_id",
            "cp_api_key",
            "csrftoken",
            "default_psk",
            "ecm_api_id",
            "ecm_api_key",
            "encryption_password",
            "engine_id",
            "facebook_client_secret",
            "fips_zeroize_password",
            "gateway_additional_config_cmds",
            "google_client_secret",
            "gupshup_password",
            "idp_cert",
            "invite_code",
            "jamf_access_token",
            "key_secret",
            "keypair",
            "keywrap_kek",
            "keywrap_mack",
            "ldap_bind_password",
            "ldap_client_cert",
            "ldap_client_key",
            "lte_password",
            "magic",
            "mesh_psk",
            "microsoft_client_secret",
            "mist_password",
            "oauth2_client_secret",
            "oauth2_password",
            "oauth_cc_client_secret",
            "oauth_ropc_client_secret",
            "old_passphrase",
            "openroaming_wba_client_cert",
            "openroaming_wba_client_key",
            "org_apitoken",
            "otp",
            "partner_key",
            "passcode",
            "passphrase",
            "passwd",
            "password",
            "pin",
            "poser_password",
            "portal_api_secret",
            "portal_authorize_jwt_secret",
            "pre_shared_key",
            "private_key",
            "psk",
            "puzzel_password",
            "recovery_code",
            "referer_invite_token",
            "registration_code",
            "root_password",
            "scim_secret_token",
            "secret",
            "shared_secret",
            "sitekey",
            "smsglobal_api_key",
            "smsglobal_api_secret",
            "splunk_token",
            "ssh_keys",
            "ssh_private_key",
            "sso_idp_cert",
            "telstra_client_secret",
            "token",
            "twilio_auth_token",
            "two_factor_secret",
            "verify_token",
            "webhook_password",
            "webhook_secret",
            "webhook_token",
            "wep_key");

    private static final Set<String> HARMLESS = Set.of("password_policy", "psk_id", "psk_ids", "psk_name");

    /// Objects in which a plain `key`, `keys`, `private` or `cert` is a secret.
    private static final Set<String> PLACES = Set.of(
            "acct_servers",
            "auth",
            "auth_servers",
            "cacerts_configs",
            "cert",
            "certificate",
            "coa_servers",
            "device_cert",
            "radius",
            "radius_config",
            "radsec",
            "server_cert",
            "tacacct_servers",
            "tacacs",
            "tacplus_servers",
            "tls");

    private static final Set<String> ONLY_IN_PLACE = Set.of("key", "keys", "private", "cert");

    private Redaction() {}

    /// The value with every secret replaced by [#REDACTED].
    public static JsonValue redact(JsonValue value) {
        return redact(value, _ -> REDACTED);
    }

    /// The object with every secret replaced by [#REDACTED].
    public static JsonObject redact(JsonObject object) {
        return object(object, _ -> REDACTED, false);
    }

    /// The value with every secret replaced by what a function makes of it, such as its digest.
    public static JsonValue redact(JsonValue value, UnaryOperator<JsonValue> standIn) {
        return value(value, standIn, false);
    }

    /// Whether a member of this name is a secret wherever it stands.
    public static boolean isSecret(String name) {
        var plain = name.toLowerCase(Locale.ROOT);
        return !HARMLESS.contains(plain)
                && (NAMES.contains(plain)
                        || plain.endsWith("_secret")
                        || plain.endsWith("_token")
                        || plain.endsWith("_key")
                        || plain.endsWith("_password")
                        || plain.endsWith("_passphrase")
                        || plain.endsWith("_psk")
                        || plain.endsWith("config_cmds"));
    }

    private static JsonValue value(JsonValue value, UnaryOperator<JsonValue> standIn, boolean inPlace) {
        return switch (value) {
            case JsonObject object -> object(object, standIn, inPlace);
            case JsonArray array ->
                new JsonArray(array.stream()
                        .map(element -> value(element, standIn, inPlace))
                        .toList());
            default -> value;
        };
    }

    private static JsonObject object(JsonObject object, UnaryOperator<JsonValue> standIn, boolean inPlace) {
        var members = new java.util.LinkedHashMap<String, JsonValue>();
        object.members().forEach((name, member) -> {
            var plain = name.toLowerCase(Locale.ROOT);
            boolean secret = isSecret(plain) || (inPlace && ONLY_IN_PLACE.contains(plain));
            boolean place = PLACES.contains(plain) || (inPlace && !(member instanceof JsonObject));
            members.put(name, secret && holdsText(member) ? standIn.apply(member) : value(member, standIn, place));
        });
        return new JsonObject(members);
    }

    /// A secret is text, or holds some; a `true` or a number under such a name is a switch or a count.
    private static boolean holdsText(JsonValue value) {
        return switch (value) {
            case JsonString text -> !text.value().isEmpty();
            case JsonArray array -> !array.isEmpty();
            case JsonObject object -> !object.isEmpty();
            case JsonBoolean _, JsonNull _ -> false;
            default -> true;
        };
    }
}
