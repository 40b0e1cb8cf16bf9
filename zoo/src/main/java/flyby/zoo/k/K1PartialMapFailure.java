package flyby.zoo.k;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.dma.DmaFaults.Point;
import flyby.kernel.Errno;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The third fragment cannot be mapped, the driver gives up, and forgets the two before. It takes a map that fails
/// in the middle to show it.
public final class K1PartialMapFailure extends EngineSpecimen {
    private static final int COUNT = 4;
    private static final int FRAGMENT_BYTES = 1024;

    public K1PartialMapFailure() {
        super(new Label(
                "K1",
                "When one of several maps fails, those before it stay mapped",
                "nutanix/libvfio-user #558; Linux iavf 419831617ed3 (regions for ASQ and ARQ after an error)",
                List.of(Rule.R27, Rule.R22),
                List.of("coherent", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(COUNT * FRAGMENT_BYTES);
        long[] addresses = new long[COUNT];
        dma.faults().fail(Point.MAP, 3);
        if (mapAll(dma, buffer, addresses) == 0) { // BUG
            sendAll(engine, addresses);
        }
        engine.free(buffer); // BUG
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(COUNT * FRAGMENT_BYTES);
        long[] addresses = new long[COUNT];
        dma.faults().fail(Point.MAP, 3);
        if (mapAllOrNone(dma, buffer, addresses) == 0) {
            sendAll(engine, addresses);
        }
        engine.free(buffer);
        engine.remove();
    }

    private static int mapAll(Dma dma, long buffer, long[] addresses) {
        for (int i = 0; i < COUNT; i++) {
            addresses[i] = dma.mapSingle(buffer + (long) i * FRAGMENT_BYTES, FRAGMENT_BYTES, TO_DEVICE); // BUG
            if (dma.mappingError(addresses[i]) != 0) {
                return -Errno.ENOMEM; // BUG
            }
        }
        return 0;
    }

    private static int mapAllOrNone(Dma dma, long buffer, long[] addresses) {
        for (int i = 0; i < COUNT; i++) {
            addresses[i] = dma.mapSingle(buffer + (long) i * FRAGMENT_BYTES, FRAGMENT_BYTES, TO_DEVICE);
            if (dma.mappingError(addresses[i]) != 0) {
                unmapAll(dma, addresses, i);
                return -Errno.ENOMEM;
            }
        }
        return 0;
    }

    private static void unmapAll(Dma dma, long[] addresses, int count) {
        for (int i = 0; i < count; i++) {
            dma.unmapSingle(addresses[i], FRAGMENT_BYTES, TO_DEVICE);
        }
    }

    private static void sendAll(EngineDriver engine, long[] addresses) {
        for (long address : addresses) {
            engine.read(address, FRAGMENT_BYTES);
        }
        unmapAll(engine.dma(), addresses, COUNT);
    }
}
