package flyby.zoo.b;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The packet gets its sequence number when it is mapped already. The map wrote the caches back, or copied the
/// packet to a bounce buffer: what is stored later stays behind. A PC's devices ask the caches, and so it passes
/// there.
public final class B1WriteAfterMap extends EngineSpecimen {
    private static final int PACKET_BYTES = 64;
    private static final int SEQUENCE_OFFSET = 22;
    private static final int SEQUENCE = 0xa5;

    public B1WriteAfterMap() {
        super(new Label(
                "B1",
                "The CPU writes a TO_DEVICE buffer after it was mapped",
                "Linux rtl8180 (hdr->seq_ctrl after the map), p54, rtl8192ce c7ba0ea0df37, rtl8188ee 6df3c293d284, "
                        + "rtl8723ae 8b2c13b2e5da; SADA, USENIX Security 2021",
                List.of(Rule.R39, Rule.R32, Rule.R42),
                List.of("non-coherent", "bounce")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            cpu.store8(packet + SEQUENCE_OFFSET, SEQUENCE); // BUG
            engine.read(address, PACKET_BYTES);
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
            bench.expect(engine.memory().read8(SEQUENCE_OFFSET) == SEQUENCE, "the sequence number was sent");
        }
        engine.free(packet);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        cpu.store8(packet + SEQUENCE_OFFSET, SEQUENCE);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address, PACKET_BYTES);
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
            bench.expect(engine.memory().read8(SEQUENCE_OFFSET) == SEQUENCE, "the sequence number was sent");
        }
        engine.free(packet);
        engine.remove();
    }
}
