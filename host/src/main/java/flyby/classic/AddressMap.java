package flyby.classic;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.memory.MemoryAgent;
import flyby.memory.PhysicalMemory;
import flyby.root.ProcessorPort;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// What answers at which address of a bus: memory from 0 on, register windows of devices above it, and I/O ports.
public final class AddressMap {
    private record Window(long base, long byteCount, Device device, int region, Slot slot) {}

    /// Where memory begins again, behind the adapters and the BIOS.
    private static final long EXTENDED = 1 << 20;

    private final BusMemory memory;
    private final long memoryBytes;
    /// Where memory beyond the adapters' addresses ends; 0 if there is none.
    private final long extendedEnd;
    /// The memory as masters of the bus reach it, beside the CPU.
    private BusMemory mastersMemory;
    /// An array, as it is walked for every access of a register: iterators would be garbage.
    private Window[] windows = {};

    /// @param memoryBytes how much of `memory` there is, from address 0 on
    public AddressMap(PhysicalMemory memory, long memoryBytes) {
        this(new OwnMemory(memory), memoryBytes);
    }

    AddressMap(BusMemory memory, long memoryBytes) {
        this(memory, memoryBytes, 0);
    }

    private AddressMap(BusMemory memory, long memoryBytes, long extendedEnd) {
        Check.that(memoryBytes > 0, "%d bytes of memory", memoryBytes);
        this.memory = memory;
        this.memoryBytes = memoryBytes;
        this.extendedEnd = extendedEnd;
        mastersMemory = memory;
    }

    /// Has masters of the bus reach memory by what `around` makes of it. Takes no time.
    public void watchMasters(UnaryOperator<MemoryAgent> around) {
        mastersMemory = new BridgedMemory(around.apply(new MemoryOnBus(memory, memoryBytes)), 0);
    }

    /// The map of a bus without memory of its own: `memory` is that of the machine behind a bridge.
    ///
    /// @param memoryBytes up to where this bus reaches it, below the adapters
    /// @param extendedEnd up to where it does from 1 MiB on
    /// @param cyclePicos how long a cycle of this bus takes: memory must answer within it
    public static AddressMap bridged(MemoryAgent memory, long memoryBytes, long extendedEnd, long cyclePicos) {
        return new AddressMap(new BridgedMemory(memory, cyclePicos), memoryBytes, extendedEnd);
    }

    /// The address under which I/O port `port` (0 to 0xffff) is found here: what the CPU's M/IO pin sets apart.
    public static long port(int port) {
        return ProcessorPort.port(port);
    }

    /// Whether `address` is that of an I/O port.
    public static boolean isPort(long address) {
        return (address & ProcessorPort.IO_SPACE) != 0;
    }

    /// What of `address` is on the address lines.
    static long onLines(long address) {
        return address & ~ProcessorPort.IO_SPACE;
    }

    /// Lets region `region` of `device`, plugged into `slot`, answer at `base`: an address above memory, or a
    /// [#port].
    public void add(long base, long byteCount, Device device, int region, Slot slot) {
        Check.that(base >= memoryBytes, "a register window at 0x%x lies in memory", base);
        for (Window other : windows) {
            Check.that(
                    base >= other.base + other.byteCount || other.base >= base + byteCount,
                    "the register windows at 0x%x and 0x%x overlap",
                    base,
                    other.base);
        }
        windows = Arrays.copyOf(windows, windows.length + 1);
        windows[windows.length - 1] = new Window(base, byteCount, device, region, slot);
    }

    /// Whether `address` is a register or port of a device.
    public boolean isClaimed(long address) {
        for (Window window : windows) {
            if (address >= window.base && address < window.base + window.byteCount) {
                return true;
            }
        }
        return false;
    }

    /// Whether all of `byteCount` bytes (1 or more) at `address` are memory.
    public boolean isMemory(long address, int byteCount) {
        return address >= 0
                && (address <= memoryBytes - byteCount || (address >= EXTENDED && address <= extendedEnd - byteCount));
    }

    /// A read by the CPU, at this instant, for `transfer`. Where nothing answers, all lines are pulled up.
    ///
    /// @param byteCount 1, 2, 4 or 8
    public long read(long address, int byteCount, long transfer) {
        if (isMemory(address, byteCount)) {
            return memory.read(address, byteCount);
        }
        for (Window window : windows) {
            if (address >= window.base && address <= window.base + window.byteCount - byteCount) {
                window.slot.servingTransfer(transfer);
                long value = window.device.readRegister(window.region, address - window.base, byteCount);
                window.slot.servingTransfer(0);
                return value & LittleEndian.ones(byteCount);
            }
        }
        return LittleEndian.ones(byteCount);
    }

    /// A write by the CPU, at this instant, for `transfer`. Where nothing answers, it is lost.
    ///
    /// @param byteCount 1, 2, 4 or 8
    public void write(long address, int byteCount, long value, long transfer) {
        if (isMemory(address, byteCount)) {
            memory.write(address, byteCount, value);
            return;
        }
        for (Window window : windows) {
            if (address >= window.base && address <= window.base + window.byteCount - byteCount) {
                window.slot.servingTransfer(transfer);
                long masked = value & LittleEndian.ones(byteCount);
                window.device.writeRegister(window.region, address - window.base, byteCount, masked);
                window.slot.servingTransfer(0);
                return;
            }
        }
    }

    /// A read by a master of the bus, of memory.
    long masterRead(long address, int byteCount) {
        return mastersMemory.read(address, byteCount);
    }

    /// A write by a master of the bus, of memory.
    void masterWrite(long address, int byteCount, long value) {
        mastersMemory.write(address, byteCount, value);
    }

    /// Moves the bytes of a master's `transaction`, at this instant, to or from memory.
    Status move(Transaction transaction) {
        long address = transaction.iova();
        int byteCount = transaction.byteCount();
        if (!isMemory(address, byteCount)) {
            return Status.ADDRESS_ERROR;
        }
        if (transaction.kind() == Kind.READ) {
            mastersMemory.read(address, transaction.data(), byteCount);
        } else {
            mastersMemory.write(address, transaction.data(), byteCount);
        }
        return Status.SUCCESS;
    }
}
