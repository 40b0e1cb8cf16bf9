package flyby.function;

/// Where a function keeps the messages that are its interrupts: MSI or MSI-X.
interface MessageTable {
    /// Whether software has chosen it.
    boolean isEnabled();

    /// Whether `vector` must not be sent now.
    boolean isMasked(int vector);

    /// Whether `vector` would have been sent, had it not been masked.
    boolean isPending(int vector);

    /// Says whether `vector` is pending.
    void pending(int vector, boolean isPending);

    /// How many vectors are pending.
    int pendingCount();

    /// Where the message of `vector` goes.
    long address(int vector);

    /// What it says.
    long data(int vector);
}
