package flyby.zoo.lookalikes;

import static flyby.dma.Attributes.SKIP_CPU_SYNC;
import static flyby.dma.Direction.FROM_DEVICE;

import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.zoo.EngineDriver;
import flyby.zoo.Lookalike;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;

/// What came in was synced for the CPU already, and the unmap need not do it again: SKIP_CPU_SYNC may differ
/// between the two.
public final class L10SkippedAtUnmap implements Lookalike {
    private static final int PACKET_BYTES = 256;

    @Override
    public int number() {
        return 10;
    }

    @Override
    public String title() {
        return "The unmap skips the sync that was done by hand, and the map had no such attribute";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(PACKET_BYTES);
        engine.fillMemory(packet(3));
        long address = dma.mapSingle(buffer, PACKET_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            int received = Math.max(0, engine.write(address, PACKET_BYTES));
            dma.syncSingleForCpu(address, PACKET_BYTES, FROM_DEVICE);
            dma.unmapSingle(address, PACKET_BYTES, FROM_DEVICE, SKIP_CPU_SYNC);
            byte[] seen = engine.load(buffer, received);
            bench.expect(EngineDriver.isBeginning(seen, packet(3), received), "the packet came in");
        }
        engine.free(buffer);
        engine.remove();
    }

    private static byte[] packet(int number) {
        byte[] bytes = new byte[PACKET_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
