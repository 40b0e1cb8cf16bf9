package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_POLL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.TAIL;

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

/// The engine polls, and fetches a descriptor in two reads: what it has of it may be the address of the last buffer and
/// the control word of the next. Barriers in the driver do not help: the slot must not be exposed until it is whole.
public final class D11RewrittenWhileFetched extends EngineSpecimen {
    private static final int SLOTS = 4;
    private static final int PACKETS = 24;
    private static final int PACKET_BYTES = 128;

    public D11RewrittenWhileFetched() {
        super(
                new Label(
                        "D11",
                        "Device can fetch a descriptor while the CPU is rewriting it",
                        "oxidecomputer/hubris #750: RX wedged, fetch order of RDES0 and RDES3",
                        List.of(Rule.DEVICE_PROTOCOL, Rule.R4, Rule.R40, Rule.FREED_MEMORY),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withSplitFetch(Time.MICROSECOND).withPolling(100_000));
    }

    @Override
    public void buggy(Bench bench) {
        receive(bench, CONTROL_POLL);
    }

    @Override
    public void fixed(Bench bench) {
        receive(bench, 0);
    }

    /// Packets come in one after the other, each into a buffer of its own.
    private static void receive(Bench bench, long mode) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN | mode);
        if (ring != null) {
            for (int i = 0; i < PACKETS; i++) {
                receiveOne(bench, driver, ring, i % SLOTS, mode == 0);
            }
            ring.free();
        }
        driver.remove();
    }

    private static void receiveOne(Bench bench, EngineDriver driver, EngineRing ring, int slot, boolean hasDoorbell) {
        Cpu cpu = bench.cpu();
        Dma dma = driver.dma();
        byte[] packet = EngineDriver.pattern(PACKET_BYTES);
        long buffer = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
        long mapped = dma.mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE);
        if (dma.mappingError(mapped) == 0) {
            long at = ring.place(slot);
            cpu.store64(at + DESCRIPTOR_ADDRESS, cpu.le64(mapped)); // BUG the engine may be reading
            cpu.store32(at + DESCRIPTOR_LENGTH, cpu.le32(PACKET_BYTES)); // BUG the same
            cpu.dmaWriteBarrier();
            cpu.store32(at + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_WRITE)); // BUG the same
            if (hasDoorbell) {
                driver.registers().write32(TAIL, (slot + 1) % SLOTS);
            }
            driver.engine().receive(packet);
            bench.expect(ring.awaitDone(slot) != 0, "a packet comes in");
            int byteCount = ring.result(slot, PACKET_BYTES);
            dma.unmapSingle(mapped, PACKET_BYTES, Direction.FROM_DEVICE);
            byte[] got = driver.load(buffer, byteCount);
            bench.expect(EngineDriver.isBeginning(got, packet, byteCount), "the packet is whole");
        }
        driver.free(buffer);
    }
}
