package mistmcp.sim.api;

/// One habit of the Mist API that a client must cope with. All are on unless a simulator is started with them
/// off; `docs/simulator.md` has the table.
public enum Quirk {
    /// `type` and `device_type` default to `ap`, so that switches are missing from an answer that did not ask
    /// for them.
    TYPE_DEFAULTS_TO_AP,
    /// PUT changes only the root attributes that were sent. Off: it replaces the object.
    ROOT_LEVEL_PUT,
    /// A root attribute named `-attribute` removes the attribute. Off: it is ignored.
    DASH_REMOVES,
    /// A map that was sent replaces the whole map. Off: its entries are merged into the stored ones.
    MAP_REPLACED_WHOLE,
    /// PUT on `local_port_config` replaces all overrides. Off: it adds to them.
    LOCAL_PORT_CONFIG_REPLACED,
    /// `no_local_overwrite` is true when absent, so that local overrides have no effect. Off: it is false
    /// when absent.
    NO_LOCAL_OVERWRITE,
    /// Page-numbered lists tell their totals only in `X-Page-*` headers. Off: no such headers.
    PAGE_HEADERS,
    /// Searches answer a page with a relative `next` that holds `search_after`. Off: `next` is an absolute
    /// URL.
    RELATIVE_NEXT,
    /// More than 1000 rows on a page are never sent, whatever `limit` says. Off: `limit` is taken at its
    /// word.
    LIMIT_CAP,
    /// Acknowledging and device commands answer 200 without a body. Off: `{}`.
    EMPTY_BODIES,
    /// An empty bare list is `null`. Off: `[]`.
    NULL_LISTS,
    /// Times have fractions of seconds, also where the document says integer. Off: whole seconds.
    FRACTIONAL_TIMES,
    /// MAC addresses come in several forms. Off: always 12 lower-case hex digits.
    MIXED_MACS,
    /// Answers carry attributes that the document does not know. Off: only known ones.
    UNKNOWN_FIELDS,
    /// `views` of `getSelf` has a value outside its closed list. Off: it is left out.
    OPEN_ENUMS,
    /// A 404 for a device, client or alarm has no body. Off: `{"id": ...}` as for a site.
    EMPTY_NOT_FOUND,
    /// A 429 tells `Retry-After`. Off: it does not.
    RETRY_AFTER,
    /// Each token has a budget of calls, reset at the full hour. Off: no budget.
    HOURLY_BUDGET,
    /// A read token gets 403 on every write. Off: it may write.
    TOKEN_ROLES,
    /// `ack_all` and `unack_all` exist and touch every alarm. Off: 404.
    ACK_ALL,
    /// Client session and event searches ignore `mac`. Off: they filter by it.
    MAC_FILTER_IGNORED,
    /// A `*suffix` wildcard finds nothing. Off: it matches the end.
    NO_SUFFIX_WILDCARD,
    /// A write moves `modified_time` on. Off: it stays.
    MODIFIED_TIME,
    /// A write appends to the audit log. Off: it does not.
    AUDIT_LOG,
    /// `troubleshootOrg` answers 404: no Marvis subscription. Off: it answers.
    NO_MARVIS
}
