package mistmcp.gateway.model.planner;

import java.util.regex.Pattern;

/// How a postal address stands in a sentence.
final class Address {
    /// Group 1 is the address.
    static final Pattern PATTERN = Pattern.compile(
            "(?i)\\b(?:at|address(?: is)?:?|located (?:at|in)|in(?=\\s+[^,\"']{2,60},\\s*\\p{L}))\\s+(?!(?:the"
                    + " )?(?:same|site)\\b)([^\"'“”;]{3,200}?)"
                    + "(?=,?\\s+(?:with|using|like|named|called|and|same)\\b|[.;]?\\s*$)");

    private Address() {}
}
