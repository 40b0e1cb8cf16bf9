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

/// A buffer is cleared for the next packet, and given to the device with the zeros still in the cache: when the
/// lines are evicted, they overwrite what the device wrote. A PC's device writes take the lines out of the
/// caches.
public final class B4DirtyLinesHandedOver extends EngineSpecimen {
    private static final int PACKET_BYTES = 256;
    private static final int PACKETS = 4;

    public B4DirtyLinesHandedOver() {
        super(new Label(
                "B4",
                "A buffer with dirty lines is handed to the device for what comes in",
                "zephyr #71278 (a dirty line evicted after the DMA wrote half the buffer); "
                        + "espressif/esp32-camera #493; ARMmbed/mbed-os #10299",
                List.of(Rule.R34, Rule.R40, Rule.R42, Rule.R43, Rule.R39),
                List.of("non-coherent")));
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
                int received = Math.max(0, engine.write(address, PACKET_BYTES));
                dma.syncSingleForCpu(address, PACKET_BYTES, FROM_DEVICE);
                bench.expect(isPacket(engine.load(buffer, received), number), "the whole packet came in");
                cpu.storeBytes(buffer, new byte[PACKET_BYTES], 0, PACKET_BYTES); // BUG
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
                dma.syncSingleForCpu(address, PACKET_BYTES, FROM_DEVICE);
                bench.expect(isPacket(engine.load(buffer, received), number), "the whole packet came in");
                cpu.storeBytes(buffer, new byte[PACKET_BYTES], 0, PACKET_BYTES);
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

    private static boolean isPacket(byte[] received, int number) {
        return EngineDriver.isBeginning(received, packet(number), received.length);
    }
}
