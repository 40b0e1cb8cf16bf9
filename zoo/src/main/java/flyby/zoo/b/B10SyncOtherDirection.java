package flyby.zoo.b;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.Arrays;
import java.util.List;

/// Before the packet is read the buffer is synced, but TO_DEVICE, as it was not mapped: nothing is invalidated,
/// nothing is copied back from the bounce buffer. On a PC a sync does nothing in either direction.
public final class B10SyncOtherDirection extends EngineSpecimen {
    private static final int PACKET_BYTES = 128;
    private static final int PACKETS = 3;

    public B10SyncOtherDirection() {
        super(new Label(
                "B10",
                "The direction of a sync contradicts that of the mapping",
                "erikarn/athp #39 (PREREAD together with POSTWRITE)",
                List.of(Rule.R44),
                List.of("coherent", "non-coherent", "bounce")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(buffer, PACKET_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= PACKETS; number++) {
                engine.fillMemory(packet(number));
                engine.write(address, PACKET_BYTES);
                dma.syncSingleForCpu(address, PACKET_BYTES, TO_DEVICE); // BUG
                bench.expect(cpu.load8(buffer) == number, "the packet that came in is the one that is read");
            }
            dma.unmapSingle(address, PACKET_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = engine.buffer(PACKET_BYTES);
        long address = dma.mapSingle(buffer, PACKET_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= PACKETS; number++) {
                engine.fillMemory(packet(number));
                engine.write(address, PACKET_BYTES);
                dma.syncSingleForCpu(address, PACKET_BYTES, FROM_DEVICE);
                bench.expect(cpu.load8(buffer) == number, "the packet that came in is the one that is read");
                dma.syncSingleForDevice(address, PACKET_BYTES, FROM_DEVICE);
            }
            dma.unmapSingle(address, PACKET_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    /// A packet in the engine's memory, which its bytes tell from others.
    private static byte[] packet(int number) {
        byte[] bytes = new byte[PACKET_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
