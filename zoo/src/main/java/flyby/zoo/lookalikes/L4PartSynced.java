package flyby.zoo.lookalikes;

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

/// The device writes a header and a short packet into the second half of a page-sized buffer, and just that part
/// is synced and read. A sync covers what it says; the rest of the mapping stays the device's.
public final class L4PartSynced implements Lookalike {
    private static final int BUFFER_BYTES = 2048;
    private static final int PACKET_OFFSET = 1024;
    private static final int PACKET_BYTES = 192;

    @Override
    public int number() {
        return 4;
    }

    @Override
    public String title() {
        return "Only the part that was received is synced, at its offset";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        engine.fillMemory(packet(7));
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            int received = Math.max(0, engine.write(address + PACKET_OFFSET, PACKET_BYTES));
            dma.syncSingleRangeForCpu(address, PACKET_OFFSET, received, FROM_DEVICE);
            bench.expect(
                    EngineDriver.isBeginning(engine.load(buffer + PACKET_OFFSET, received), packet(7), received),
                    "the packet came in");
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
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
