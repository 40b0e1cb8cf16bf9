package flyby.floppy;

import flyby.base.Check;
import flyby.sim.Time;

/// How a diskette is formatted: IBM System 34, double density (MFM). Intel 82077AA data sheet 290166, section
/// 5.2.6, "System 34 (Double Density) Format".
///
/// ```
/// index  GAP4a SYNC IAM GAP1 | SYNC IDAM C H R N CRC GAP2 SYNC DAM data CRC GAP3 | ...  GAP4b
///          80   12   4   50  |  12   4      4     2   22   12   4   512   2      |
/// ```
/// @param gap3Bytes GAP3, which the format command sets
/// @param bitsPerSecond the data rate at which it was written
public record DisketteFormat(
        int cylinders, int heads, int sectorsPerTrack, int sectorBytes, int gap3Bytes, long bitsPerSecond) {
    /// 3.5 inch, 1.44 MB.
    public static final DisketteFormat HIGH_DENSITY = new DisketteFormat(80, 2, 18, 512, 108, 500_000);

    /// 3.5 inch, 720 KB.
    public static final DisketteFormat DOUBLE_DENSITY = new DisketteFormat(80, 2, 9, 512, 80, 250_000);

    /// A CRC, behind the ID and behind the data.
    static final int CRC_BYTES = 2;

    private static final int PREAMBLE_BYTES = 80 + 12 + 4 + 50;
    private static final int ID_BYTES = 12 + 4 + 4 + CRC_BYTES;
    private static final int ID_TO_DATA_BYTES = 22 + 12 + 4;

    public DisketteFormat {
        Check.that(cylinders >= 1 && cylinders <= 255, "%d cylinders", cylinders);
        Check.that(heads == 1 || heads == 2, "%d heads", heads);
        Check.that(sectorsPerTrack >= 1 && sectorsPerTrack <= 255, "%d sectors", sectorsPerTrack);
        Check.that(Integer.bitCount(sectorBytes) == 1 && sectorBytes >= 128, "sectors of %d bytes", sectorBytes);
        Check.that(gap3Bytes > 0 && bitsPerSecond > 0, "gap %d, %d bit/s", gap3Bytes, bitsPerSecond);
    }

    /// How many bytes the sectors hold.
    public int byteCount() {
        return cylinders * heads * sectorsPerTrack * sectorBytes;
    }

    /// The size as the ID field has it, N: 128 bytes by 2 to the power of N.
    public int sizeCode() {
        return Integer.numberOfTrailingZeros(sectorBytes / 128);
    }

    /// How long a byte passes under the head, in picoseconds.
    public long bytePicos() {
        return 8 * Time.SECOND / bitsPerSecond;
    }

    /// The number of a sector on the diskette, from 0.
    ///
    /// @param sector on its track, from 1
    int index(int cylinder, int head, int sector) {
        return (cylinder * heads + head) * sectorsPerTrack + sector - 1;
    }

    /// Where on the track, in bytes behind the index hole, the ID field of sector `sector` (from 1) ends.
    int idEnd(int sector) {
        return PREAMBLE_BYTES + (sector - 1) * sectorSpan() + ID_BYTES;
    }

    /// How many bytes pass from the end of an ID field to the first byte of its data.
    static int idToData() {
        return ID_TO_DATA_BYTES;
    }

    /// How many bytes of a track are written before GAP4b.
    int trackBytes() {
        return PREAMBLE_BYTES + sectorsPerTrack * sectorSpan();
    }

    private int sectorSpan() {
        return ID_BYTES + ID_TO_DATA_BYTES + sectorBytes + CRC_BYTES + gap3Bytes;
    }
}
