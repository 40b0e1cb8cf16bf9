package flyby.zoo.k;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// Busy means: the packet is still yours, send it again. The driver has freed it, and so the stack sends memory
/// that is somebody else's. A map has to fail for that.
public final class K5TransmitContract extends EngineSpecimen {
    private static final int PACKET_BYTES = 64;
    private static final int TAKEN = 0;
    private static final int BUSY = 16;

    public K5TransmitContract() {
        super(new Label(
                "K5",
                "A packet whose map failed is freed and reported as not taken",
                "dma-api-howto.rst, on ndo_start_xmit and queuecommand; Xilinx/open-nic-driver #12 \"Drop "
                        + "packets on dma errors\"",
                List.of(Rule.R28, Rule.R13, Rule.FREED_MEMORY),
                List.of("coherent", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        long packet = engine.buffer(PACKET_BYTES);
        bench.dma().faults().fail(Point.MAP, 1);
        // As the network stack does: a packet that was not taken is sent again.
        while (transmit(engine, packet) == BUSY) { // BUG
            bench.kernel().sleep(Time.MICROSECOND);
        }
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        long packet = engine.buffer(PACKET_BYTES);
        bench.dma().faults().fail(Point.MAP, 1);
        while (transmitOrDrop(engine, packet) == BUSY) {
            bench.kernel().sleep(Time.MICROSECOND);
        }
        engine.remove();
    }

    private static int transmit(EngineDriver engine, long packet) {
        Dma dma = engine.dma();
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) != 0) {
            engine.free(packet); // BUG
            return BUSY; // BUG
        }
        send(engine, packet, address);
        return TAKEN;
    }

    private static int transmitOrDrop(EngineDriver engine, long packet) {
        Dma dma = engine.dma();
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) != 0) {
            engine.free(packet);
            return TAKEN;
        }
        send(engine, packet, address);
        return TAKEN;
    }

    private static void send(EngineDriver engine, long packet, long address) {
        engine.read(address, PACKET_BYTES);
        engine.dma().unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        engine.free(packet);
    }
}
