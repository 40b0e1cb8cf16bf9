package flyby.zoo.i;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_ERROR;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.KernelMemory;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;

/// The driver leaves while an operation is under way: it frees what it keeps of the chip, and only then the interrupt.
/// The operation ends, and the handler counts it in memory that is free. On an idle card nothing happens.
public final class I2StateFreedUnderHandler extends EngineSpecimen {
    private static final long EVENTS = STATUS_RECEIVED | STATUS_ERROR;
    private static final int STATE_BYTES = 128;
    private static final int BUFFER_BYTES = 4096;

    /// What the driver keeps of the chip, in memory of the kernel: how many interrupts there were.
    private long state;

    public I2StateFreedUnderHandler() {
        super(new Label(
                "I2",
                "Handler still runs when its state is freed",
                "MARIAN-ALSA-DRIVER #4 (crash at rmmod), slaclab/aes-stream-drivers #157",
                List.of(Rule.FREED_MEMORY),
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
        EngineDriver driver = probe(bench);
        Dma dma = driver.dma();
        long buffer = bench.kernel().memory().kmalloc(BUFFER_BYTES, "samples");
        long mapped = dma.mapSingle(buffer, BUFFER_BYTES, Direction.FROM_DEVICE);
        if (dma.mappingError(mapped) == 0) {
            driver.start(GO_WRITE, mapped, BUFFER_BYTES);
            bench.kernel().memory().kfree(state); // BUG the handler may still run
            driver.awaitIdle();
            dma.unmapSingle(mapped, BUFFER_BYTES, Direction.FROM_DEVICE);
            freeInterrupt(driver);
        } else {
            freeInterrupt(driver);
            bench.kernel().memory().kfree(state);
        }
        driver.remove();
        bench.kernel().memory().kfree(buffer);
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = probe(bench);
        Dma dma = driver.dma();
        long buffer = bench.kernel().memory().kmalloc(BUFFER_BYTES, "samples");
        long mapped = dma.mapSingle(buffer, BUFFER_BYTES, Direction.FROM_DEVICE);
        if (dma.mappingError(mapped) == 0) {
            driver.start(GO_WRITE, mapped, BUFFER_BYTES);
            driver.awaitIdle();
            dma.unmapSingle(mapped, BUFFER_BYTES, Direction.FROM_DEVICE);
        }
        // No handler runs when this has returned.
        freeInterrupt(driver);
        bench.kernel().memory().kfree(state);
        driver.remove();
        bench.kernel().memory().kfree(buffer);
    }

    private EngineDriver probe(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        Cpu cpu = bench.cpu();
        state = bench.kernel().memory().kmalloc(STATE_BYTES, "state of the chip");
        bench.expect(state != KernelMemory.NONE, "there is memory");
        cpu.store64(state, 0);
        bench.kernel().interrupts().request(driver.pci().vector(0), "samples", () -> handle(cpu, driver));
        driver.registers().write32(MASK, EVENTS);
        driver.registers().write32(CONTROL, CONTROL_INTERRUPTS);
        return driver;
    }

    private Result handle(Cpu cpu, EngineDriver driver) {
        long events = driver.registers().read32(STATUS) & EVENTS;
        if (events == 0) {
            return Result.NONE;
        }
        driver.registers().write32(STATUS, events);
        cpu.store64(state, cpu.load64(state) + 1); // BUG if it is freed
        return Result.HANDLED;
    }

    private static void freeInterrupt(EngineDriver driver) {
        driver.pci().kernel().interrupts().free(driver.pci().vector(0), "samples");
    }
}
