package flyby.zoo.lookalikes;

import static flyby.dma.Direction.BIDIRECTIONAL;

import flyby.dma.CoherentBuffer;
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

/// `dma_alloc_noncoherent` returns NULL if it fails; its address needs no other check. A checker of Linux took it
/// for a mapping until August 2025.
public final class L12NoncoherentUnchecked implements Lookalike {
    private static final int BUFFER_BYTES = 4096;
    private static final int PACKET_BYTES = 128;

    @Override
    public int number() {
        return 12;
    }

    @Override
    public String title() {
        return "Noncoherent memory is used and freed without dma_mapping_error";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        CoherentBuffer buffer = dma.allocNoncoherent(BUFFER_BYTES, BIDIRECTIONAL);
        if (buffer != null) {
            bench.cpu().storeBytes(buffer.cpuAddress(), packet(5), 0, PACKET_BYTES);
            dma.syncSingleForDevice(buffer.dmaAddress(), PACKET_BYTES, BIDIRECTIONAL);
            engine.read(buffer.dmaAddress(), PACKET_BYTES);
            int received = Math.max(0, engine.write(buffer.dmaAddress(), PACKET_BYTES));
            dma.syncSingleForCpu(buffer.dmaAddress(), PACKET_BYTES, BIDIRECTIONAL);
            byte[] seen = engine.load(buffer.cpuAddress(), received);
            bench.expect(EngineDriver.isBeginning(seen, packet(5), received), "the packet went there and back");
            dma.freeNoncoherent(BUFFER_BYTES, buffer.cpuAddress(), buffer.dmaAddress(), BIDIRECTIONAL);
        }
        engine.remove();
    }

    private static byte[] packet(int number) {
        byte[] bytes = new byte[PACKET_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
