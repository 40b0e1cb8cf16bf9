package flyby.trace;

/// A 64-bit hash of everything that a trace tells, signals excepted: equal runs have equal hashes.
///
/// Not cryptographic. Signals are left out, so that asking for a waveform does not change the hash: it covers what
/// happened and when, to whom and where, and not the data on the wires.
public final class HashSink implements TraceSink {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private long hash = 0x666C_7962_79L;
    private long recordCount;

    /// The hash of all records so far.
    public long hash() {
        return mix(hash);
    }

    /// The hash as 16 hexadecimal digits.
    public String text() {
        return String.format("%016x", hash());
    }

    /// How many records there were, definitions excepted.
    public long recordCount() {
        return recordCount;
    }

    @Override
    public void defineTrack(int track, String group, String name) {
        add(1, track);
        add(group);
        add(name);
    }

    @Override
    public void defineName(int name, String text) {
        add(2, name);
        add(text);
    }

    @Override
    public void begin(long timePicos, int track, int name, long transfer, long argument) {
        recordCount++;
        add(3 + ((long) track << 8) + ((long) name << 32), timePicos);
        add(transfer, argument);
    }

    @Override
    public void end(long timePicos, int track) {
        recordCount++;
        add(4 + ((long) track << 8), timePicos);
    }

    @Override
    public void instant(long timePicos, int track, int name, long transfer, long argument) {
        recordCount++;
        add(5 + ((long) track << 8) + ((long) name << 32), timePicos);
        add(transfer, argument);
    }

    @Override
    public void counter(long timePicos, int track, int name, long value) {
        recordCount++;
        add(6 + ((long) track << 8) + ((long) name << 32), timePicos);
        add(0, value);
    }

    @Override
    public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
        recordCount++;
        add(8 + ((long) phase << 32), timePicos);
        add(transfer, byteCount);
    }

    @Override
    public void phase(long timePicos, long transfer, int phase) {
        recordCount++;
        add(9 + ((long) phase << 32), timePicos);
        add(transfer, 0);
    }

    @Override
    public void transferEnd(long timePicos, long transfer) {
        recordCount++;
        add(10, timePicos);
        add(transfer, 0);
    }

    private void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(7, text.charAt(i));
        }
    }

    private void add(long a, long b) {
        hash = (Long.rotateLeft(hash, 23) ^ a) * MULTIPLIER;
        hash = (Long.rotateLeft(hash, 23) ^ b) * MULTIPLIER;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
        return a ^ (a >>> 32);
    }
}
