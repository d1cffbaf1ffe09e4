package mistmcp.mist;

import java.util.Optional;

/// The id of a Mist site.
public record SiteId(String value) {
    /// Takes a UUID in lower case.
    ///
    /// @throws IllegalArgumentException when the text is no such UUID
    public SiteId {
        if (!Uuids.isUuid(value)) {
            throw new IllegalArgumentException("not a Mist id");
        }
    }

    /// The id of a text in any case; empty when it is no UUID.
    public static Optional<SiteId> of(String text) {
        return Uuids.of(text).map(SiteId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
