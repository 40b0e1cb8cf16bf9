package flyby.zoo.g;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.RING_ALIGNMENT;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.DmaPool;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The ring comes from a pool that aligns to four bytes, and the engine drops the low bits of its address: it
/// works in somebody else's block. The first block of a pool, or a ring of a whole page, is aligned by luck.
public final class G6MisalignedRing extends EngineSpecimen {
    private static final int RING = 3;
    private static final int RING_BYTES = RING * DESCRIPTOR_BYTES;
    private static final int PACKET_BYTES = 64;
    private static final long WAIT_PICOS = 100 * Time.MICROSECOND;

    public G6MisalignedRing() {
        super(new Label(
                "G6",
                "The alignment that the device needs is not kept",
                "apache/nuttx #16661 (descriptor rings are multiples of 128 bytes); openbmc/u-boot #21 (ftgmac100)",
                List.of(Rule.DEVICE_PROTOCOL, Rule.R4, Rule.R59),
                List.of("coherent", "non-coherent", "iommu-strict")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        DmaPool pool = DmaPool.create(bench.dma(), "rings", RING_BYTES, 4, 0); // BUG
        CoherentBuffer receive = pool == null ? null : pool.zalloc();
        CoherentBuffer send = pool == null ? null : pool.zalloc();
        if (pool != null && send != null && receive != null) {
            engine.registers().write32(RING_LOW, send.dmaAddress() & 0xffff_ffffL); // BUG
            engine.registers().write32(RING_HIGH, send.dmaAddress() >>> 32);
            send(bench, engine, send);
            pool.free(send.cpuAddress(), send.dmaAddress());
            pool.free(receive.cpuAddress(), receive.dmaAddress());
            pool.destroy();
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        DmaPool pool = DmaPool.create(bench.dma(), "rings", RING_BYTES, RING_ALIGNMENT, 0);
        CoherentBuffer receive = pool == null ? null : pool.zalloc();
        CoherentBuffer send = pool == null ? null : pool.zalloc();
        if (pool != null && send != null && receive != null) {
            engine.registers().write32(RING_LOW, send.dmaAddress() & 0xffff_ffffL);
            engine.registers().write32(RING_HIGH, send.dmaAddress() >>> 32);
            send(bench, engine, send);
            pool.free(send.cpuAddress(), send.dmaAddress());
            pool.free(receive.cpuAddress(), receive.dmaAddress());
            pool.destroy();
        }
        engine.remove();
    }

    /// Sends one packet by the ring, and stops the engine.
    private static void send(Bench bench, EngineDriver engine, CoherentBuffer ring) {
        long packet = engine.buffer(PACKET_BYTES);
        long address = bench.dma().mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (bench.dma().mappingError(address) == 0) {
            engine.registers().write32(RING_SIZE, RING);
            engine.registers().write32(CONTROL, CONTROL_RUN);
            engine.storeLe64(ring.cpuAddress() + DESCRIPTOR_ADDRESS, address);
            engine.storeLe32(ring.cpuAddress() + DESCRIPTOR_LENGTH, PACKET_BYTES);
            bench.cpu().dmaWriteBarrier();
            engine.storeLe32(ring.cpuAddress() + DESCRIPTOR_CONTROL, CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST);
            engine.registers().write32(TAIL, 1);
            bench.kernel().poll(() -> !engine.engine().sent().isEmpty(), Time.MICROSECOND, WAIT_PICOS);
            bench.expect(!engine.engine().sent().isEmpty(), "the packet went out");
        }
        engine.stop();
        if (bench.dma().mappingError(address) == 0) {
            bench.dma().unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
    }
}
