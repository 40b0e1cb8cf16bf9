package flyby.kernel;

import flyby.bus.Cpu;

/// Registers, or memory, of a device that the CPU can reach: what `ioremap` returns, with its accessors. Offsets
/// count from the beginning of the region; an access beyond its end is not made, warns, and reads as all ones.
///
/// `readX` and `writeX` are ordered: stores to memory before a write are visible before the device sees it, and loads
/// of memory after a read are done after it. The relaxed ones are ordered only among themselves
/// (`Documentation/driver-api/device-io.rst`).
public final class IoMemory {
    private final Kernel kernel;
    private final long address;
    private final long byteCount;

    /// @param address physical, of the first byte
    public IoMemory(Kernel kernel, long address, long byteCount) {
        this.kernel = kernel;
        this.address = address;
        this.byteCount = byteCount;
    }

    /// Where the CPU finds `offset`, for what takes an address: string moves, and copies to write-combining memory.
    public long address(long offset) {
        return address + offset;
    }

    public long byteCount() {
        return byteCount;
    }

    /// `readb`.
    public int read8(long offset) {
        return isWithin(offset, 1) ? cpu().mmioRead8(address + offset) : 0xff;
    }

    /// `readw`.
    public int read16(long offset) {
        return isWithin(offset, 2) ? cpu().mmioRead16(address + offset) : 0xffff;
    }

    /// `readl`.
    public long read32(long offset) {
        return isWithin(offset, 4) ? cpu().mmioRead32(address + offset) : 0xffff_ffffL;
    }

    /// `readq`.
    public long read64(long offset) {
        return isWithin(offset, 8) ? cpu().mmioRead64(address + offset) : -1L;
    }

    /// `readl_relaxed`.
    public long read32Relaxed(long offset) {
        return isWithin(offset, 4) ? cpu().mmioRead32Relaxed(address + offset) : 0xffff_ffffL;
    }

    /// `writeb`.
    public void write8(long offset, int value) {
        if (isWithin(offset, 1)) {
            cpu().mmioWrite8(address + offset, value);
        }
    }

    /// `writew`.
    public void write16(long offset, int value) {
        if (isWithin(offset, 2)) {
            cpu().mmioWrite16(address + offset, value);
        }
    }

    /// `writel`.
    public void write32(long offset, long value) {
        if (isWithin(offset, 4)) {
            cpu().mmioWrite32(address + offset, value);
        }
    }

    /// `writeq`.
    public void write64(long offset, long value) {
        if (isWithin(offset, 8)) {
            cpu().mmioWrite64(address + offset, value);
        }
    }

    /// `writel_relaxed`.
    public void write32Relaxed(long offset, long value) {
        if (isWithin(offset, 4)) {
            cpu().mmioWrite32Relaxed(address + offset, value);
        }
    }

    /// Stores `count` bytes of `from` into the region, as to memory. `memcpy_toio`.
    public void copyTo(long offset, byte[] from, int at, int count) {
        if (isWithin(offset, count)) {
            cpu().storeBytes(address + offset, from, at, count);
        }
    }

    /// Loads `count` bytes of the region. `memcpy_fromio`.
    public void copyFrom(long offset, byte[] into, int at, int count) {
        if (isWithin(offset, count)) {
            cpu().loadBytes(address + offset, into, at, count);
        }
    }

    private boolean isWithin(long offset, int count) {
        if (offset >= 0 && offset <= byteCount - count) {
            return true;
        }
        kernel.warn("access of %d bytes at 0x%x of a region of 0x%x bytes", count, offset, byteCount);
        return false;
    }

    private Cpu cpu() {
        return kernel.cpu();
    }
}
