package flyby.link;

import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.PacketSizes;
import flyby.pcie.WriteRun;

/// The time that bytes take on the wires of one direction.
///
/// Bytes that follow each other without a gap lose nothing to rounding: each end is the exact one, rounded up.
final class Wire {
    /// Symbols of a SKP ordered set with 128b/130b, on each lane: section 4.2.7.1. One block.
    private static final int BLOCK_SYMBOLS = 16;

    /// The most blocks from one SKP ordered set to the next with 128b/130b: section 4.2.7.3.
    private static final int SKIP_INTERVAL_BLOCKS = 375;

    private final long numerator;
    private final long denominator;
    private final int overheadBytes;
    private final int skipBytes;
    private final long skipIntervalPicos;
    private long freeAtPicos;
    /// The exact end lies this many [#denominator]ths of a picosecond before [#freeAtPicos].
    private long lag;
    private long nextSkipPicos;
    private long busyPicos;
    // What the length before this one took: most packets are as long as the one before.
    private int knownBytes;
    private long knownPicos;
    private long knownLag;

    Wire(LinkRate rate, boolean skips) {
        Generation generation = rate.generation();
        boolean flits = generation.isFlitMode();
        // A FLIT has room for TLPs in some of its bytes, without framing.
        numerator = rate.picosNumerator() * (flits ? PacketSizes.FLIT_BYTES : 1);
        denominator = rate.picosDenominator() * (flits ? PacketSizes.FLIT_TLP_BYTES : 1);
        overheadBytes = flits ? 0 : PacketSizes.linkOverheadBytes(generation);
        boolean symbols = generation.dataBits() == 8;
        int lanes = rate.width().lanes();
        skipBytes = (symbols ? PacketSizes.SKP_BYTES : BLOCK_SYMBOLS) * lanes;
        int intervalSymbols = symbols ? PacketSizes.SKP_INTERVAL_BYTES : BLOCK_SYMBOLS * SKIP_INTERVAL_BLOCKS;
        skipIntervalPicos = rate.picosFor((long) intervalSymbols * lanes);
        nextSkipPicos = skips ? skipIntervalPicos : Long.MAX_VALUE;
    }

    /// When whatever is on the wire has passed.
    long freeAtPicos() {
        return freeAtPicos;
    }

    /// How long something has been on the wire, all together.
    long busyPicos() {
        return busyPicos;
    }

    /// From when on the next SKP ordered set is due.
    long nextSkipPicos() {
        return nextSkipPicos;
    }

    /// A TLP of `tlpBytes` (header to digest) from `startPicos` on.
    ///
    /// @return when its last symbol has passed
    long sendTlp(long startPicos, int tlpBytes) {
        return send(startPicos, tlpBytes + overheadBytes);
    }

    /// `count` TLPs of `tlpBytes` each from `startPicos` on, one behind the other.
    ///
    /// @return when the last symbol of the last has passed
    long sendTlps(long startPicos, int tlpBytes, int count) {
        assert startPicos >= freeAtPicos : startPicos;
        long parts = count * partsOf(tlpBytes) - lagAt(startPicos);
        long picos = Math.ceilDiv(parts, denominator);
        lag = picos * denominator - parts;
        busyPicos += picos;
        freeAtPicos = startPicos + picos;
        return freeAtPicos;
    }

    /// What a TLP of `tlpBytes` takes, in [#denominator]ths of a picosecond.
    long partsOf(int tlpBytes) {
        return (tlpBytes + overheadBytes) * numerator;
    }

    /// How much of the picosecond before `startPicos` is still free, in the same unit.
    long lagAt(long startPicos) {
        return startPicos == freeAtPicos ? lag : 0;
    }

    /// See [#partsOf].
    long denominator() {
        return denominator;
    }

    /// A time that the packets of `run`, without the last one, take at least.
    long atLeastPicos(WriteRun run) {
        int packetBytes = PacketSizes.HEADER_3DW_BYTES + overheadBytes;
        long wholes = run.leftBytes() / run.largestBytes() - 1;
        return wholes <= 0 ? 0 : wholes * (run.largestBytes() + packetBytes) * numerator / denominator - 1;
    }

    /// `byteCount` bytes from `startPicos` on, which is not before the wire is free.
    long send(long startPicos, int byteCount) {
        assert startPicos >= freeAtPicos : startPicos;
        if (byteCount != knownBytes) {
            knownBytes = byteCount;
            knownPicos = Math.ceilDiv(byteCount * numerator, denominator);
            knownLag = knownPicos * denominator - byteCount * numerator;
        }
        lag = startPicos == freeAtPicos ? lag + knownLag : knownLag;
        long end = startPicos + knownPicos;
        if (lag >= denominator) {
            lag -= denominator;
            end--;
        }
        busyPicos += end - startPicos;
        freeAtPicos = end;
        return end;
    }

    /// The SKP ordered set that is due, no earlier than the wire is free.
    ///
    /// @param untilPicos those that fell into idle time before this are over by now
    void skip(long untilPicos) {
        if (freeAtPicos < nextSkipPicos && untilPicos > nextSkipPicos) {
            long over = (untilPicos - nextSkipPicos) / skipIntervalPicos;
            nextSkipPicos += over * skipIntervalPicos;
            busyPicos += over * Math.ceilDiv(skipBytes * numerator, denominator);
        }
        send(Math.max(nextSkipPicos, freeAtPicos), skipBytes);
        nextSkipPicos += skipIntervalPicos;
    }

    /// Nothing passes before `timePicos`.
    void occupyUntil(long timePicos) {
        freeAtPicos = Math.max(freeAtPicos, timePicos);
        lag = 0;
    }

    /// What is on the wire is lost.
    void clear(long nowPicos) {
        freeAtPicos = nowPicos;
        lag = 0;
    }
}
