package flyby.nvme;

import org.jspecify.annotations.Nullable;

/// Accesses of one size: made when they are first needed, up to a limit, and then used again.
final class AccessPool {
    private final HostMemory memory;
    private final int byteCountMax;
    private final int limit;
    private int made;
    private @Nullable HostAccess free;

    AccessPool(HostMemory memory, int byteCountMax, int limit) {
        this.memory = memory;
        this.byteCountMax = byteCountMax;
        this.limit = limit;
    }

    /// The most bytes of an access.
    int byteCountMax() {
        return byteCountMax;
    }

    /// A free access, or null if all are taken.
    @Nullable
    HostAccess take() {
        HostAccess taken = free;
        if (taken != null) {
            free = taken.next;
            taken.next = null;
            return taken;
        }
        if (made == limit) {
            return null;
        }
        made++;
        return new HostAccess(memory, this, byteCountMax);
    }

    void give(HostAccess access) {
        access.taker = null;
        access.command = null;
        access.queue = null;
        access.completions = null;
        access.isKept = false;
        access.isStale = false;
        access.next = free;
        free = access;
    }
}
