package flyby.zoo.lookalikes;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Set;

/// The third map of the run fails, and on some machines others as well, for want of bounce buffers or of IOVAs.
/// The driver gives nothing to the device and takes nothing back, waits a little, and tries again.
public final class L15RetriedMap implements Lookalike {
    private static final int PACKET_BYTES = 512;
    private static final int PACKETS = 6;
    private static final int TRIES = 50;
    private static final long LATER_PICOS = 10 * Time.MICROSECOND;

    @Override
    public int number() {
        return 15;
    }

    @Override
    public String title() {
        return "A map fails, and the request is tried again";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        dma.faults().fail(Point.MAP, 3);
        dma.faults().fail(Point.BOUNCE, 4);
        long packet = engine.buffer(PACKET_BYTES);
        int sent = 0;
        for (int i = 0; i < TRIES && sent < PACKETS; i++) {
            long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
            if (dma.mappingError(address) == 0) {
                sent += engine.read(address, PACKET_BYTES) == PACKET_BYTES ? 1 : 0;
                dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
            } else {
                bench.kernel().sleep(LATER_PICOS);
            }
        }
        bench.expect(sent == PACKETS, "all packets were sent in the end");
        engine.free(packet);
        engine.remove();
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }
}
