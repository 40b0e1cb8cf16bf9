package flyby.subjects;

import flyby.base.Check;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import flyby.sim.Prng;
import java.util.Arrays;

/// Memory of a subject's own, and bytes that look like nothing else.
final class Pattern {
    private Pattern() {}

    /// `byteCount` bytes.
    static byte[] bytes(long seed, int byteCount) {
        Prng random = new Prng(seed);
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) random.nextLong();
        }
        return bytes;
    }

    /// Memory for `byteCount` bytes, in whole pages.
    static long pages(Kernel kernel, int byteCount, String purpose) {
        long address = kernel.memory().allocatePages(KernelMemory.order(byteCount), KernelMemory.Zone.NORMAL, purpose);
        Check.that(address != KernelMemory.NONE, "no memory for %s", purpose);
        return address;
    }

    /// Gives back what [#pages] gave.
    static void free(Kernel kernel, long address, int byteCount) {
        kernel.memory().freePages(address, KernelMemory.order(byteCount));
    }

    /// Whether the CPU sees `bytes` at `address`.
    static boolean isAt(Kernel kernel, long address, byte[] bytes) {
        byte[] seen = new byte[bytes.length];
        kernel.cpu().loadBytes(address, seen, 0, seen.length);
        return Arrays.equals(seen, bytes);
    }
}
