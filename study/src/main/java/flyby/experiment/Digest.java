package flyby.experiment;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 in the making, fed in pieces of any size.
final class Digest {
    private static final int PIECE_BYTES = 4096;

    private final MessageDigest sha256;
    private final byte[] piece = new byte[PIECE_BYTES];
    private int pieceBytes;

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /// The digest of all of `bytes`.
    static String of(byte[] bytes) {
        Digest digest = new Digest();
        digest.add(bytes, 0, bytes.length);
        return digest.text();
    }

    void add(byte[] from, int offset, int byteCount) {
        if (byteCount > PIECE_BYTES - pieceBytes) {
            sha256.update(piece, 0, pieceBytes);
            pieceBytes = 0;
            if (byteCount > PIECE_BYTES) {
                sha256.update(from, offset, byteCount);
                return;
            }
        }
        System.arraycopy(from, offset, piece, pieceBytes, byteCount);
        pieceBytes += byteCount;
    }

    /// The digest as 64 hexadecimal digits. Ends it.
    String text() {
        sha256.update(piece, 0, pieceBytes);
        pieceBytes = 0;
        return HexFormat.of().formatHex(sha256.digest());
    }
}
