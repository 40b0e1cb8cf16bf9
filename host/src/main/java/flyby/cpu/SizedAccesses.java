package flyby.cpu;

import flyby.bus.Cpu;
import flyby.classic.AddressMap;

/// A CPU's accesses of each size, told apart as memory's and registers' only: what all CPUs have in common.
public abstract class SizedAccesses implements Cpu {
    protected SizedAccesses() {}

    /// Loads `byteCount` bytes (1, 2, 4 or 8).
    protected abstract long single(long address, int byteCount);

    /// Stores the low `byteCount` bytes (1, 2, 4 or 8) of `value`.
    protected abstract void single(long address, int byteCount, long value);

    /// Reads a register of `byteCount` bytes (1, 2, 4 or 8).
    protected abstract long register(long address, int byteCount);

    /// Writes the low `byteCount` bytes (1, 2, 4 or 8) of `value` to a register.
    protected abstract void register(long address, int byteCount, long value);

    @Override
    public final int load8(long address) {
        return (int) single(address, 1);
    }

    @Override
    public final int load16(long address) {
        return (int) single(address, 2);
    }

    @Override
    public final long load32(long address) {
        return single(address, 4);
    }

    @Override
    public final long load64(long address) {
        return single(address, 8);
    }

    @Override
    public final void store8(long address, int value) {
        single(address, 1, value);
    }

    @Override
    public final void store16(long address, int value) {
        single(address, 2, value);
    }

    @Override
    public final void store32(long address, long value) {
        single(address, 4, value);
    }

    @Override
    public final void store64(long address, long value) {
        single(address, 8, value);
    }

    @Override
    public final int mmioRead8(long address) {
        return (int) register(address, 1);
    }

    @Override
    public final int mmioRead16(long address) {
        return (int) register(address, 2);
    }

    @Override
    public final long mmioRead32(long address) {
        return register(address, 4);
    }

    @Override
    public final void mmioWrite8(long address, int value) {
        register(address, 1, value);
    }

    @Override
    public final void mmioWrite16(long address, int value) {
        register(address, 2, value);
    }

    @Override
    public final void mmioWrite32(long address, long value) {
        register(address, 4, value);
    }

    @Override
    public final long mmioRead64(long address) {
        return register(address, 8);
    }

    @Override
    public final void mmioWrite64(long address, long value) {
        register(address, 8, value);
    }

    @Override
    public final int inb(int port) {
        return (int) register(AddressMap.port(port), 1);
    }

    @Override
    public final int inw(int port) {
        return (int) register(AddressMap.port(port), 2);
    }

    @Override
    public final void outb(int value, int port) {
        register(AddressMap.port(port), 1, value & 0xff);
    }

    @Override
    public final void outw(int value, int port) {
        register(AddressMap.port(port), 2, value & 0xffff);
    }
}
