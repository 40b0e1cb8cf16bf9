package flyby.iommu;

import flyby.memory.PhysicalMemory;

/// What a translation comes to, read from the specification's tables: no caches, no time, bits typed in by hand.
/// Intel VT-d, sections 9.1, 9.3 and 9.8; levels and page sizes as given.
final class ReferenceWalker {
    /// @param fault the reason, or 0
    /// @param allowed 1 to be read, 2 to be written
    record Result(int fault, long address, int allowed, int pageShift) {
        static Result fault(int reason) {
            return new Result(reason, 0, 0, 0);
        }
    }

    private final PhysicalMemory memory;
    private final long memoryBytes;
    private final int addressBits;
    private final int levelsMax;
    private final boolean has2Mib;
    private final boolean has1Gib;

    ReferenceWalker(
            PhysicalMemory memory, long memoryBytes, int addressBits, int levelsMax, boolean has2Mib, boolean has1Gib) {
        this.memory = memory;
        this.memoryBytes = memoryBytes;
        this.addressBits = addressBits;
        this.levelsMax = levelsMax;
        this.has2Mib = has2Mib;
        this.has1Gib = has1Gib;
    }

    Result walk(long root, int requesterId, long iova, boolean write) {
        long rootEntry = root + (requesterId >>> 8) * 16L;
        if (!isMemory(rootEntry, 16)) {
            return Result.fault(0x8);
        }
        long rootLow = memory.read64(rootEntry);
        if ((rootLow & 1) == 0) {
            return Result.fault(0x1);
        }
        if ((rootLow & 0xffe) != 0 || memory.read64(rootEntry + 8) != 0) {
            return Result.fault(0xa);
        }
        long contextEntry = (rootLow & ~0xfffL) + (requesterId & 0xff) * 16L;
        if (!isMemory(contextEntry, 16)) {
            return Result.fault(0x9);
        }
        long low = memory.read64(contextEntry);
        long high = memory.read64(contextEntry + 8);
        if ((low & 1) == 0) {
            return Result.fault(0x2);
        }
        if ((low & 0xff0) != 0 || high >>> 24 != 0) {
            return Result.fault(0xb);
        }
        int levels = (int) (high & 7) + 2;
        if ((low & 0xc) == 0xc || levels < 3 || levels > levelsMax) {
            return Result.fault(0x3);
        }
        if (iova >>> (9 * levels + 12) != 0) {
            return Result.fault(0x4);
        }
        if ((low & 0xc) == 0x8) {
            return new Result(0, iova, 3, 12);
        }
        return tables(low & ~0xfffL, levels, iova, write);
    }

    private Result tables(long top, int levels, long iova, boolean write) {
        long table = top;
        int allowed = 3;
        for (int level = levels; level >= 1; level--) {
            int shift = 12 + 9 * (level - 1);
            long at = table + (iova >>> shift & 0x1ff) * 8;
            if (!isMemory(at, 8)) {
                return Result.fault(0x7);
            }
            long entry = memory.read64(at);
            if ((entry & 3) == 0) {
                return Result.fault(write ? 0x5 : 0x6);
            }
            boolean ps = (entry & 0x80) != 0;
            boolean isPage = level == 1 || (ps && ((level == 2 && has2Mib) || (level == 3 && has1Gib)));
            long reserved = (1L << 52) - (1L << addressBits);
            if (isPage) {
                reserved |= (1L << shift) - 4096;
            } else {
                reserved |= 0x80 | 0x800 | 1L << 62;
            }
            if ((entry & reserved) != 0) {
                return Result.fault(0xc);
            }
            allowed &= (int) entry & 3;
            long address = entry & 0xf_ffff_ffff_f000L;
            if (isPage) {
                return (allowed & (write ? 2 : 1)) == 0
                        ? Result.fault(write ? 0x5 : 0x6)
                        : new Result(0, address | (iova & ((1L << shift) - 1)), allowed, shift);
            }
            table = address;
        }
        throw new AssertionError("the last level is always a page");
    }

    private boolean isMemory(long address, int byteCount) {
        return address >= 0 && address <= memoryBytes - byteCount;
    }
}
