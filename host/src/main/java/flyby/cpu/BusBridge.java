package flyby.cpu;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.classic.ClassicBus;
import flyby.root.ProcessorPort;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import org.jspecify.annotations.Nullable;

/// The CPU's side of a classic bus that lies behind a bridge: register accesses of a CPU elsewhere become bus
/// cycles here, beginning at a clock edge.
///
/// It claims the ports and register windows of the devices on its bus and hands everything else on. Writes are not
/// posted: there is room for the next when the bus cycle is over. A write is done before a read that came after it.
public final class BusBridge implements ProcessorPort {
    private static final int WRITE_BYTES_MAX = 64;

    private final ClassicBus bus;
    private final ProcessorPort next;
    private final BusInterfaceUnit unit;
    private final Coroutine process;
    private final byte[] writeData = new byte[WRITE_BYTES_MAX];
    private long writeAddress;
    private int writeBytes;
    private long writeTransfer;
    private @Nullable Runnable writer;
    private long readAddress;
    private int readBytes;
    private long readTransfer;
    private @Nullable Reader reader;
    /// Whether nobody wants anything.
    private boolean idle;

    /// @param next where accesses go that nobody on `bus` claims
    public BusBridge(Simulation simulation, String name, ClassicBus bus, ProcessorPort next) {
        this.bus = bus;
        this.next = next;
        unit = new BusInterfaceUnit(bus, this::process);
        process = simulation.coroutine(name, this::serve);
    }

    @Override
    public boolean isMapped(long address) {
        return bus.map().isClaimed(address) || next.isMapped(address);
    }

    @Override
    public void read(long address, int byteCount, long transfer, Reader newReader) {
        if (!bus.map().isClaimed(address)) {
            next.read(address, byteCount, transfer, newReader);
            return;
        }
        Check.that(reader == null, "the CPU reads twice at once");
        reader = newReader;
        readAddress = address;
        readBytes = byteCount;
        readTransfer = transfer;
        begin();
    }

    @Override
    public boolean readsLines(long address) {
        return !bus.map().isClaimed(address) && next.readsLines(address);
    }

    @Override
    public void readLine(long address, byte[] into, int offset, int byteCount, long transfer, Runnable arrived) {
        next.readLine(address, into, offset, byteCount, transfer, arrived);
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room) {
        if (!bus.map().isClaimed(address)) {
            return next.write(address, from, offset, byteCount, transfer, room);
        }
        Check.that(writer == null, "the CPU writes though there is no room");
        writer = room;
        writeAddress = address;
        writeBytes = byteCount;
        writeTransfer = transfer;
        System.arraycopy(from, offset, writeData, 0, byteCount);
        begin();
        return false;
    }

    /// Not while an access is under way: that waits for the bus, and is woken by it.
    private void begin() {
        if (idle) {
            idle = false;
            process.wake();
        }
    }

    private Coroutine process() {
        return process;
    }

    private void serve(Coroutine self) {
        while (true) {
            Runnable waitingWriter = writer;
            Reader waitingReader = reader;
            if (waitingWriter != null) {
                self.waitUntil(bus.timing().edge(bus.nowPicos()));
                runWrite();
                writer = null;
                waitingWriter.run();
            } else if (waitingReader != null) {
                self.waitUntil(bus.timing().edge(bus.nowPicos()));
                long value = unit.read(readAddress, readBytes, readTransfer);
                reader = null;
                waitingReader.read(value);
            } else {
                bus.cpuIdleUntil(Long.MAX_VALUE);
                idle = true;
                self.park("the CPU to reach a device");
                bus.cpuIdleUntil(0);
            }
        }
    }

    private void runWrite() {
        int done = 0;
        while (done < writeBytes) {
            long address = writeAddress + done;
            int aligned = (int) Long.lowestOneBit(address | Long.BYTES);
            int count = Math.min(aligned, Integer.highestOneBit(writeBytes - done));
            unit.write(address, count, LittleEndian.get(writeData, done, count), writeTransfer);
            done += count;
        }
    }
}
