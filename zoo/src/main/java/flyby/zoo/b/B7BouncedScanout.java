package flyby.zoo.b;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.Arrays;
import java.util.List;

/// A frame is mapped once and shown again and again while the CPU draws into it: right where device and CPU see
/// the same memory, as on a PC. Where the mapping was bounced, the device shows its copy of the first frame for
/// ever.
public final class B7BouncedScanout extends EngineSpecimen {
    private static final int FRAME_BYTES = 512;
    private static final int FRAMES = 3;

    public B7BouncedScanout() {
        super(new Label(
                "B7",
                "A mapping is used as if it were coherent, and was bounced",
                "raspberrypi/linux #5734 (vc4: swiotlb bounce buffers must not be imported as dmabuf)",
                List.of(Rule.R39, Rule.R42, Rule.R46, Rule.R47, Rule.R71),
                List.of("bounce", "non-coherent")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long frame = engine.buffer(FRAME_BYTES);
        long address = dma.mapSingle(frame, FRAME_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= FRAMES; number++) {
                cpu.storeBytes(frame, picture(number), 0, FRAME_BYTES); // BUG
                engine.read(address, FRAME_BYTES);
                bench.expect(engine.memory().read8(0) == number, "the frame that was drawn is shown");
            }
            dma.unmapSingle(address, FRAME_BYTES, TO_DEVICE);
        }
        engine.free(frame);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long frame = engine.buffer(FRAME_BYTES);
        long address = dma.mapSingle(frame, FRAME_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= FRAMES; number++) {
                dma.syncSingleForCpu(address, FRAME_BYTES, TO_DEVICE);
                cpu.storeBytes(frame, picture(number), 0, FRAME_BYTES);
                dma.syncSingleForDevice(address, FRAME_BYTES, TO_DEVICE);
                engine.read(address, FRAME_BYTES);
                bench.expect(engine.memory().read8(0) == number, "the frame that was drawn is shown");
            }
            dma.unmapSingle(address, FRAME_BYTES, TO_DEVICE);
        }
        engine.free(frame);
        engine.remove();
    }

    private static byte[] picture(int number) {
        byte[] bytes = new byte[FRAME_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
