package flyby.zoo.lookalikes;

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
import static flyby.zoo.engine.EngineRegisters.HEAD;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// An ordered register write, `writel`, has the barrier in it: what was stored to memory before is there when the
/// device hears the doorbell.
public final class L6OrderedDoorbell implements Lookalike {
    private static final int RING = 4;
    private static final int RING_BYTES = RING * DESCRIPTOR_BYTES;
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 3;
    private static final long WAIT_PICOS = Time.MILLISECOND;

    @Override
    public int number() {
        return 6;
    }

    @Override
    public String title() {
        return "The doorbell follows the descriptor without a write barrier";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        CoherentBuffer ring = dma.allocCoherent(RING_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0 && ring != null) {
            engine.registers().write32(RING_LOW, ring.dmaAddress() & 0xffff_ffffL);
            engine.registers().write32(RING_HIGH, ring.dmaAddress() >>> 32);
            engine.registers().write32(RING_SIZE, RING);
            engine.registers().write32(CONTROL, CONTROL_RUN);
            for (int index = 0; index < PACKETS; index++) {
                long at = ring.cpuAddress() + (long) index * DESCRIPTOR_BYTES;
                engine.storeLe64(at + DESCRIPTOR_ADDRESS, address);
                engine.storeLe32(at + DESCRIPTOR_LENGTH, PACKET_BYTES);
                engine.storeLe32(at + DESCRIPTOR_CONTROL, CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST);
                engine.registers().write32(TAIL, index + 1);
                int sent = index + 1;
                bench.kernel().poll(() -> engine.registers().read32(HEAD) == sent, Time.MICROSECOND, WAIT_PICOS);
            }
            bench.expect(engine.engine().sent().size() == PACKETS, "the packets were sent");
        }
        engine.stop();
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        if (ring != null) {
            dma.freeCoherent(RING_BYTES, ring.cpuAddress(), ring.dmaAddress());
        }
        engine.free(packet);
        engine.remove();
    }
}
