package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.classic.AddressMap;
import flyby.dma.Dma;
import flyby.driver.IsaDmaChannel;
import flyby.driver.IsaStreamDriver;
import flyby.i8237.layout.I8237Registers;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.stream.Medium;
import flyby.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A PC as its programs see it. Clock counts were worked out by hand: OUT takes 10 clocks and 5, on the XT.
final class IsaPcTest {
    private static final long XT_CLOCK = 210_000;

    private final Simulation simulation = new Simulation(0, Trace.off());

    /// OUT 41h, the fourth, ends at clock 60; the timer's clock is a quarter of the CPU's, so the count is loaded
    /// at 64 and ends at 136 and every 72 clocks from there on: a hundred times until 7,300.
    @Test
    void anXtRefreshesFourOfSeventyTwoClocks() {
        IsaPc pc = pc("pc-xt-1983");
        run(pc, cpu -> {
            pc.isa().boot(cpu);
            assertThat(cpu.nowPicos()).isEqualTo(8 * 15 * XT_CLOCK);
            cpu.delay((7_300 - 120) * XT_CLOCK);
        });

        assertThat(simulation.nowPicos()).isEqualTo(7_300 * XT_CLOCK);
        assertThat(pc.mainboard().bus().use().masterCycles()).isEqualTo(100);
        assertThat(pc.mainboard().bus().use().masterPicos()).isEqualTo(400 * XT_CLOCK);
    }

    /// Every 15 us, the first after 15 us, five clocks of 6 MHz each.
    @Test
    void anAtRefreshesByItself() {
        IsaPc pc = pc("pc-at-1984");
        run(pc, cpu -> cpu.delay(157_000_000));

        assertThat(pc.mainboard().bus().use().masterCycles()).isEqualTo(10);
        assertThat(pc.mainboard().bus().use().masterPicos()).isEqualTo(50 * 166_667);
    }

    @Test
    void withoutRefreshNobodyTakesTheBus() {
        IsaPc pc = pc("pc-xt-1983", "machine.refresh.on=false");
        run(pc, cpu -> {
            pc.isa().boot(cpu);
            cpu.delay(1_000_000_000);
        });

        assertThat(pc.mainboard().bus().use().masterCycles()).isZero();
    }

    /// The sequence that Linux's helpers of `asm/dma.h` make, port and value typed by hand.
    @Test
    void theDriversProgramChannelsAsLinuxDoes() {
        List<String> written = new ArrayList<>();
        Settings settings = settings("pc-at-1984");
        Mainboard board = new Mainboard(simulation, BoardCatalogue.mainboard(settings));
        var slot = board.bus().slot("notebook", 0);
        board.bus().map().add(AddressMap.port(0), 0xe0, new Notebook(written), 0, slot);
        board.cpu().run(cpu -> {
            for (int number : new int[] {2, 5}) {
                IsaDmaChannel channel = new IsaDmaChannel(cpu, number);
                channel.disable();
                channel.clearFlipFlop();
                channel.setMode(0x44);
                channel.setAddress(0x3_4568);
                channel.setCount(0x1200);
                channel.enable();
            }
        });
        simulation.run();

        assertThat(String.join(" ", written))
                .isEqualTo("0a=06 0c=00 0b=46 81=03 04=68 04=45 05=ff 05=11 0a=02"
                        + " d4=05 d8=00 d6=45 8b=02 c4=b4 c4=a2 c6=ff c6=08 d4=01");
    }

