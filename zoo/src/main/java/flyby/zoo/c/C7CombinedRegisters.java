package flyby.zoo.c;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;

import flyby.bus.MemoryType;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.kernel.IoMemory;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The registers are mapped write-combining, and the ring's address and RUN go out in one burst, from the lowest
/// address up: RUN is there first. It passes where the buffer happens to be emptied in between.
public final class C7CombinedRegisters extends EngineSpecimen {
    private static final int RING = 8;
    private static final int RING_BYTES = RING * DESCRIPTOR_BYTES;

    public C7CombinedRegisters() {
        super(new Label(
                "C7",
                "Write combining merges register writes and changes their order",
                "Microsemi/switchtec-kernel #36 (enable combined with the address registers); "
                        + "linux-rdma/rdma-core #666 (descriptors in a combining BAR, and the doorbell)",
                List.of(Rule.R79, Rule.R66, Rule.DEVICE_PROTOCOL),
                List.of("coherent", "non-coherent", "weak-order", "iommu-strict")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        IoMemory registers = engine.pci().mapWriteCombining(Card.REGISTERS);
        CoherentBuffer ring = bench.dma().allocCoherent(RING_BYTES);
        if (ring != null && registers != null) {
            registers.write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
            registers.write32(RING_HIGH, ring.dmaAddress() >>> 32);
            registers.write32(RING_SIZE, RING);
            registers.write32(CONTROL, CONTROL_RUN); // BUG
            bench.expect(registers.read32(RING_SIZE) == RING, "the engine knows its ring"); // BUG
            finish(bench, engine, registers, ring);
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        IoMemory registers = engine.pci().mapWriteCombining(Card.REGISTERS);
        CoherentBuffer ring = bench.dma().allocCoherent(RING_BYTES);
        if (ring != null && registers != null) {
            registers.write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
            registers.write32(RING_HIGH, ring.dmaAddress() >>> 32);
            registers.write32(RING_SIZE, RING);
            bench.cpu().writeBarrier();
            registers.write32(CONTROL, CONTROL_RUN);
            bench.cpu().writeBarrier();
            bench.expect(registers.read32(RING_SIZE) == RING, "the engine knows its ring");
            finish(bench, engine, registers, ring);
        }
        engine.remove();
    }

    /// Leaves the registers as they were found, and the ring to nobody.
    private static void finish(Bench bench, EngineDriver engine, IoMemory registers, CoherentBuffer ring) {
        bench.cpu().setMemoryType(registers.address(0), registers.byteCount(), MemoryType.UNCACHED);
        engine.stop();
        bench.dma().freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
    }
}
