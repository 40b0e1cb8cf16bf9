package flyby.zoo.i;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_LINK;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The link changes under traffic, and the driver begins its ring anew while the engine works on it: descriptors are
/// taken from under it, and the tail goes back behind the head. Without traffic nobody notices.
public final class I4RingRewrittenWhileRunning extends EngineSpecimen {
    private static final int SLOTS = 8;
    private static final int PACKETS = 5;
    private static final int PACKET_BYTES = 512;

    private final long[] buffers = new long[PACKETS];
    private final long[] mapped = new long[PACKETS];

    public I4RingRewrittenWhileRunning() {
        super(
                new Label(
                        "I4",
                        "Rings rewritten while they are enabled",
                        "apache/nuttx #16661: reset rings only after RX/TX are disabled",
                        List.of(Rule.DEVICE_PROTOCOL, Rule.R25, Rule.R4, Rule.R40),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withLatency(100 * Time.NANOSECOND, 5 * Time.MICROSECOND));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            send(bench, driver, ring);
            if (hasLinkChanged(bench, driver)) {
                clear(bench, ring);
                driver.registers().write32(TAIL, 0); // BUG the engine runs
                driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL); // BUG the same
                driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32); // BUG the same
            }
            finish(driver, ring);
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            send(bench, driver, ring);
            if (hasLinkChanged(bench, driver)) {
                driver.registers().write32(CONTROL, 0);
                driver.awaitIdle();
                clear(bench, ring);
                driver.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
                driver.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
                // It begins with descriptor 0.
                driver.registers().write32(CONTROL, CONTROL_RUN);
            }
            finish(driver, ring);
        }
        driver.remove();
    }

    private void send(Bench bench, EngineDriver driver, EngineRing ring) {
        Dma dma = driver.dma();
        for (int i = 0; i < PACKETS; i++) {
            long buffer = driver.buffer(PACKET_BYTES);
            mapped[i] = dma.mapSingle(buffer, PACKET_BYTES, Direction.TO_DEVICE);
            if (dma.mappingError(mapped[i]) != 0) {
                driver.free(buffer);
                break;
            }
            buffers[i] = buffer;
            ring.fill(mapped[i], PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
        }
        ring.doorbell();
        bench.expect(ring.awaitDone(0) != 0, "the first packet is sent");
    }

    private static boolean hasLinkChanged(Bench bench, EngineDriver driver) {
        driver.engine().changeLink();
        long status = driver.registers().read32(STATUS) & STATUS_LINK;
        driver.registers().write32(STATUS, status);
        bench.expect(status != 0, "the link has changed");
        return status != 0;
    }

    /// None of the descriptors is the engine's.
    private static void clear(Bench bench, EngineRing ring) {
        for (int i = 0; i < SLOTS; i++) {
            bench.cpu().store32(ring.place(i) + DESCRIPTOR_CONTROL, 0); // BUG if the engine runs
        }
    }

    private void finish(EngineDriver driver, EngineRing ring) {
        ring.free();
        for (int i = 0; i < PACKETS && buffers[i] != 0; i++) {
            driver.dma().unmapSingle(mapped[i], PACKET_BYTES, Direction.TO_DEVICE);
            driver.free(buffers[i]);
        }
    }
}
