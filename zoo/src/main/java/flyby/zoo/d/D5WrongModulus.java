package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// The tail is to be one slot behind the one that is looked at next. With unsigned arithmetic, one less than 0 is
/// 4,294,967,295, and that modulo 7 is 3, not 6. Rings whose sizes are powers of two forgive it.
public final class D5WrongModulus extends EngineSpecimen {
    private static final int SLOTS = 7;
    private static final int PACKETS = 16;
    private static final int PACKET_BYTES = 128;

    public D5WrongModulus() {
        super(new Label(
                "D5",
                "Wrong modulus in the tail register",
                "STM32H7 HAL #61 \"ETH Rx Tailpointer calculation wrong\", zephyr #89581",
                List.of(Rule.DEVICE_PROTOCOL),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
    }

    private final long[] buffers = new long[SLOTS];
    private final long[] mapped = new long[SLOTS];

    @Override
    public void buggy(Bench bench) {
        receive(bench, current -> Integer.remainderUnsigned(current - 1, SLOTS));
    }

    @Override
    public void fixed(Bench bench) {
        receive(bench, current -> (current + SLOTS - 1) % SLOTS);
    }

    private void receive(Bench bench, IntUnaryOperator tailFor) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            if (fill(bench, driver, ring)) {
                receiveAll(bench, driver, ring, tailFor);
            }
            ring.free();
            for (int i = 0; i < SLOTS && buffers[i] != 0; i++) {
                driver.dma().unmapSingle(mapped[i], PACKET_BYTES, Direction.FROM_DEVICE);
                driver.free(buffers[i]);
            }
        }
        driver.remove();
    }

    /// Gives the engine a buffer in each slot.
    private boolean fill(Bench bench, EngineDriver driver, EngineRing ring) {
        for (int i = 0; i < SLOTS; i++) {
            long buffer = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
            mapped[i] = driver.dma().mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE);
            if (driver.dma().mappingError(mapped[i]) != 0) {
                driver.free(buffer);
                return false;
            }
            buffers[i] = buffer;
            ring.fill(mapped[i], PACKET_BYTES, CONTROL_WRITE);
        }
        return true;
    }

    private void receiveAll(Bench bench, EngineDriver driver, EngineRing ring, IntUnaryOperator tailFor) {
        Cpu cpu = bench.cpu();
        Dma dma = driver.dma();
        byte[] packet = EngineDriver.pattern(PACKET_BYTES);
        for (int i = 0; i < PACKETS; i++) {
            driver.engine().receive(packet);
        }
        int current = 0;
        driver.registers().write32(TAIL, SLOTS - 1);
        for (int i = 0; i < PACKETS; i++) {
            bench.expect(ring.awaitDone(current) != 0, "a packet comes in");
            int byteCount = ring.result(current, PACKET_BYTES);
            dma.syncSingleForCpu(mapped[current], PACKET_BYTES, Direction.FROM_DEVICE);
            byte[] got = driver.load(buffers[current], byteCount);
            bench.expect(EngineDriver.isBeginning(got, packet, byteCount), "the packet is whole");
            dma.syncSingleForDevice(mapped[current], PACKET_BYTES, Direction.FROM_DEVICE);
            cpu.dmaWriteBarrier();
            cpu.store32(ring.place(current) + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_WRITE));
            current = (current + 1) % SLOTS;
            driver.registers().write32(TAIL, tailFor.applyAsInt(current)); // BUG
        }
    }
}
