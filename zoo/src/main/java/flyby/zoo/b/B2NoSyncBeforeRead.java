package flyby.zoo.b;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.Arrays;
import java.util.List;

/// The receive buffer stays mapped from packet to packet, and nobody syncs it before the packet is read. The
/// cache still holds the last packet, or the new one is still in the bounce buffer. On a PC there is nothing to
/// sync.
public final class B2NoSyncBeforeRead extends EngineSpecimen {
    private static final int PACKET_BYTES = 128;
    private static final int PACKETS = 3;

    public B2NoSyncBeforeRead() {
        super(new Label(
                "B2",
                "Received data are read, from a buffer that stays mapped, without a sync",
                "CVE-2026-72064 Linux mana (broken with swiotlb=force); luigirizzo/netmap #409 (wrong packets on Arm); "
                        + "Xilinx/qep-drivers #1",
                List.of(Rule.R41, Rule.R39, Rule.R47),
                List.of("non-coherent", "bounce")));
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
                int first = cpu.load8(buffer); // BUG
                bench.expect(first == number, "the packet that came in is the one that is read");
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
                int received = Math.max(0, engine.write(address, PACKET_BYTES));
                dma.syncSingleRangeForCpu(address, 0, received, FROM_DEVICE);
                int first = cpu.load8(buffer);
                bench.expect(first == number, "the packet that came in is the one that is read");
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
