package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;

import flyby.bus.Cpu;
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

/// A packet of several fragments: the first descriptor says OWN before the others are there. An engine that polls
/// takes it, goes on, and finds a descriptor that is not its own. On a PC the engine looks rarely, and the loop is
/// short: nobody notices until a packet is long.
public final class D1FirstDescriptorTooEarly extends EngineSpecimen {
    /// Of a large send: its header, and its payload.
    private static final int[] FRAGMENT_BYTES = {64, 32_768, 1024};

    private static final int FRAGMENTS = FRAGMENT_BYTES.length;

    public D1FirstDescriptorTooEarly() {
        super(
                new Label(
                        "D1",
                        "First descriptor of a chain released before the rest is written",
                        "Linux stmmac 80acbed9f8fc \"dont set own bit too early for jumbo frames\"",
                        List.of(Rule.DEVICE_PROTOCOL, Rule.R72),
                        List.of("timing", "coherent", "weak-order")),
                EngineOptions.PLAIN
                        .withLatency(20 * Time.NANOSECOND, 20 * Time.NANOSECOND)
                        .withPolling(100_000));
    }

    /// The packet, as it was given to the engine.
    private final long[] buffers = new long[FRAGMENTS];

    private final long[] mapped = new long[FRAGMENTS];

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, FRAGMENTS, CONTROL_RUN | CONTROL_POLL);
        if (ring != null) {
            Cpu cpu = bench.cpu();
            for (int i = 0; i < FRAGMENTS && map(driver, i); i++) {
                fill(cpu, ring, i);
                cpu.dmaWriteBarrier();
                cpu.store32(ring.place(i) + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | flags(i))); // BUG
            }
            finish(bench, driver, ring);
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, FRAGMENTS, CONTROL_RUN | CONTROL_POLL);
        if (ring != null) {
            Cpu cpu = bench.cpu();
            boolean isMapped = true;
            for (int i = 0; i < FRAGMENTS && isMapped; i++) {
                isMapped = map(driver, i);
                fill(cpu, ring, i);
            }
            for (int i = FRAGMENTS - 1; i >= 0 && isMapped; i--) {
                // The first comes last, when all that follows it is there.
                cpu.dmaWriteBarrier();
                cpu.store32(ring.place(i) + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | flags(i)));
            }
            finish(bench, driver, ring);
        }
        driver.remove();
    }

    /// Copies a fragment of the packet, and maps it.
    private boolean map(EngineDriver driver, int i) {
        Dma dma = driver.dma();
        buffers[i] = driver.buffer(FRAGMENT_BYTES[i]);
        mapped[i] = dma.mapSingle(buffers[i], FRAGMENT_BYTES[i], Direction.TO_DEVICE);
        return dma.mappingError(mapped[i]) == 0;
    }

    /// All of descriptor `i` but who owns it.
    private void fill(Cpu cpu, EngineRing ring, int i) {
        cpu.store64(ring.place(i) + DESCRIPTOR_ADDRESS, cpu.le64(mapped[i]));
        cpu.store32(ring.place(i) + DESCRIPTOR_LENGTH, cpu.le32(FRAGMENT_BYTES[i]));
    }

    private static long flags(int i) {
        return (i == 0 ? CONTROL_FIRST : 0) | (i == FRAGMENTS - 1 ? CONTROL_LAST : 0);
    }

    private void finish(Bench bench, EngineDriver driver, EngineRing ring) {
        bench.expect(ring.awaitDone(FRAGMENTS - 1) != 0, "the packet is sent");
        ring.free();
        for (int i = 0; i < FRAGMENTS; i++) {
            if (buffers[i] != 0 && driver.dma().mappingError(mapped[i]) == 0) {
                driver.dma().unmapSingle(mapped[i], FRAGMENT_BYTES[i], Direction.TO_DEVICE);
            }
            driver.free(buffers[i]);
        }
    }
}
