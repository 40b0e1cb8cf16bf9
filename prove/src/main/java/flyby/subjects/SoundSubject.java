package flyby.subjects;

import flyby.driver.SoundDriver;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Zone;
import flyby.machine.PcCards;
import flyby.sim.Time;
import flyby.sound.Speaker;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// A sound card on an ISA bus, an 8237A that feeds it, and its driver: what is played is heard.
public final class SoundSubject implements Subject {
    private static final int SAMPLES = 600;
    private static final int BUFFER_BYTES = 256;
    private static final int HERTZ = 44_100;
    private static final int FIFO_BYTES = 16;

    public SoundSubject() {}

    @Override
    public String name() {
        return "isa-8237";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of();
    }

    @Override
    public boolean hasIsaBus() {
        return true;
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    /// Keeps what it hears.
    private static final class Ear implements Speaker {
        private byte[] heard = {};

        @Override
        public void plays(byte[] frame, int byteCount) {
            int before = heard.length;
            heard = Arrays.copyOf(heard, before + byteCount);
            System.arraycopy(frame, 0, heard, before, byteCount);
        }

        @Override
        public void holds() {
            // Nothing is heard that was not played.
        }
    }

    @Override
    public void run(Bench bench) {
        Kernel kernel = bench.kernel();
        Ear ear = new Ear();
        PcCards.plugSound(bench.machine().isa(), ear, FIFO_BYTES);
        bench.machine().isa().boot(kernel.cpu());
        long buffer = kernel.memory().allocatePages(0, Zone.DMA, "samples");
        bench.expect(buffer != KernelMemory.NONE, "no memory below 16 MiB");
        SoundDriver driver = new SoundDriver(
                kernel,
                bench.isaDma("sound"),
                PcCards.soundWiring(false, buffer, BUFFER_BYTES),
                SoundDriver.Mode.AUTO_INITIALIZE,
                true);
        bench.expect(driver.start(), "the card does not answer");
        byte[] samples = Pattern.bytes(1, SAMPLES);
        int[] filled = new int[1];
        int late = driver.play(new SoundDriver.Format(HERTZ, false), SAMPLES, (address, byteCount) -> {
            kernel.cpu().storeBytes(address, samples, filled[0], byteCount);
            filled[0] += byteCount;
        });
        // The last block is over when its last bytes are in the card's FIFO.
        kernel.sleep(2L * FIFO_BYTES * Time.SECOND / HERTZ);
        bench.expect(late >= 0 || late == -Errno.ENOMEM, "the driver plays with error " + late);
        // Where the driver came late, what was there before is heard once more.
        bench.expect(
                late != 0 || Arrays.equals(ear.heard, samples),
                "%d of %d bytes are heard, and the first that differs is byte %d"
                        .formatted(ear.heard.length, SAMPLES, Arrays.mismatch(ear.heard, samples)));
        driver.remove();
        kernel.memory().freePages(buffer, 0);
    }
}
