package flyby.experiment;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Memory of the kernel that a device has no business with. Each piece is full of words that say whose it is, so
/// that a stolen byte is known by its looks as well as by its place.
final class Secrets {
    /// The first word of what an attacker looks for.
    static final long SIGNATURE = 0x6b6f_6f68_5f74_616eL;

    private static final long MARK = 0x5ec2_0000_0000_0000L;

    /// One allocation.
    ///
    /// @param owner for what it was allocated
    /// @param isTarget whether it begins with the signature
    record Secret(int index, String owner, long address, int byteCount, boolean isTarget) {
        boolean holds(long at) {
            return at >= address && at < address + byteCount;
        }

        /// What the kernel has stored in it.
        byte[] content() {
            byte[] bytes = new byte[byteCount];
            for (int i = 0; i < byteCount; i += Long.BYTES) {
                long word = isTarget && i == 0 ? SIGNATURE : MARK | (long) index << Integer.SIZE | i / Long.BYTES;
                LittleEndian.put(word, bytes, i, Long.BYTES);
            }
            return bytes;
        }
    }

    private final List<Secret> all = new ArrayList<>();
    private final TreeMap<Long, Secret> byAddress = new TreeMap<>();
    private final BitSet late = new BitSet();
    private final List<Secret> empty = new ArrayList<>();

    /// Allocates `byteCount` bytes (a multiple of 8) for `owner` and stores the secret.
    void keep(Kernel kernel, String owner, int byteCount, boolean isTarget) {
        Secret secret = allocate(kernel, owner, byteCount, isTarget);
        if (secret != null) {
            store(kernel.cpu(), secret);
        }
    }

    /// Allocates `byteCount` bytes for `owner`, who stores nothing there until [#fill].
    void keepLater(Kernel kernel, String owner, int byteCount) {
        Secret secret = allocate(kernel, owner, byteCount, false);
        if (secret != null) {
            empty.add(secret);
            late.set(secret.index());
        }
    }

    private @Nullable Secret allocate(Kernel kernel, String owner, int byteCount, boolean isTarget) {
        KernelMemory memory = kernel.memory();
        long address = byteCount < KernelMemory.PAGE_BYTES
                ? memory.kmalloc(byteCount, owner)
                : memory.allocatePages(order(byteCount), KernelMemory.Zone.NORMAL, owner);
        if (address == KernelMemory.NONE) {
            return null;
        }
        Secret secret = new Secret(all.size(), owner, address, byteCount, isTarget);
        all.add(secret);
        byAddress.put(address, secret);
        return secret;
    }

    private static int order(int byteCount) {
        return Integer.numberOfTrailingZeros(Integer.highestOneBit(byteCount / KernelMemory.PAGE_BYTES));
    }

    private static void store(Cpu cpu, Secret secret) {
        cpu.storeBytes(secret.address(), secret.content(), 0, secret.byteCount());
    }

    /// Stores the secrets of those who had nothing to store yet.
    void fill(Cpu cpu) {
        empty.forEach(secret -> store(cpu, secret));
        empty.clear();
    }

    /// Whether `secret` was stored only by [#fill].
    boolean isLate(Secret secret) {
        return late.get(secret.index());
    }

    /// Whose `address` is, or null if it is nobody's of these.
    @Nullable
    Secret at(long address) {
        Map.Entry<Long, Secret> below = byAddress.floorEntry(address);
        return below != null && below.getValue().holds(address) ? below.getValue() : null;
    }

    /// Whose a word looks like, or null.
    @Nullable
    Secret lookingLike(long word) {
        int index = (int) (word >>> Integer.SIZE & 0xffff);
        boolean isMarked = (word & 0xffff_0000_0000_0000L) == MARK && index < all.size();
        return isMarked ? all.get(index) : null;
    }

    /// All of them, in the order of their allocation.
    List<Secret> all() {
        return List.copyOf(all);
    }
}
