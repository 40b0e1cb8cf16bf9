package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// Nobody asks whether the ring has room: the tail catches up with the head, descriptors that the engine works on are
/// overwritten, and with them goes what is known of their mappings. A PC's card is done before the next packet comes.
public final class D2NoRingFullCheck extends EngineSpecimen {
    private static final int SLOTS = 4;
    private static final int PACKETS = 8;
    private static final int PACKET_BYTES = 256;

    private final long[] buffers = new long[SLOTS];
    private final long[] mapped = new long[SLOTS];
    private int tail;
    /// The slot that is taken back next, and how many the engine has.
    private int head;

    private int used;

    public D2NoRingFullCheck() {
        super(
                new Label(
                        "D2",
                        "No ring-full check: in-flight descriptors overwritten",
                        "apache/nuttx #16661 e1000/igc: drop when the TX ring is full",
                        List.of(Rule.DEVICE_PROTOCOL, Rule.R22),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withLatency(100 * Time.NANOSECOND, 5 * Time.MICROSECOND));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            for (int i = 0; i < PACKETS && map(driver, tail); i++) {
                post(bench.cpu(), ring);
                tail = (tail + 1) % SLOTS;
                driver.registers().write32(TAIL, tail); // BUG
            }
            used = SLOTS;
            ring.awaitDone(SLOTS - 1);
            finish(driver, ring);
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            for (int i = 0; i < PACKETS; i++) {
                // One slot is always free: a full ring would look empty.
                if (used == SLOTS - 1) {
                    bench.expect((ring.awaitDone(head) & CONTROL_DONE) != 0, "a packet is sent");
                    takeBack(driver);
                }
                if (!map(driver, tail)) {
                    break;
                }
                post(bench.cpu(), ring);
                tail = (tail + 1) % SLOTS;
                used++;
                driver.registers().write32(TAIL, tail);
            }
            finish(driver, ring);
        }
        driver.remove();
    }

    private boolean map(EngineDriver driver, int slot) {
        buffers[slot] = driver.buffer(PACKET_BYTES);
        mapped[slot] = driver.dma().mapSingle(buffers[slot], PACKET_BYTES, Direction.TO_DEVICE); // BUG overwritten
        if (driver.dma().mappingError(mapped[slot]) != 0) {
            driver.free(buffers[slot]);
            return false;
        }
        return true;
    }

    private void post(Cpu cpu, EngineRing ring) {
        long at = ring.place(tail);
        cpu.store64(at + DESCRIPTOR_ADDRESS, cpu.le64(mapped[tail]));
        cpu.store32(at + DESCRIPTOR_LENGTH, cpu.le32(PACKET_BYTES));
        cpu.dmaWriteBarrier();
        cpu.store32(at + DESCRIPTOR_CONTROL, cpu.le32(CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST));
    }

    private void takeBack(EngineDriver driver) {
        driver.dma().unmapSingle(mapped[head], PACKET_BYTES, Direction.TO_DEVICE);
        driver.free(buffers[head]);
        head = (head + 1) % SLOTS;
        used--;
    }

    private void finish(EngineDriver driver, EngineRing ring) {
        ring.free();
        while (used > 0) {
            takeBack(driver);
        }
    }
}
