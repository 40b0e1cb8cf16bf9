package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.COMPLETION_BYTES;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_ID;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_LENGTH;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_PHASE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_QUEUE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HEAD;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HIGH;
import static flyby.zoo.engine.EngineRegisters.QUEUE_LOW;
import static flyby.zoo.engine.EngineRegisters.QUEUE_SIZE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The engine is stopped and enabled again, head and phase begin anew, and the queue still holds the completions of the
/// run before: the first looks new, and a buffer is taken back that the engine has not written yet. Where memory is
/// fresh and full of zeros, as after boot, it works.
public final class D3CompletionsNotCleared extends EngineSpecimen {
    private static final int SLOTS = 4;
    private static final int QUEUE_BYTES = SLOTS * COMPLETION_BYTES;
    private static final int PACKET_BYTES = 128;

    public D3CompletionsNotCleared() {
        super(new Label(
                "D3",
                "Completion memory not cleared: stale phase bits look new",
                "chimera-nas/libevpl #90, snu-csl/nvmevirt #58",
                List.of(Rule.R25, Rule.R39, Rule.R40, Rule.R81, Rule.FREED_MEMORY, Rule.RIGHT_DATA),
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

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer queue = driver.dma().allocCoherent(QUEUE_BYTES);
        if (queue != null) {
            run(bench, driver, queue, 0);
            run(bench, driver, queue, 1); // BUG the queue is as the first run has left it
            driver.dma().freeCoherent(queue.byteCount(), queue.cpuAddress(), queue.dmaAddress());
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        CoherentBuffer queue = driver.dma().allocCoherent(QUEUE_BYTES);
        if (queue != null) {
            for (int i = 0; i < 2; i++) {
                bench.cpu().storeBytes(queue.cpuAddress(), new byte[QUEUE_BYTES], 0, QUEUE_BYTES);
                run(bench, driver, queue, i);
            }
            driver.dma().freeCoherent(queue.byteCount(), queue.cpuAddress(), queue.dmaAddress());
        }
        driver.remove();
    }

    /// Enables the engine, receives a packet, and stops it again.
    private static void run(Bench bench, EngineDriver driver, CoherentBuffer queue, int number) {
        EngineRing ring = EngineRing.start(driver, SLOTS, 0);
        if (ring == null) {
            return;
        }
        driver.registers().write32(QUEUE_LOW, queue.dmaAddress() & 0xffff_ffffL);
        driver.registers().write32(QUEUE_HIGH, queue.dmaAddress() >>> 32);
        driver.registers().write32(QUEUE_SIZE, SLOTS);
        driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_QUEUE);
        receive(bench, driver, ring, queue.cpuAddress(), number);
        ring.free();
    }

    private static void receive(Bench bench, EngineDriver driver, EngineRing ring, long queue, int number) {
        Dma dma = driver.dma();
        Cpu cpu = bench.cpu();
        byte[] packet = EngineDriver.pattern(PACKET_BYTES);
        packet[0] = (byte) number;
        driver.engine().receive(packet);
        long buffer = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
        long mapped = dma.mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE);
        if (dma.mappingError(mapped) == 0) {
            ring.fill(mapped, PACKET_BYTES, CONTROL_WRITE);
            ring.doorbell();
            int error = bench.kernel().poll(() -> isNew(cpu, queue), Time.MICROSECOND, EngineDriver.TIMEOUT_PICOS);
            bench.expect(error == 0, "a packet is completed");
            cpu.dmaReadBarrier();
            bench.expect(cpu.le32(cpu.load32(queue + COMPLETION_ID)) == 0, "the completion is that of descriptor 0");
            int byteCount = (int) Math.min(cpu.le32(cpu.load32(queue + COMPLETION_LENGTH)), PACKET_BYTES);
            driver.registers().write32(QUEUE_HEAD, 1);
            dma.unmapSingle(mapped, PACKET_BYTES, Direction.FROM_DEVICE); // BUG the completion may be an old one
            boolean isWhole = EngineDriver.isBeginning(driver.load(buffer, byteCount), packet, byteCount);
            bench.expect(isWhole, "the packet is there"); // BUG the same
        }
        driver.free(buffer);
    }

    private static boolean isNew(Cpu cpu, long queue) {
        return (cpu.le32(cpu.load32(queue + COMPLETION_PHASE)) & 1) == 1; // BUG also if the run before has written it
    }
}
