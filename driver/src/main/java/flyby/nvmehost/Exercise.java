package flyby.nvmehost;

import flyby.nvme.layout.NvmeStatus;
import flyby.sim.Prng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The same commands for a drive wherever it is: on a bench, in a simulated machine, in a virtual one. Each step has
/// what it must give, by an array of bytes; a world that gives the same to all steps has the same drive.
public final class Exercise {
    /// What a step does.
    public enum Kind {
        READ,
        WRITE,
        WRITE_THROUGH,
        COMPARE,
        WRITE_ZEROES,
        FLUSH
    }

    /// One command.
    ///
    /// @param data what is given to the drive, or must come from it; empty if it has none
    /// @param code Status Code Type and Status Code with which it must end
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    public record Step(Kind kind, long block, int count, byte[] data, int code) {}

    private Exercise() {}

    /// `count` steps for a drive of `blocks` blocks, which must be zeros; a function of `seed`.
    ///
    /// @param blockBytes 512 or 4,096
    /// @param bytesMax the most bytes of a command's data, a multiple of `blockBytes`
    public static List<Step> steps(long seed, int count, int blocks, int blockBytes, int bytesMax) {
        Prng random = new Prng(seed).child("exercise");
        byte[] medium = new byte[blocks * blockBytes];
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step(random, medium, blocks, blockBytes, bytesMax / blockBytes));
        }
        return steps;
    }

    private static Step step(Prng random, byte[] medium, int blocks, int blockBytes, int most) {
        Kind[] kinds = Kind.values();
        Kind kind = kinds[(int) random.below(kinds.length)];
        int count = 1 + (int) random.below(random.chance(1, 4) ? most : Math.min(most, 8));
        // Now and then it goes beyond the end.
        int block = (int) random.below(blocks - count + (random.chance(1, 10) ? count : 1));
        int offset = block * blockBytes;
        int byteCount = count * blockBytes;
        if (kind == Kind.FLUSH) {
            return new Step(kind, 0, 1, new byte[0], NvmeStatus.SUCCESS);
        }
        byte[] data = new byte[kind == Kind.WRITE_ZEROES ? 0 : byteCount];
        if (block + count > blocks) {
            return new Step(kind, block, count, data, NvmeStatus.LBA_OUT_OF_RANGE);
        }
        int code = NvmeStatus.SUCCESS;
        switch (kind) {
            case WRITE, WRITE_THROUGH -> {
                for (int i = 0; i < byteCount; i++) {
                    data[i] = (byte) random.nextLong();
                }
                System.arraycopy(data, 0, medium, offset, byteCount);
            }
            case COMPARE -> {
                System.arraycopy(medium, offset, data, 0, byteCount);
                if (random.chance(1, 2)) {
                    data[(int) random.below(byteCount)] ^= 1;
                    code = NvmeStatus.COMPARE_FAILURE;
                }
            }
            case WRITE_ZEROES -> Arrays.fill(medium, offset, offset + byteCount, (byte) 0);
            default -> System.arraycopy(medium, offset, data, 0, byteCount);
        }
        return new Step(kind, block, count, data, code);
    }
}
