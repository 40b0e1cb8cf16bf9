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

/// Two buffers are mapped once and used in turn, as a page pool does it: synced for the CPU when a packet is in,
/// for the device before it goes back, and unmapped only at the end.
public final class L5PagePool implements Lookalike {
    private static final int PACKET_BYTES = 256;
    private static final int BUFFERS = 2;
    private static final int PACKETS = 8;

    @Override
    public int number() {
        return 5;
    }

    @Override
    public String title() {
        return "Buffers stay mapped over many packets, and are synced each time";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene));
    }

    @Override
    public void run(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long[] buffers = new long[BUFFERS];
        long[] addresses = new long[BUFFERS];
        for (int i = 0; i < BUFFERS; i++) {
            buffers[i] = engine.buffer(PACKET_BYTES);
            addresses[i] = dma.mapSingle(buffers[i], PACKET_BYTES, FROM_DEVICE);
        }
        for (int number = 0; number < PACKETS; number++) {
            int i = number % BUFFERS;
            if (dma.mappingError(addresses[i]) == 0) {
                engine.fillMemory(packet(number));
                int received = Math.max(0, engine.write(addresses[i], PACKET_BYTES));
                dma.syncSingleForCpu(addresses[i], received, FROM_DEVICE);
                byte[] seen = engine.load(buffers[i], received);
                bench.expect(EngineDriver.isBeginning(seen, packet(number), received), "the packet came in");
                dma.syncSingleForDevice(addresses[i], received, FROM_DEVICE);
            }
        }
        for (int i = 0; i < BUFFERS; i++) {
            if (dma.mappingError(addresses[i]) == 0) {
                dma.unmapSingle(addresses[i], PACKET_BYTES, FROM_DEVICE);
            }
            engine.free(buffers[i]);
        }
        engine.remove();
    }

    private static byte[] packet(int number) {
        byte[] bytes = new byte[PACKET_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
