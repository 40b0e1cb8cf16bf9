package flyby.function;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.HeaderRegisters;
import flyby.link.StraightLink;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Packet;
import flyby.pcie.PacketPool;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// An endpoint at a link, with memory at the other end: what tests of functions stand on.
final class FunctionBench {
    static final long MEMORY_BYTES = 1 << 20;
    static final long LINK_PICOS = 1_000;
    static final int ID = 0x0100;

    final Simulation simulation = new Simulation(0, Trace.off());
    final PacketPool pool = new PacketPool(4_096);
    final StraightLink link = new StraightLink(simulation, pool, LINK_PICOS);
    final PhysicalMemory memory = new PhysicalMemory();
    final TestRoot root = new TestRoot(pool, link.upstream(), memory, MEMORY_BYTES);
    /// Edges of INTx.
    final List<String> wires = new ArrayList<>();
    /// What the device has seen, and how its transactions ended.
    final List<String> heard = new ArrayList<>();

    final Endpoint endpoint;
    final Function function;

    FunctionBench(FunctionDescription description) {
        this(description, new EndpointParameters(256, 0, 0, false));
    }

    FunctionBench(FunctionDescription description, EndpointParameters parameters) {
        endpoint = new Endpoint(
                simulation,
                pool,
                "card",
                link.downstream(),
                parameters,
                (pin, asserted) -> wires.add("%d %s at %d".formatted(pin, asserted, simulation.nowPicos())));
        function = endpoint.add("card", description);
        function.attach(new Recorder());
        root.writeConfiguration(ID, HeaderRegisters.COMMAND, 2, 7);
        run();
    }

    /// A device whose registers read as the lowest byte of each offset, and which keeps a record.
    private final class Recorder implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            heard.add("read %d:0x%x+%d".formatted(region, offset, byteCount));
            byte[] bytes = new byte[8];
            for (int i = 0; i < byteCount; i++) {
                bytes[i] = (byte) (offset + i);
            }
            return LittleEndian.get(bytes, 0, 8);
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            heard.add("write %d:0x%x+%d=0x%x".formatted(region, offset, byteCount, value));
        }

        @Override
        public void reset() {
            heard.add("reset");
        }
    }

    /// A transaction that keeps a record in [#heard] under `name`.
    Transaction transaction(String name, int byteCountMax) {
        return new Transaction((_, status) -> heard.add(name + " " + status), byteCountMax);
    }

    /// Submits a transaction that keeps a record in [#heard] under `name`.
    Transaction submit(String name, Kind kind, long address, int byteCount) {
        Transaction transaction = transaction(name, byteCount);
        transaction.begin(kind, address, byteCount, Tenure.RELEASE, 0);
        function.submit(transaction);
        return transaction;
    }

    void run() {
        simulation.run();
    }

    /// Runs for `picos`, for what never ends by itself.
    void run(long picos) {
        simulation.runUntil(simulation.nowPicos() + picos);
    }

    long readConfiguration(int register, int byteCount) {
        root.readConfiguration(ID, register, byteCount);
        run();
        return root.answer();
    }

    void writeConfiguration(int register, int byteCount, long value) {
        root.writeConfiguration(ID, register, byteCount, value);
        run();
    }

    /// The CPU reads a register; [TestRoot#answer] has what came.
    void read(long address, int byteCount) {
        root.ask(pool.take().request(Packet.Kind.MEMORY_READ, TestRoot.ID, 0, address, byteCount));
        run();
    }

    /// The CPU writes a register of up to 8 bytes.
    void write(long address, int byteCount, long value) {
        Packet packet = pool.take().request(Packet.Kind.MEMORY_WRITE, TestRoot.ID, 0, address, byteCount);
        LittleEndian.put(value, packet.data(), 0, byteCount);
        root.ask(packet);
        run();
    }

    /// Where capability `id` is, found as software finds it.
    int capability(int id) {
        int at = (int) readConfiguration(HeaderRegisters.CAPABILITIES_POINTER, 1);
        while (at != 0 && readConfiguration(at, 1) != id) {
            at = (int) readConfiguration(at + 1, 1);
        }
        return at;
    }

    /// Where extended capability `id` is, found as software finds it.
    int extendedCapability(int id) {
        int at = CapabilityIds.EXTENDED_START;
        while (at != 0) {
            long header = readConfiguration(at, 4);
            if ((header & 0xffff) == id) {
                return at;
            }
            at = (int) (header >>> 20);
        }
        return 0;
    }
}
