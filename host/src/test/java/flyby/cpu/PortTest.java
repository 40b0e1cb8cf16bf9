package flyby.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// I/O ports, clock by clock: an instruction takes 10 clocks and its bus cycles, 5 clocks for each that reaches a
/// port.
final class PortTest {
    private static final long CLOCK = 1_000;

    private final List<String> seen = new ArrayList<>();

    @Test
    void aByteTakesOneIoCycle() {
        long end = run(1, cpu -> cpu.outb(0x1ab, 0x301));

        assertThat(end).isEqualTo((10 + 5) * CLOCK);
        assertThat(seen).containsExactly("1 <- ab, 1 bytes");
    }

    @Test
    void aWordOnAByteWideBusIsTwoCyclesOfConsecutivePorts() {
        int[] read = new int[1];
        long end = run(1, cpu -> {
            cpu.outw(0x1234, 0x302);
            read[0] = cpu.inw(0x304);
        });

        assertThat(end).isEqualTo(2 * (10 + 2 * 5) * CLOCK);
        assertThat(seen).containsExactly("2 <- 34, 1 bytes", "3 <- 12, 1 bytes", "4, 1 bytes", "5, 1 bytes");
        assertThat(read[0]).isEqualTo(0x5554);
    }

    @Test
    void aWordBusCarriesAnAlignedWordAtOnce() {
        long end = run(2, cpu -> cpu.outw(0x1234, 0x302));

        assertThat(end).isEqualTo((10 + 5) * CLOCK);
        assertThat(seen).containsExactly("2 <- 1234, 2 bytes");
    }

    @Test
    void aWordAtAnOddPortIsTwoCyclesOnAnyBus() {
        long end = run(2, cpu -> cpu.outw(0x1234, 0x301));

        assertThat(end).isEqualTo((10 + 2 * 5) * CLOCK);
        assertThat(seen).containsExactly("1 <- 34, 1 bytes", "2 <- 12, 1 bytes");
    }

    @Test
    void portsAreNotMemoryAndWhereNothingAnswersAllLinesAreHigh() {
        int[] read = new int[2];
        run(1, cpu -> {
            cpu.store8(0x300, 0x77);
            read[0] = cpu.inb(0x2ff);
            read[1] = cpu.load8(0x300);
        });

        assertThat(read).containsExactly(0xff, 0x77);
        assertThat(seen).isEmpty();
    }

    private long run(int widthBytes, Consumer<Cpu> program) {
        Simulation simulation = new Simulation(0, Trace.off());
        InterruptLines lines = new InterruptLines();
        AddressMap map = new AddressMap(new PhysicalMemory(), 0x1000);
        ClassicBus bus = new ClassicBus(simulation, new BusTiming(CLOCK, widthBytes, 4, 5, 4, 1, 1), map, lines);
        map.add(AddressMap.port(0x300), 8, new Notebook(), 0, bus.slot("device", 0));
        CpuCore cpu = new CpuCore(simulation, bus, lines, new CpuTiming(10, 9, 1, 2, 7, 33, 24, 0), WorkPattern.NONE);
        cpu.run(program);
        simulation.run();
        return simulation.nowPicos();
    }

    /// Notes each access; reads as 50h and the port.
    private final class Notebook implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            seen.add(String.format(Locale.ROOT, "%x, %d bytes", offset, byteCount));
            return 0x50 | offset;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            seen.add(String.format(Locale.ROOT, "%x <- %x, %d bytes", offset, value, byteCount));
        }

        @Override
        public void reset() {
            seen.clear();
        }
    }
}
