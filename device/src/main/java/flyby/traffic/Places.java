package flyby.traffic;

import flyby.sim.Prng;

/// Where in its window each operation of a job goes.
final class Places {
    private long address;
    private long unitBytes = 1;
    private long count = 1;
    private long stride;
    private boolean random;
    private Prng prng = new Prng(0);
    private long next;

    /// @param stride places from one operation to the next
    /// @param random whether they are drawn instead
    void begin(long address, long windowBytes, long unitBytes, long stride, boolean random, long seed) {
        this.address = address;
        this.unitBytes = unitBytes;
        this.count = Math.max(1, windowBytes / unitBytes);
        this.stride = stride % count;
        this.random = random;
        this.prng = new Prng(seed);
        this.next = 0;
    }

    /// The address of the next operation's place.
    long next() {
        long place = random ? prng.below(count) : next;
        next = (next + stride) % count;
        return address + place * unitBytes;
    }
}
