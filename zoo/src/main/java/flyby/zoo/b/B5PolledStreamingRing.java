package flyby.zoo.b;

import static flyby.dma.Direction.BIDIRECTIONAL;
import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The ring of descriptors is ordinary memory, mapped once and never synced: the descriptor stays in the CPU's
/// cache, and what the device reports never gets there. A PC makes no difference between such memory and coherent
/// memory.
public final class B5PolledStreamingRing extends EngineSpecimen {
    private static final int RING_SIZE_USED = 4;
    private static final int RING_BYTES = RING_SIZE_USED * DESCRIPTOR_BYTES;
    private static final int PACKET_BYTES = 64;
    private static final long LOOK_PICOS = Time.MICROSECOND;
    private static final int LOOKS = 100;

    public B5PolledStreamingRing() {
        super(new Label(
                "B5",
                "Streaming memory is used as if it were coherent",
                "enfiskutensykkel/ssd-gpu-dma #17 (works on x86, fails on 32-bit Arm)",
                List.of(Rule.R39, Rule.R41, Rule.R42, Rule.R47),
                List.of("non-coherent", "bounce")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long ring = engine.buffer(RING_BYTES);
        bench.cpu().storeBytes(ring, new byte[RING_BYTES], 0, RING_BYTES);
        long ringAddress = dma.mapSingle(ring, RING_BYTES, BIDIRECTIONAL); // BUG
        if (dma.mappingError(ringAddress) == 0) {
            bench.expect(send(engine, dma, ring, ringAddress), "the descriptor was reported done");
            engine.stop();
            dma.unmapSingle(ringAddress, RING_BYTES, BIDIRECTIONAL);
        }
        engine.free(ring);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES);
        if (ring != null) {
            bench.expect(send(engine, dma, ring.cpuAddress(), ring.dmaAddress()), "the descriptor was reported done");
            engine.stop();
            dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
        }
        engine.remove();
    }

    /// Sends one packet by the ring.
    ///
    /// @return whether the engine has reported that it is gone
    private static boolean send(EngineDriver engine, Dma dma, long ring, long ringAddress) {
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        boolean isSent = false;
        if (dma.mappingError(address) == 0) {
            engine.registers().write32(RING_LOW, ringAddress & 0xffff_ffffL);
            engine.registers().write32(RING_HIGH, ringAddress >>> 32);
            engine.registers().write32(RING_SIZE, RING_SIZE_USED);
            engine.registers().write32(CONTROL, CONTROL_RUN);
            engine.storeLe64(ring + DESCRIPTOR_ADDRESS, address);
            engine.storeLe32(ring + DESCRIPTOR_LENGTH, PACKET_BYTES);
            engine.pci().kernel().cpu().dmaWriteBarrier();
            engine.storeLe32(ring + DESCRIPTOR_CONTROL, CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST);
            engine.registers().write32(TAIL, 1);
            for (int look = 0; look < LOOKS && !isSent; look++) {
                engine.pci().kernel().cpu().delay(LOOK_PICOS);
                isSent = (engine.loadLe32(ring + DESCRIPTOR_CONTROL) & CONTROL_DONE) != 0;
            }
            engine.stop();
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        return isSent;
    }
}
