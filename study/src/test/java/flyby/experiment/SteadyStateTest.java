package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.BlockSink;
import flyby.driver.DmaStreamDriver;
import flyby.driver.PioStreamDriver;
import flyby.machine.BoardCatalogue;
import flyby.machine.BoardKernel;
import flyby.machine.ClassicBoard;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.stream.Medium;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A whole board allocates nothing per bus word, in any mode, whether nobody listens to it or what every run has.
final class SteadyStateTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BUFFER_BYTES = 1 << 12;
    private static final int WARM_UP_BLOCKS = 512;
    private static final int COUNTED_BLOCKS = 512;

    private int blocks;
    private long before;
    private long allocated;

    @ParameterizedTest
    @CsvSource({
        "pio, false",
        "burst, false",
        "cycle-stealing, false",
        "transparent, false",
        "pio, true",
        "burst, true",
        "cycle-stealing, true",
        "transparent, true"
    })
    void allocatesNothingPerWord(String mode, boolean traced) {
        Simulation simulation =
                new Simulation(1, traced ? Trace.to(List.of(new HashSink(), new Ledger())) : Trace.off());
        Settings settings = Settings.defaults(BoardCatalogue.PARAMETERS, BoardCatalogue.profiles());
        long byteCount = (long) (WARM_UP_BLOCKS + COUNTED_BLOCKS) * BUFFER_BYTES;
        ClassicBoard board = new ClassicBoard(simulation, BoardCatalogue.board(settings), new Blank(byteCount));
        BlockSink count = (address, bytes) -> {
            // Counted over all threads: without the launcher's flags the body runs on one of its own.
            blocks++;
            if (blocks == WARM_UP_BLOCKS) {
                before = THREADS.getTotalThreadAllocatedBytes();
            } else if (blocks == WARM_UP_BLOCKS + COUNTED_BLOCKS) {
                allocated = THREADS.getTotalThreadAllocatedBytes() - before;
            }
        };
        board.mainboard().cpu().run(cpu -> {
            BoardKernel kernel = new BoardKernel(board.mainboard(), cpu);
            var wiring = board.wiring(kernel, BUFFER_BYTES);
            if (mode.equals("pio")) {
                new PioStreamDriver(kernel.kernel(), wiring.streamer(), wiring.buffer(), BUFFER_BYTES).receive(count);
            } else {
                Dma dma = kernel.dma("dmac", ClassicBoard.ADDRESS_BITS);
                new DmaStreamDriver(kernel.kernel(), dma, wiring, tenure(mode), Attributes.NONE).receive(count);
            }
            simulation.stop();
        });
        simulation.run();

        assertThat(blocks).isEqualTo(WARM_UP_BLOCKS + COUNTED_BLOCKS);
        // A million words. A block, its interrupt and the ledger's entry for it may take a little; a word nothing.
        long words = (long) COUNTED_BLOCKS * BUFFER_BYTES / 2;
        assertThat((double) allocated / words).isLessThan(1);
    }

    private static int tenure(String mode) {
        return switch (mode) {
            case "burst" -> DmacRegisters.TENURE_BURST;
            case "cycle-stealing" -> DmacRegisters.TENURE_CYCLE_STEALING;
            default -> DmacRegisters.TENURE_TRANSPARENT;
        };
    }

    /// Plays zeros.
    private record Blank(long byteCount) implements Medium {
        @Override
        public void play(byte[] into, int offset, int count) {
            for (int i = 0; i < count; i++) {
                into[offset + i] = 0;
            }
        }

        @Override
        public void record(byte[] from, int offset, int count) {
            throw new UnsupportedOperationException("nothing is sent to it");
        }
    }
}
