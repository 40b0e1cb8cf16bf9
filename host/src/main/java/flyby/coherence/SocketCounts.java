package flyby.coherence;

/// What happened in a socket since the start, in lines unless it says otherwise.
public final class SocketCounts {
    long coreHits;
    long coreMisses;
    long lastLevelHits;
    long lastLevelMisses;
    long deviceReadHits;
    long deviceReadMisses;
    long deviceWriteHits;
    long deviceAllocations;
    long deviceMemoryWrites;
    long evictions;
    long writeBacks;
    long backInvalidations;
    long coreSnoops;
    long socketSnoops;

    SocketCounts() {}

    /// Accesses of cores that their own caches served.
    public long coreHits() {
        return coreHits;
    }

    /// Accesses of cores that went to the last-level cache.
    public long coreMisses() {
        return coreMisses;
    }

    /// Accesses of cores that this socket served.
    public long lastLevelHits() {
        return lastLevelHits;
    }

    /// Accesses of cores that went to memory or another socket.
    public long lastLevelMisses() {
        return lastLevelMisses;
    }

    /// Device reads that found their line in some cache.
    public long deviceReadHits() {
        return deviceReadHits;
    }

    /// Device reads that went to memory.
    public long deviceReadMisses() {
        return deviceReadMisses;
    }

    /// Device writes that updated a line of the last-level cache in place.
    public long deviceWriteHits() {
        return deviceWriteHits;
    }

    /// Device writes that took a way of the last-level cache: DDIO's write-allocates.
    public long deviceAllocations() {
        return deviceAllocations;
    }

    /// Device writes that went to memory.
    public long deviceMemoryWrites() {
        return deviceMemoryWrites;
    }

    /// Lines that the last-level cache gave up to make room.
    public long evictions() {
        return evictions;
    }

    /// Lines that this socket wrote to memory, to make room or because somebody asked.
    public long writeBacks() {
        return writeBacks;
    }

    /// Lines that cores lost because the last-level cache or its directory gave them up.
    public long backInvalidations() {
        return backInvalidations;
    }

    /// How often a core's cache was asked or told something.
    public long coreSnoops() {
        return coreSnoops;
    }

    /// How often this socket was asked or told something by another one.
    public long socketSnoops() {
        return socketSnoops;
    }
}
