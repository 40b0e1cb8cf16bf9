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

/// After each packet the buffer is synced for the CPU, read, and left to the device as it is. The CPU has stored
/// nothing, and so there is nothing to hand over: `dma-api-howto.rst` does it so.
public final class L2OnlyReadInBetween implements Lookalike {
    private static final int PACKET_BYTES = 128;
    private static final int PACKETS = 4;

    @Override
    public int number() {
        return 2;
    }

    @Override
    public String title() {
        return "A buffer that the CPU only read goes back to the device without a sync";
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
        long address = dma.mapSingle(buffer, PACKET_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= PACKETS; number++) {
                engine.fillMemory(packet(number));
                engine.write(address, PACKET_BYTES);
                dma.syncSingleForCpu(address, PACKET_BYTES, FROM_DEVICE);
                bench.expect(bench.cpu().load8(buffer) == number, "the packet came in");
            }
            dma.unmapSingle(address, PACKET_BYTES, FROM_DEVICE);
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
