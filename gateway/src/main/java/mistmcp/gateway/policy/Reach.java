package mistmcp.gateway.policy;

/// How what is called stands to the sites of Mist, which says whom it may serve.
public enum Reach {
    /// Its server filters arguments and results by the caller's sites.
    FILTERED,
    /// It touches the organisation as a whole: it needs all sites, unless an allow names it without a `*`.
    ORGANISATION,
    /// Its server knows nothing of sites and its configuration does not say that it has none: it needs all
    /// sites.
    UNFILTERED,
    /// Its configuration says `"sites": "none"`: sites are no matter.
    NONE
}
