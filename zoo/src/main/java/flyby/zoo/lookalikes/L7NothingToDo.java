package flyby.zoo.lookalikes;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;

import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The driver looks at the control word, finds the descriptor still the engine's, and goes away. Nothing was read
/// that could be older than the word, and so nothing needs to be ordered; the barrier comes when there is
/// something to read.
public final class L7NothingToDo implements Lookalike {
    private static final int RING = 4;
    private static final int PACKET_BYTES = 64;
    private static final long LOOK_PICOS = 100 * Time.NANOSECOND;

    @Override
    public int number() {
        return 7;
    }

    @Override
    public String title() {
        return "A valid bit that says no is looked at without a read barrier";
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
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        EngineRing ring = EngineRing.start(engine, RING);
        if (dma.mappingError(address) == 0 && ring != null) {
            int index = ring.fill(address, PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST);
            ring.doorbell();
            long end = bench.cpu().nowPicos() + EngineDriver.TIMEOUT_PICOS;
            boolean isDone = false;
            while (!isDone && bench.cpu().nowPicos() < end) {
                bench.cpu().delay(LOOK_PICOS);
                long control = engine.loadLe32(ring.place(index) + DESCRIPTOR_CONTROL);
                isDone = (control & CONTROL_DONE) != 0;
            }
            bench.cpu().dmaReadBarrier();
            bench.expect(ring.result(index, PACKET_BYTES) == PACKET_BYTES, "all of the packet was sent");
        }
        if (ring != null) {
            ring.free();
        }
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        engine.free(packet);
        engine.remove();
    }
}
