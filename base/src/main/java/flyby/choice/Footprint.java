package flyby.choice;

/// What a decision is about: an access of somebody to some bytes. Two that touch no byte in common, or only read it,
/// give the same whichever is first.
///
/// @param party who makes the access: `cpu0`, `cpu0 handler`, a device's name
/// @param address physical; negative if it is not known, or if what is touched is more than these bytes
/// @param byteCount 1 or more
public record Footprint(String party, long address, long byteCount, boolean isWrite) {
    private static final long UNKNOWN = -1;

    /// Of an access that may be to anything.
    public static Footprint unknown(String party) {
        return new Footprint(party, UNKNOWN, 1, true);
    }

    public boolean isKnown() {
        return address >= 0;
    }

    /// Whether it may make a difference which of the two is first.
    public boolean conflictsWith(Footprint other) {
        return !party.equals(other.party)
                && (isWrite || other.isWrite)
                && (!isKnown()
                        || !other.isKnown()
                        || (address < other.address + other.byteCount && other.address < address + byteCount));
    }
}
