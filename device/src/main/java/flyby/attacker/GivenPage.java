package flyby.attacker;

/// A page that the driver has given the device a buffer in, and that the device keeps in mind.
final class GivenPage {
    /// None.
    static final GivenPage NONE = new GivenPage(0, 0);

    private final long page;
    private final long start;
    private long byteCount;
    private boolean isReturned;
    private boolean isRead;
    private int line;

    GivenPage(long start, long byteCount) {
        this.page = start & -Malice.PAGE_BYTES;
        this.start = start;
        give(byteCount);
    }

    /// It is given again, perhaps for another buffer.
    void give(long newByteCount) {
        byteCount = newByteCount;
        isReturned = false;
        isRead = false;
    }

    /// The driver has it back.
    void giveBack() {
        isReturned = true;
    }

    /// All of it has been read since it was given, or that was refused.
    void read() {
        isRead = true;
    }

    boolean isRead() {
        return isRead;
    }

    long page() {
        return page;
    }

    boolean isBuffer(long address) {
        return address == start;
    }

    /// Whether the device is to work with the line at `address` now.
    boolean isInUse(long address) {
        return !isReturned && address < start + byteCount && address + Malice.LINE_BYTES > start;
    }

    /// The line to try next: one after the other, so that in time all are tried.
    long nextLine() {
        line = (line + 1) % (Malice.PAGE_BYTES / Malice.LINE_BYTES);
        return page + (long) line * Malice.LINE_BYTES;
    }
}
