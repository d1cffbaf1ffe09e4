package mistmcp.mist;

import java.util.Optional;

/// The id of a Mist device; for hardware it ends in the MAC address.
public record DeviceId(String value) {
    /// Takes a UUID in lower case.
    ///
    /// @throws IllegalArgumentException when the text is no such UUID
    public DeviceId {
        if (!Uuids.isUuid(value)) {
            throw new IllegalArgumentException("not a Mist id");
        }
    }

    /// The id of a text in any case; empty when it is no UUID.
    public static Optional<DeviceId> of(String text) {
        return Uuids.of(text).map(DeviceId::new);
    }

    @Override
    public String toString() {
        return value;
    }
}
