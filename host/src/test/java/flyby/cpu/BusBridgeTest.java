package flyby.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.classic.MasterSlot;
import flyby.classic.Slot;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A classic bus behind a bridge, driven by hand. An I/O cycle is 6 clocks, of 100 ns.
final class BusBridgeTest {
    private static final long CLOCK = 100_000;
    private static final long PORT = ProcessorPort.port(0x220);

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final ClassicBus bus = new ClassicBus(
            simulation,
            new BusTiming(CLOCK, 1, 4, 6, 4, 1, 1),
            AddressMap.bridged(new FlatMemory(memory, 0x1000, 90_000, 0), 0x1000, 0, 4 * CLOCK),
            (line, asserted) -> {});
    private final List<String> told = new ArrayList<>();
    private final BusBridge bridge = new BusBridge(simulation, "bridge", bus, new Elsewhere());
    private final MasterSlot slot = bus.masterSlot("card", 0);

    BusBridgeTest() {
        Slot card = bus.slot("ports", 0);
        bus.map().add(PORT, 2, new Card(), 0, card);
    }

    @Test
    void aReadIsABusCycleThatBeginsAtAnEdge() {
        at(150, () -> bridge.read(PORT, 1, 0, value -> tell("read " + value)));
        simulation.run();

        assertThat(told).containsExactly("800 ns: read 7");
    }

    @Test
    void aWordOnABusOfBytesTakesTwoCycles() {
        at(0, () -> bridge.read(PORT, 2, 0, value -> tell("read " + Long.toHexString(value))));
        simulation.run();

        assertThat(told).containsExactly("1200 ns: read 807");
    }

    @Test
    void aWriteLeavesNoRoomUntilItIsOverAndIsDoneBeforeALaterRead() {
        at(0, () -> {
            boolean room = bridge.write(PORT, new byte[] {9, 42}, 1, 1, 0, () -> tell("room"));
            assertThat(room).isFalse();
            bridge.read(PORT, 1, 0, value -> tell("read " + value));
        });
        simulation.run();

        assertThat(told).containsExactly("600 ns: wrote 42", "600 ns: room", "1200 ns: read 7");
    }

    /// HOLD at 0 is seen at once, as the bus is idle: HLDA at 1 clock, released at 1 us, the CPU's a clock later.
    @Test
    void aMasterThatHoldsTheBusDelaysTheCpu() {
        slot.connect(asserted -> tell("HLDA " + asserted));
        at(0, () -> slot.hold(true, false, 0));
        at(200, () -> bridge.read(PORT, 1, 0, value -> tell("read " + value)));
        at(1_000, () -> {
            slot.writeMemory(0x10, 1, 0x5a);
            tell("memory " + slot.readMemory(0x10, 1));
            slot.hold(false, false, 0);
        });
        simulation.run();

        assertThat(told)
                .containsExactly("100 ns: HLDA true", "1000 ns: memory 90", "1000 ns: HLDA false", "1700 ns: read 7");
        assertThat(memory.read8(0x10)).isEqualTo(0x5a);
    }

    @Test
    void aReadThatComesWhileAWriteWaitsForTheBusDisturbsNobody() {
        at(0, () -> slot.hold(true, false, 0));
        at(200, () -> bridge.write(PORT, new byte[] {42}, 0, 1, 0, () -> tell("room")));
        at(300, () -> bridge.read(PORT, 1, 0, value -> tell("read " + value)));
        at(1_000, () -> slot.hold(false, false, 0));
        simulation.run();

        assertThat(told).containsExactly("1700 ns: wrote 42", "1700 ns: room", "2300 ns: read 7");
    }

    @Test
    void whatNobodyOnTheBusClaimsGoesOn() {
        at(0, () -> {
            bridge.read(0xfee0_0000L, 4, 0, value -> tell("read " + value));
            assertThat(bridge.write(PORT + 2, new byte[1], 0, 1, 0, () -> {})).isTrue();
        });
        simulation.run();

        assertThat(told).containsExactly("0 ns: read 1234", "0 ns: wrote elsewhere");
        assertThat(bridge.isMapped(PORT)).isTrue();
        assertThat(bridge.isMapped(PORT + 2)).isFalse();
    }

    private void at(long nanos, Runnable action) {
        simulation.event("test", action).at(1_000 * nanos);
    }

    private void tell(String what) {
        told.add(simulation.nowPicos() / 1_000 + " ns: " + what);
    }

    private final class Card implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return 7 + offset;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            tell("wrote " + value);
        }

        @Override
        public void reset() {}
    }

    private final class Elsewhere implements ProcessorPort {
        @Override
        public boolean isMapped(long address) {
            return false;
        }

        @Override
        public void read(long address, int byteCount, long transfer, Reader reader) {
            reader.read(1_234);
        }

        @Override
        public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room) {
            tell("wrote elsewhere");
            return true;
        }
    }
}
