package flyby.coherence;

/// What was written to memory a short time ago, by whom, and what was there before: for cores that load early.
///
/// There is one only if some core does. It holds the last writes, as many as fit; what it does not hold any more
/// nobody can load early past.
public final class RecentWrites {
    private static final int WRITES = 1024;
    private static final int WRITE_MASK = WRITES - 1;
    private static final int BYTES = 1 << 16;
    private static final int BYTE_MASK = BYTES - 1;

    private final Interconnect interconnect;
    private final long[] timesPicos = new long[WRITES];
    private final long[] addresses = new long[WRITES];
    private final int[] byteCounts = new int[WRITES];
    private final int[] writers = new int[WRITES];
    private final boolean[] around = new boolean[WRITES];
    /// Where in [#before] the bytes of each begin; counted on and on.
    private final long[] places = new long[WRITES];

    private final byte[] before = new byte[BYTES];
    private final byte[] line;
    private long writeCount;
    private long byteCount;
    private long oldest;
    private long completeSincePicos;

    RecentWrites(Interconnect interconnect) {
        this.interconnect = interconnect;
        this.line = new byte[interconnect.parameters.lineBytes()];
    }

    /// When the last write was.
    public long latestPicos() {
        return writeCount == 0 ? -1 : timesPicos[(int) (writeCount - 1) & WRITE_MASK];
    }

    /// Since when all writes are here.
    public long completeSincePicos() {
        return completeSincePicos;
    }

    /// Whether any cache has the line of `address`.
    public boolean isCached(long address) {
        return socketOf(address) >= 0;
    }

    /// Undoes in `into`, which holds these bytes as they are now, what others than `reader` have written after
    /// `sincePicos`.
    ///
    /// @param isUncached whether they come from memory itself
    /// @param wasCached whether some cache had them
    public void restore(
            int reader,
            long sincePicos,
            long address,
            byte[] into,
            int offset,
            int count,
            boolean isUncached,
            boolean wasCached) {
        for (long each = writeCount - 1; each >= oldest; each--) {
            int i = (int) each & WRITE_MASK;
            if (timesPicos[i] <= sincePicos) {
                return;
            }
            // What went around the caches is not what a load from them finds.
            boolean concerns = around[i] ? isUncached || !wasCached : !isUncached;
            if (writers[i] != reader && concerns) {
                long first = Math.max(address, addresses[i]);
                long end = Math.min(address + count, addresses[i] + byteCounts[i]);
                for (long at = first; at < end; at++) {
                    into[offset + (int) (at - address)] = before[(int) (places[i] + (at - addresses[i])) & BYTE_MASK];
                }
            }
        }
    }

    /// The latest time at which a load of `reader` would still have missed what somebody else wrote to these bytes
    /// between `sincePicos` and `untilPicos`: just before the last such write.
    ///
    /// @return `sincePicos` or later; -1 if there was none
    public long justBefore(int reader, long sincePicos, long untilPicos, long address, int count) {
        for (long each = writeCount - 1; each >= oldest; each--) {
            int i = (int) each & WRITE_MASK;
            if (timesPicos[i] <= sincePicos) {
                return -1;
            }
            if (timesPicos[i] <= untilPicos
                    && writers[i] != reader
                    && addresses[i] < address + count
                    && address < addresses[i] + byteCounts[i]) {
                return timesPicos[i] - 1;
            }
        }
        return -1;
    }

    /// These bytes are about to be written.
    ///
    /// @param isAround whether to memory itself, whatever caches have
    void add(int writer, long address, int count, boolean isAround) {
        int done = 0;
        int lineBytes = line.length;
        while (done < count) {
            long at = address + done;
            int part = Math.min(count - done, lineBytes - (int) (at & (lineBytes - 1)));
            addPart(writer, at, part, isAround);
            done += part;
        }
    }

    private void addPart(int writer, long address, int count, boolean isAround) {
        int socket = isAround ? -1 : socketOf(address);
        if (socket < 0) {
            interconnect.bytes.read(address, line, 0, count);
        } else {
            Socket holder = interconnect.sockets[socket];
            int slot = holder.lines.find(address / line.length);
            int within = (int) (address & (line.length - 1));
            System.arraycopy(holder.newestIn(slot), holder.newestAt(slot) + within, line, 0, count);
        }
        int i = (int) writeCount & WRITE_MASK;
        timesPicos[i] = interconnect.simulation.nowPicos();
        addresses[i] = address;
        byteCounts[i] = count;
        writers[i] = writer;
        around[i] = isAround;
        places[i] = byteCount;
        for (int at = 0; at < count; at++) {
            before[(int) (byteCount + at) & BYTE_MASK] = line[at];
        }
        writeCount++;
        byteCount += count;
        while (writeCount - oldest > WRITES - 1 || byteCount - places[(int) oldest & WRITE_MASK] > BYTES) {
            completeSincePicos = timesPicos[(int) oldest & WRITE_MASK];
            oldest++;
        }
    }

    private int socketOf(long address) {
        for (Socket socket : interconnect.sockets) {
            if (socket.lines.find(address / line.length) != LineArray.NONE) {
                return socket.index;
            }
        }
        return -1;
    }
}
