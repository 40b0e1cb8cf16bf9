package flyby.zoo.c;

import static flyby.dma.Direction.TO_DEVICE;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_BYTES;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_LENGTH;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_PHASE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_QUEUE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HIGH;
import static flyby.zoo.engine.EngineRegisters.QUEUE_LOW;
import static flyby.zoo.engine.EngineRegisters.QUEUE_SIZE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The completion's phase says that it is new, and its length is read right behind: a CPU that loads early may
/// have the length from before the device wrote it. A PC's loads are in order.
public final class C1NoReadBarrier extends EngineSpecimen {
    private static final int RING = 8;
    private static final int QUEUE = 64;
    private static final int QUEUE_BYTES = QUEUE * COMPLETION_BYTES;
    private static final int PACKET_BYTES = 64;
    private static final int PACKETS = 40;
    private static final long LOOK_PICOS = 20 * Time.NANOSECOND;
    private static final long NOTHING_NEW = -1;

    public C1NoReadBarrier() {
        super(new Label(
                "C1",
                "The body of a completion is read without a barrier after its valid bit",
                "Linux ionic 621f44af8c5b, airoha_eth 4ae0604a0673, ibmvnic (subCRQ entries); "
                        + "microsoft/openvmm #506 (NVMe and MANA on ARM64)",
                List.of(Rule.R73),
                List.of("weak-order")));
    }

    @Override
    public void buggy(Bench bench) {
        work(bench, (cpu, entry) -> {
            if (!isNew(cpu, entry)) {
                return NOTHING_NEW;
            }
            return cpu.le32(cpu.load32(entry + COMPLETION_LENGTH)); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        work(bench, (cpu, entry) -> {
            if (!isNew(cpu, entry)) {
                return NOTHING_NEW;
            }
            cpu.dmaReadBarrier();
            return cpu.le32(cpu.load32(entry + COMPLETION_LENGTH));
        });
    }

    /// How a completion is looked at.
    @FunctionalInterface
    private interface Look {
        /// @return its length, or [#NOTHING_NEW]
        long at(Cpu cpu, long entry);
    }

    /// In the first round through the queue.
    private static boolean isNew(Cpu cpu, long entry) {
        return (cpu.le32(cpu.load32(entry + COMPLETION_PHASE)) & 1) == 1;
    }

    /// Sends packets of different lengths, and compares what the completions say.
    private static void work(Bench bench, Look look) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long packet = engine.buffer(PACKET_BYTES);
        CoherentBuffer queue = dma.allocCoherent(QUEUE_BYTES);
        EngineRing ring = EngineRing.start(engine, RING);
        long address = dma.mapSingle(packet, PACKET_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0 && queue != null && ring != null) {
            engine.registers().write32(CONTROL, 0);
            engine.registers().write32(QUEUE_LOW, queue.dmaAddress() & 0xffff_ffffL);
            engine.registers().write32(QUEUE_HIGH, queue.dmaAddress() >>> 32);
            engine.registers().write32(QUEUE_SIZE, QUEUE);
            engine.registers().write32(CONTROL, CONTROL_RUN | CONTROL_QUEUE);
            boolean isRight = true;
            for (int number = 0; number < PACKETS && isRight; number++) {
                ring.fill(address, PACKET_BYTES - number, CONTROL_FIRST | CONTROL_LAST);
                ring.doorbell();
                long entry = queue.cpuAddress() + (long) number * COMPLETION_BYTES;
                long length = NOTHING_NEW;
                long end = bench.cpu().nowPicos() + EngineDriver.TIMEOUT_PICOS;
                while (length == NOTHING_NEW && bench.cpu().nowPicos() < end) {
                    bench.cpu().delay(LOOK_PICOS);
                    length = look.at(bench.cpu(), entry);
                }
                isRight = length == PACKET_BYTES - number;
                bench.expect(isRight, "the completion says how long the packet was");
            }
        }
        engine.stop();
        if (dma.mappingError(address) == 0) {
            dma.unmapSingle(address, PACKET_BYTES, TO_DEVICE);
        }
        if (queue != null) {
            dma.freeCoherent(QUEUE_BYTES, queue.cpuAddress(), queue.dmaAddress());
        }
        if (ring != null) {
            ring.free();
        }
        engine.free(packet);
        engine.remove();
    }
}
