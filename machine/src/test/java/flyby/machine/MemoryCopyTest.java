package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dma.Dma;
import flyby.driver.MemoryCopyDriver;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Memory-to-memory on an XT whose channel 0 is free.
final class MemoryCopyTest {
    private static final long FROM = 0x1_1000;
    private static final long TO = 0x1_4000;
    private static final int BYTES = 300;
    private static final long CLOCK_PICOS = 210_000;

    @Test
    void aCopyTakesEightClocksAByte() {
        IsaPc pc = pc("false");
        for (int i = 0; i < BYTES; i++) {
            pc.mainboard().memory().write8(FROM + i, i * 3);
        }
        assertThat(run(pc, driver -> driver.copy(FROM, TO, BYTES))).isTrue();
        for (int i = 0; i < BYTES; i++) {
            assertThat(pc.mainboard().memory().read8(TO + i)).isEqualTo(i * 3 & 0xff);
        }
        assertThat(pc.mainboard().bus().use().masterPicos()).isEqualTo(8 * BYTES * CLOCK_PICOS);
    }

    @Test
    void aFillHoldsTheSourcesAddress() {
        IsaPc pc = pc("false");
        pc.mainboard().memory().write8(FROM, 0x5a);
        pc.mainboard().memory().write8(FROM + 1, 0x77);
        assertThat(run(pc, driver -> driver.fill(FROM, TO, BYTES))).isTrue();
        for (int i = 0; i < BYTES; i++) {
            assertThat(pc.mainboard().memory().read8(TO + i)).isEqualTo(0x5a);
        }
        assertThat(pc.mainboard().memory().read8(TO + BYTES)).isZero();
        assertThat(pc.mainboard().bus().use().masterPicos()).isEqualTo(8 * BYTES * CLOCK_PICOS);
    }

    @Test
    void whereChannel0RefreshesNothingIsDone() {
        IsaPc pc = pc("true");
        pc.mainboard().memory().write8(FROM, 0x5a);
        assertThat(run(pc, driver -> driver.copy(FROM, TO, 1))).isFalse();
        assertThat(pc.mainboard().memory().read8(TO)).isZero();
    }

    private final Simulation simulation = new Simulation(0, Trace.off());

    private IsaPc pc(String refresh) {
        Settings settings = Settings.resolve(
                PcCatalogue.PARAMETERS,
                PcCatalogue.profiles(),
                List.of(),
                Given.fromCommandLine(List.of("machine.refresh.on=" + refresh, "machine.dma.wait-states=0")));
        return new IsaPc(simulation, PcCatalogue.pc(settings, false));
    }

    private boolean run(IsaPc pc, Predicate<MemoryCopyDriver> work) {
        boolean[] done = new boolean[1];
        pc.mainboard().cpu().run(cpu -> {
            pc.isa().boot(cpu);
            BoardKernel kernel = new BoardKernel(pc.mainboard(), cpu);
            Dma dma = kernel.dma("8237A", IsaBoard.ADDRESS_BITS);
            done[0] = work.test(
                    new MemoryCopyDriver(kernel.kernel(), dma, pc.isa().refreshesByChannel0()));
            simulation.stop();
        });
        simulation.run();
        return done[0];
    }
}
