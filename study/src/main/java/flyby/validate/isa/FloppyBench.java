package flyby.validate.isa;

import flyby.driver.FloppyDriver;
import flyby.driver.FloppyDriver.Outcome;
import flyby.floppy.Diskette;
import flyby.floppy.DisketteFormat;
import flyby.floppy.FloppyController;
import flyby.floppy.layout.FloppyRegisters;
import flyby.machine.BoardKernel;
import flyby.machine.IsaBoard;
import flyby.machine.Mainboard;
import flyby.machine.PcCards;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A PC that reads a sector of a diskette by DMA channel 2, while another card may take the bus from it for a
/// while.
final class FloppyBench {
    private static final int IRQ = 6;
    private static final int CHANNEL = 2;
    private static final int BLOCK_READ = 0x88;
    /// A turn at 300 turns a minute.
    private static final long TURN_PICOS = 200 * Time.MILLISECOND;
    /// In which byte of the sector the other card asks for the bus.
    private static final int DISTURBED = 100;

    private final PcBench bench;
    private final DisketteFormat format;
    private final EagerCard other;
    private final List<Long> askedPicos = new ArrayList<>();
    private byte[] received = {};

    FloppyBench(String profile, DisketteFormat format) {
        this.bench = new PcBench(profile, "machine.refresh.on=false");
        this.format = format;
        this.other = bench.card(1);
        var slot = bench.pc().isa().slot("floppy", IRQ);
        FloppyController controller = new FloppyController(slot, new Patterned(format), TURN_PICOS);
        bench.pc().isa().plug(controller, slot, FloppyRegisters.PORT, FloppyRegisters.PORTS);
        var dreq = bench.pc().isa().channel(CHANNEL, controller);
        controller.wire(asserted -> {
            dreq.request(asserted);
            if (asserted) {
                asked(slot.nowPicos());
            }
        });
    }

    private void asked(long picos) {
        askedPicos.add(picos);
        if (askedPicos.size() == DISTURBED) {
            other.start();
        }
    }

    /// Reads the first sector; meanwhile the other card holds the bus for at least `heldPicos`, if that is not 0.
    Outcome read(int rate, long heldPicos) {
        // S2, S3, SW, S4; and perhaps S1, which makes it longer.
        long transfers = Math.ceilDiv(heldPicos, 4 * bench.dmaClockPicos());
        List<Outcome> outcomes = new ArrayList<>();
        bench.run(cpu -> {
            FloppyDriver.Wiring wiring = PcCards.floppyWiring(Mainboard.BUFFER, format.sectorBytes());
            BoardKernel kernel = new BoardKernel(bench.pc().mainboard(), cpu);
            FloppyDriver driver = new FloppyDriver(
                    kernel.kernel(),
                    kernel.dma("floppy", IsaBoard.ADDRESS_BITS),
                    wiring,
                    new FloppyDriver.Geometry(
                            format.heads(), format.sectorsPerTrack(), format.sizeCode(), format.gap3Bytes(), rate));
            if (transfers > 0) {
                PcBench.program(cpu, 1, BLOCK_READ, 0x3, 0, (int) transfers);
            }
            driver.start();
            outcomes.add(driver.read(0, 1, (address, byteCount) -> {
                received = new byte[byteCount];
                bench.pc().mainboard().memory().read(address, received, 0, byteCount);
            }));
        });
        return outcomes.getFirst();
    }

    /// How many bytes of the sector arrived as they are on the diskette.
    int rightBytes() {
        byte[] sector = new byte[format.sectorBytes()];
        Patterned.fill(sector);
        int mismatch = Arrays.mismatch(sector, received);
        return mismatch < 0 ? sector.length : mismatch;
    }

    /// From one request to the next within the sector, on average, in microseconds.
    double periodMicros() {
        return periods().stream().mapToLong(Long::longValue).average().orElseThrow() / Time.MICROSECOND;
    }

    /// Whether all of them are the same.
    boolean isSteady() {
        return periods().stream().distinct().count() == 1;
    }

    private List<Long> periods() {
        List<Long> periods = new ArrayList<>();
        for (int i = 1; i < askedPicos.size(); i++) {
            periods.add(askedPicos.get(i) - askedPicos.get(i - 1));
        }
        return periods;
    }

    /// A diskette whose sectors are all alike.
    private record Patterned(DisketteFormat format) implements Diskette {
        static void fill(byte[] sector) {
            for (int i = 0; i < sector.length; i++) {
                sector[i] = (byte) (i * 5 + 1);
            }
        }

        @Override
        public boolean isWriteProtected() {
            return true;
        }

        @Override
        public void read(int index, byte[] into) {
            fill(into);
        }

        @Override
        public void write(int index, byte[] from) {}
    }
}
