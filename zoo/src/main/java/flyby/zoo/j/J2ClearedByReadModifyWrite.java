package flyby.zoo.j;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_EVENT;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Handler;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// STATUS is cleared by writing ones. Whoever sets a bit in what is read and writes it back clears all bits that were
/// set meanwhile: a packet came in while the one that went out was handled, and nobody will ever know.
public final class J2ClearedByReadModifyWrite extends EngineSpecimen {
    private static final int SLOTS = 8;
    private static final int ROUNDS = 24;
    private static final int PACKET_BYTES = 256;

    private final Completion sent = new Completion("a packet to be sent");
    private final Completion received = new Completion("a packet to come in");

    public J2ClearedByReadModifyWrite() {
        super(
                new Label(
                        "J2",
                        "Write-1-to-clear register cleared by read-modify-write",
                        "hathach/tinyusb #1339 (EHCI), zephyr #24778 espi xec",
                        List.of(Rule.LOST_INTERRUPT, Rule.GETS_ON, Rule.DEVICE_PROTOCOL),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.withLatency(100 * Time.NANOSECOND, Time.MICROSECOND));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        IoMemory registers = driver.registers();
        run(bench, driver, () -> {
            long status = registers.read32(STATUS);
            if ((status & STATUS_SENT) != 0) {
                finishSending(bench);
                registers.write32(STATUS, registers.read32(STATUS) | STATUS_SENT); // BUG
            }
            if ((status & STATUS_RECEIVED) != 0) {
                registers.write32(STATUS, registers.read32(STATUS) | STATUS_RECEIVED); // BUG
                received.complete();
            }
            return Result.HANDLED;
        });
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        IoMemory registers = driver.registers();
        run(bench, driver, () -> {
            long status = registers.read32(STATUS);
            if ((status & STATUS_SENT) != 0) {
                registers.write32(STATUS, STATUS_SENT);
                finishSending(bench);
            }
            if ((status & STATUS_RECEIVED) != 0) {
                registers.write32(STATUS, STATUS_RECEIVED);
                received.complete();
            }
            return Result.HANDLED;
        });
    }

    private void finishSending(Bench bench) {
        // What a driver does then: frees the packet, counts it, wakes its sender up.
        bench.cpu().delay(500 * Time.NANOSECOND);
        sent.complete();
    }

    private void run(Bench bench, EngineDriver driver, Handler handler) {
        EngineRing ring = EngineRing.start(driver, SLOTS, 0);
        if (ring != null) {
            int vector = driver.pci().vector(0);
            bench.kernel().interrupts().request(vector, "sender", handler);
            driver.registers().write32(MASK, STATUS_SENT | STATUS_RECEIVED);
            driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_INTERRUPTS);
            exchangeAll(bench, driver, ring);
            driver.stop();
            bench.kernel().interrupts().free(vector, "sender");
            ring.free();
        }
        driver.remove();
    }

    /// Sends a packet and receives one, again and again.
    private void exchangeAll(Bench bench, EngineDriver driver, EngineRing ring) {
        Dma dma = driver.dma();
        long out = driver.buffer(PACKET_BYTES);
        long in = bench.kernel().memory().kmalloc(PACKET_BYTES, "packet");
        long mappedOut = dma.mapSingle(out, PACKET_BYTES, Direction.TO_DEVICE);
        long mappedIn = dma.mapSingle(in, PACKET_BYTES, Direction.FROM_DEVICE);
        boolean isMapped = dma.mappingError(mappedOut) == 0;
        isMapped &= dma.mappingError(mappedIn) == 0;
        for (int i = 0; isMapped && i < ROUNDS; i++) {
            exchange(bench.cpu(), driver, ring, mappedOut, mappedIn);
        }
        driver.stop();
        if (dma.mappingError(mappedOut) == 0) {
            dma.unmapSingle(mappedOut, PACKET_BYTES, Direction.TO_DEVICE);
        }
        if (dma.mappingError(mappedIn) == 0) {
            dma.unmapSingle(mappedIn, PACKET_BYTES, Direction.FROM_DEVICE);
        }
        driver.free(out);
        driver.free(in);
    }

    private void exchange(Cpu cpu, EngineDriver driver, EngineRing ring, long out, long in) {
        sent.reset();
        received.reset();
        ring.fill(out, PACKET_BYTES, CONTROL_FIRST | CONTROL_LAST | CONTROL_EVENT);
        ring.fill(in, PACKET_BYTES, CONTROL_WRITE | CONTROL_EVENT);
        driver.engine().receive(EngineDriver.pattern(PACKET_BYTES));
        ring.doorbell();
        cpu.await(sent);
        cpu.await(received);
    }
}
