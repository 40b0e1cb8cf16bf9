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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The card is pulled out: its registers read as all ones, and the driver takes that for how far the engine has got.
/// No index of the ring is ever equal to it, and what was never sent is taken back, and what was is so again.
public final class I5AllOnesTakenAsData extends EngineSpecimen {
    private static final long GONE = 0xffff_ffffL;
    private static final int SLOTS = 4;
    private static final int PACKETS = 10;
    private static final int PULLED_AFTER = 5;
    private static final int PACKET_BYTES = 256;

    private record Packet(long buffer, long mapped) {}

    /// What each slot has.
    private final @Nullable Packet[] packets = new Packet[SLOTS];
    /// The slot that is taken back next.
    private int current;

    public I5AllOnesTakenAsData() {
        super(new Label(
                "I5",
                "Surprise removal: all-ones register taken as data",
                "spdk #527 (corrupted CID after hot remove), tenstorrent/tt-kmd #119, #206",
                List.of(Rule.R85, Rule.R25, Rule.THROWS),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
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
        long mapped = dma.mapSingle(buffer, PACKET_BYTES, Direction.TO_DEVICE);
        if (dma.mappingError(mapped) != 0) {
            driver.free(buffer);
            return false;
        }
        packets[slot] = new Packet(buffer, mapped);
        ring.fill(mapped, PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
        ring.doorbell();
        return true;
    }

    private void takeBack(EngineDriver driver) {
        Packet packet = Objects.requireNonNull(packets[current], "nothing was sent from here"); // BUG
        packets[current] = null;
        free(driver, packet);
        current = (current + 1) % SLOTS;
    }

    private static void free(EngineDriver driver, Packet packet) {
        driver.dma().unmapSingle(packet.mapped(), PACKET_BYTES, Direction.TO_DEVICE);
        driver.free(packet.buffer());
    }

    private void finish(EngineDriver driver, @Nullable EngineRing ring) {
        if (ring != null) {
            ring.free();
        }
        for (Packet packet : packets) {
            if (packet != null) {
                free(driver, packet);
            }
        }
        driver.remove();
    }
}