    /// A card that gives a byte whenever it is asked for, on channel 2: 64 transfers, then no residue, and TC.
    @Test
    void aCardDeliversOverItsChannel() {
        IsaPc pc = pc("pc-xt-1983");
        Card card = new Card();
        DmaChannel dreq = pc.isa().channel(2, card);
        int[] residues = new int[2];
        run(pc, cpu -> {
            pc.isa().boot(cpu);
            IsaDmaChannel channel = new IsaDmaChannel(cpu, 2);
            channel.clearFlipFlop();
            channel.setMode(0x44);
            channel.setAddress(0x1_fff0);
            channel.setCount(64);
            residues[0] = channel.residue();
            channel.enable();
            dreq.request(true);
            cpu.delay(1_000_000_000);
            channel.clearFlipFlop();
            residues[1] = channel.residue();
        });

        assertThat(residues).containsExactly(64, 0);
        assertThat(card.given).isEqualTo(64);
        assertThat(card.ended).isTrue();
        // It wraps at the end of its 64 KiB: the page register does not count.
        assertThat(pc.mainboard().memory().read8(0x1_ffff)).isEqualTo(16);
        assertThat(pc.mainboard().memory().read8(0x1_0000)).isEqualTo(17);
        assertThat(pc.mainboard().memory().read8(0x2_0000)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"pc-xt-1983, 1", "pc-at-1984, 1", "pc-at-1984, 5"})
    void theStreamersDriverSendsWhatItIsGiven(String profile, int number) {
        IsaPc pc = pc(profile);
        byte[] sent = new byte[1_000];
        new SplittableRandom(1).nextBytes(sent);
        Tape tape = new Tape();
        pc.isa().plugStreamer(tape, 0, 16, number);
        run(pc, cpu -> {
            pc.isa().boot(cpu);
            int[] next = new int[1];
            BoardKernel kernel = new BoardKernel(pc.mainboard(), cpu);
            new IsaStreamDriver(
                            kernel.kernel(),
                            kernel.dma("8237A", IsaBoard.ADDRESS_BITS),
                            IsaBoard.streamerWiring(kernel.kernel(), number, Mainboard.BUFFER, 300),
                            I8237Registers.SERVICE_DEMAND)
                    .send(sent.length, (address, byteCount) -> {
                        cpu.storeBytes(address, Arrays.copyOfRange(sent, next[0], next[0] + byteCount), 0, byteCount);
                        next[0] += byteCount;
                    });
        });

        assertThat(tape.recorded.toByteArray()).isEqualTo(sent);
    }

    @Test
    void aBufferAcrossABoundaryIsABug() {
        IsaPc pc = pc("pc-xt-1983");
        BoardKernel kernel = new BoardKernel(pc.mainboard(), pc.mainboard().cpu());
        var across = IsaBoard.streamerWiring(kernel.kernel(), 1, 0x1_fff0, 17);
        Dma dma = kernel.dma("8237A", IsaBoard.ADDRESS_BITS);

        assertThatThrownBy(() -> new IsaStreamDriver(kernel.kernel(), dma, across, I8237Registers.SERVICE_SINGLE))
                .hasMessageContaining("crosses a boundary");
    }

    private IsaPc pc(String profile, String... settings) {
        return new IsaPc(simulation, PcCatalogue.pc(settings(profile, settings), false));
    }

    private static Settings settings(String profile, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("machine.profile=" + profile);
        return Settings.resolve(PcCatalogue.PARAMETERS, PcCatalogue.profiles(), List.of(), Given.fromCommandLine(all));
    }

    private void run(IsaPc pc, Consumer<Cpu> program) {
        pc.mainboard().cpu().run(cpu -> {
            program.accept(cpu);
            simulation.stop();
        });
        simulation.run();
    }

    private record Notebook(List<String> written) implements Device {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return ABSENT;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            written.add(String.format(Locale.ROOT, "%02x=%02x", offset, value));
        }

        @Override
        public void reset() {
            written.clear();
        }
    }

    private static final class Card implements DmaPeripheral {
        private int given;
        private boolean ended;

        @Override
        public int ready(Kind kind) {
            return 1;
        }

        @Override
        public void give(byte[] data, int byteCount) {
            given++;
            data[0] = (byte) given;
        }

        @Override
        public void take(byte[] data, int byteCount) {
            throw new AssertionError("nothing is sent to it");
        }

        @Override
        public void terminalCount() {
            ended = true;
        }
    }

    /// Plays nothing, and keeps what it is given.
    private static final class Tape implements Medium {
        private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

        @Override
        public long byteCount() {
            return 0;
        }

        @Override
        public void play(byte[] into, int offset, int byteCount) {
            assertThat(byteCount).isZero();
        }

        @Override
        public void record(byte[] from, int offset, int byteCount) {
            recorded.write(from, offset, byteCount);
        }
    }
}
