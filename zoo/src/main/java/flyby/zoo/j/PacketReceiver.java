package flyby.zoo.j;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_EVENT;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_RESULT;
import static flyby.zoo.engine.EngineRegisters.HEAD;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Handler;
import flyby.kernel.IoMemory;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import java.util.Arrays;

/// What the receivers of this group have in common: a ring of buffers that packets come into, in bursts; each burst is
/// waited for before the next. Who handles the interrupt is the specimens' business.
final class PacketReceiver {
    private static final int SLOTS = 8;
    private static final int BURSTS = 24;
    private static final int BURST = 3;
    private static final int PACKET_BYTES = 2048;
    /// Packets differ in length from one to the next, so that they come in at other times.
    private static final int LENGTH_STEP = 233;

    private final Bench bench;
    private final EngineDriver driver;
    private final Cpu cpu;
    private final Dma dma;
    private final long[] buffers = new long[SLOTS];
    private final long[] mapped = new long[SLOTS];
    private final Completion burst = new Completion("a burst of packets");
    private final byte[] longest = EngineDriver.pattern(PACKET_BYTES);
    private int sent;
    /// How far the engine was when its packets were taken last.
    private long progress;

    /// The slot that is looked at next.
    private int current;

    private int received;
    private long ring;

    PacketReceiver(Bench bench) {
        this.bench = bench;
        driver = EngineDriver.silent(bench);
        cpu = bench.cpu();
        dma = driver.dma();
    }

    IoMemory registers() {
        return driver.registers();
    }

    /// Receives bursts of packets until one does not come.
    void run(Handler handler) {
        EngineRing memory = EngineRing.start(driver, SLOTS, 0);
        if (memory != null) {
            ring = memory.place(0);
            if (fill(memory)) {
                int vector = driver.pci().vector(0);
                bench.kernel().interrupts().request(vector, "receiver", handler);
                registers().write32(MASK, STATUS_RECEIVED);
                registers().write32(CONTROL, CONTROL_RUN | CONTROL_INTERRUPTS);
                registers().write32(TAIL, SLOTS - 1);
                receiveAll();
                driver.stop();
                bench.kernel().interrupts().free(vector, "receiver");
            }
            memory.free();
            for (int i = 0; i < SLOTS && buffers[i] != 0; i++) {
                dma.unmapSingle(mapped[i], PACKET_BYTES, Direction.FROM_DEVICE);
                driver.free(buffers[i]);
            }
        }
        driver.remove();
    }

    private boolean fill(EngineRing memory) {
        for (int i = 0; i < SLOTS; i++) {
            long buffer = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
            mapped[i] = dma.mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE);
            if (dma.mappingError(mapped[i]) != 0) {
                driver.free(buffer);
                return false;
            }
            buffers[i] = buffer;
            memory.fill(mapped[i], PACKET_BYTES, CONTROL_WRITE | CONTROL_EVENT);
        }
        return true;
    }

    private void receiveAll() {
        for (int i = 0; i < BURSTS; i++) {
            burst.reset();
            for (int j = 0; j < BURST; j++) {
                driver.engine().receive(Arrays.copyOf(longest, 64 + sent * LENGTH_STEP % (PACKET_BYTES / 2)));
                sent++;
            }
            cpu.await(burst);
        }
    }

    /// Takes what has come in. From a handler.
    void drain() {
        drain(Integer.MAX_VALUE);
    }

    /// Takes what has come in, at most `budget` packets, and gives their slots back.
    ///
    /// @return how many there were
    int drain(int budget) {
        int count = 0;
        while (count < budget && isDone()) {
            cpu.dmaReadBarrier();
            int byteCount = (int) Math.min(cpu.le32(cpu.load32(at() + DESCRIPTOR_RESULT)), PACKET_BYTES);
            dma.syncSingleForCpu(mapped[current], PACKET_BYTES, Direction.FROM_DEVICE);
            byte[] got = driver.load(buffers[current], byteCount);
            bench.expect(EngineDriver.isBeginning(got, longest, byteCount), "a packet is whole");
            dma.syncSingleForDevice(mapped[current], PACKET_BYTES, Direction.FROM_DEVICE);
            cpu.dmaWriteBarrier();
            long flags = CONTROL_OWN | CONTROL_WRITE | CONTROL_EVENT;
            cpu.store32(at() + DESCRIPTOR_CONTROL, cpu.le32(flags));
            current = (current + 1) % SLOTS;
            count++;
            received++;
            if (received % BURST == 0) {
                burst.complete();
            }
        }
        if (count > 0) {
            registers().write32(TAIL, (current + SLOTS - 1) % SLOTS);
        }
        // What a watchdog compares with the next time: whether the engine gets on.
        progress = registers().read32(HEAD);
        return count;
    }

    /// Where the engine was then.
    long progress() {
        return progress;
    }

    private long at() {
        return ring + (long) current * DESCRIPTOR_BYTES;
    }

    /// Whether something has come in that was not taken.
    boolean isDone() {
        return (cpu.le32(cpu.load32(at() + DESCRIPTOR_CONTROL)) & CONTROL_DONE) != 0;
    }
}
