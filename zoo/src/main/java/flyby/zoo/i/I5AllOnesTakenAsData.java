package flyby.zoo.i;

import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.HEAD;

import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The card is pulled out: its registers read as all ones, and the driver takes that for how far the engine has got.
/// No index of the ring is ever equal to it, and what was never sent is taken back, and what was is so again.
public final class I5AllOnesTakenAsData extends EngineSpecimen {
    private static final long GONE = 0xffff_ffffL;
    private static final int SLOTS = 4;
    private static final int PACKETS = 10;
    private static final int PULLED_AFTER = 5;
    private static final int PACKET_BYTES = 256;

    private final long[] buffers = new long[SLOTS];
    private final long[] mapped = new long[SLOTS];
    /// The slot that is taken back next.
    private int current;

    public I5AllOnesTakenAsData() {
        super(new Label(
                "I5",
                "Surprise removal: all-ones register taken as data",
                "spdk #527 (corrupted CID after hot remove), tenstorrent/tt-kmd #119, #206",
                List.of(Rule.R85, Rule.R22, Rule.R23, Rule.R4, Rule.GETS_ON, Rule.THROWS),
                List.of("coherent", "non-coherent", "weak-order", "iommu-strict", "iommu-lazy", "bounce", "timing")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        for (int i = 0; ring != null && i < PACKETS && send(driver, ring); i++) {
            if (i == PULLED_AFTER) {
                driver.engine().pullOut();
            }
            bench.kernel().poll(() -> driver.registers().read32(HEAD) != current, Time.MICROSECOND, Time.MILLISECOND);
            long head = driver.registers().read32(HEAD);
            while (current != head) { // BUG
                takeBack(driver); // BUG
            }
        }
        finish(driver, ring);
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        for (int i = 0; ring != null && i < PACKETS && send(driver, ring); i++) {
            if (i == PULLED_AFTER) {
                driver.engine().pullOut();
            }
            bench.kernel().poll(() -> driver.registers().read32(HEAD) != current, Time.MICROSECOND, Time.MILLISECOND);
            long head = driver.registers().read32(HEAD);
            if (head >= SLOTS) {
                bench.expect(head == GONE, "an engine that is there is within its ring");
                break;
            }
            while (current != head) {
                takeBack(driver);
            }
        }
        finish(driver, ring);
    }

    private boolean send(EngineDriver driver, EngineRing ring) {
        Dma dma = driver.dma();
        int slot = ring.next();
        long buffer = driver.buffer(PACKET_BYTES);
        mapped[slot] = dma.mapSingle(buffer, PACKET_BYTES, Direction.TO_DEVICE);
        if (dma.mappingError(mapped[slot]) != 0) {
            driver.free(buffer);
            return false;
        }
        buffers[slot] = buffer;
        ring.fill(mapped[slot], PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
        ring.doorbell();
        return true;
    }

    private void takeBack(EngineDriver driver) {
        driver.dma().unmapSingle(mapped[current], PACKET_BYTES, Direction.TO_DEVICE); // BUG the same one again
        driver.free(buffers[current]);
        buffers[current] = 0;
        current = (current + 1) % SLOTS;
    }

    private void finish(EngineDriver driver, @Nullable EngineRing ring) {
        if (ring != null) {
            ring.free();
        }
        for (int i = 0; i < SLOTS; i++) {
            if (buffers[i] != 0) {
                driver.dma().unmapSingle(mapped[i], PACKET_BYTES, Direction.TO_DEVICE);
                driver.free(buffers[i]);
            }
        }
        driver.remove();
    }
}
