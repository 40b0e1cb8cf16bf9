package flyby.check;

/// What shows that a rule was broken.
public enum Evidence {
    /// An access by the party that does not own the byte, or by a device to a byte in no live mapping.
    OWN("ownership"),
    /// A read got a version of a byte older than the other party's latest write.
    STALE("stale"),
    /// A byte's latest write was destroyed by a write-back or an invalidation of a line.
    LOST("lost"),
    /// The calls that map and unmap, or allocate and free, do not match.
    MAP("mapping"),
    /// Something is left that nobody will give back.
    LEAK("leak"),
    /// A publication was seen without what it publishes.
    ORDER("order"),
    /// The device objects to what its driver does.
    PROTOCOL("protocol"),
    /// An address that nothing answers at, that the IOMMU refuses, or that the mask excludes.
    FAULT("fault"),
    /// Freed memory was touched, or memory that nobody was given.
    POISON("poison"),
    /// A value of the device's was used unchecked as an index, a length or a pointer, or read twice.
    TAINT("taint"),
    /// The device can see bytes that are not of the buffer.
    EXPOSED("exposed"),
    /// Completed work, but nobody is going to look.
    INTERRUPT("interrupt"),
    /// The driver never ends, throws, or waits for ever.
    PROGRESS("progress"),
    /// A call where it must not be made.
    CONTEXT("context"),
    /// The data that came out are not those that should.
    DATA("data");

    private final String word;

    Evidence(String word) {
        this.word = word;
    }

    /// As reports call it.
    public String word() {
        return word;
    }
}
