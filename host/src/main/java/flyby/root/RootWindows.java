package flyby.root;

import flyby.base.Check;

/// Which physical addresses are no memory but ways to devices. Ends are exclusive.
///
/// @param ecamBase configuration space, 4 KiB a function: section 7.2.2; 256 MiB for 256 buses
/// @param ioBase where the CPU sees I/O space, 64 KiB
/// @param memoryBase for memory BARs of 32 bits
/// @param memoryEnd their end, at most 4 GiB
/// @param highBase for prefetchable memory BARs of 64 bits
/// @param highEnd their end
public record RootWindows(long ecamBase, long ioBase, long memoryBase, long memoryEnd, long highBase, long highEnd) {
    /// Up to four gigabytes less what firmware and interrupts need, and half a terabyte: the addresses that QEMU's
    /// q35 uses, but for I/O space, which x86 does not map.
    public static final RootWindows Q35 =
            new RootWindows(0xb000_0000L, 0xfec1_0000L, 0xc000_0000L, 0xfec0_0000L, 0x80_0000_0000L, 0x100_0000_0000L);

    static final long ECAM_BYTES = 256L << 20;
    static final long IO_BYTES = 1 << 16;

    public RootWindows {
        Check.that(ecamBase >= 0 && ecamBase % ECAM_BYTES == 0, "ECAM at 0x%x", ecamBase);
        Check.that(
                memoryBase >= 0 && memoryBase < memoryEnd && memoryEnd <= 1L << 32 && highBase < highEnd,
                "windows 0x%x-0x%x, 0x%x-0x%x",
                memoryBase,
                memoryEnd,
                highBase,
                highEnd);
    }

    boolean isConfiguration(long address) {
        return address >= ecamBase && address < ecamBase + ECAM_BYTES;
    }

    boolean isIo(long address) {
        return address >= ioBase && address < ioBase + IO_BYTES;
    }

    boolean isRegister(long address) {
        return (address >= memoryBase && address < memoryEnd) || (address >= highBase && address < highEnd);
    }

    /// Where the CPU sees `register` of the function `id`.
    public long configurationAddress(int id, int register) {
        return ecamBase + ((long) id << 12) + register;
    }
}
