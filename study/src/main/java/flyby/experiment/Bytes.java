package flyby.experiment;

import flyby.sim.Prng;
import java.util.Arrays;

/// What an experiment sends, and what arrives of it: piece by piece, so that all of it is compared in the end.
final class Bytes {
    private final byte[] sent;
    private final byte[] arrived;
    private int count;

    /// Random bytes.
    ///
    /// @param byteCount of all pieces together
    Bytes(long seed, int byteCount) {
        sent = new byte[byteCount];
        arrived = new byte[byteCount];
        Prng prng = new Prng(seed);
        for (int i = 0; i < byteCount; i++) {
            sent[i] = (byte) prng.below(256);
        }
    }

    /// The next piece, of `byteCount` bytes.
    byte[] next(int byteCount) {
        return Arrays.copyOfRange(sent, count, count + byteCount);
    }

    /// That piece as it has arrived.
    void arrived(byte[] piece) {
        System.arraycopy(piece, 0, arrived, count, piece.length);
        count += piece.length;
    }

    long count() {
        return count;
    }

    String arrivedDigest() {
        return Digest.of(arrived);
    }

    String sentDigest() {
        return Digest.of(sent);
    }
}
