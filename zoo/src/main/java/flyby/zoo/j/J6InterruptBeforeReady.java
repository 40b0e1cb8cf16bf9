package flyby.zoo.j;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_BUSY;
import static flyby.zoo.engine.EngineRegisters.STATUS_LINK;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.CoherentBuffer;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.KernelMemory;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Objects;

/// The interrupt is requested before there is a ring. The firmware has left the engine with interrupts on: the handler
/// looks into a ring at address 0. After a cold boot the engine is quiet.
public final class J6InterruptBeforeReady extends EngineSpecimen {
    private static final int SLOTS = 16;
    private static final long FIRMWARE_LOAD_PICOS = 20 * Time.MICROSECOND;

    /// Where the CPU finds the ring.
    private long ring = KernelMemory.NONE;

    public J6InterruptBeforeReady() {
        super(
                new Label(
                        "J6",
                        "Interrupt before the driver is ready",
                        "xmm7360-pci #149 (order of IRQ request and device init), SerenityOS #14187",
                        List.of(Rule.FREED_MEMORY, Rule.BOUNDS, Rule.THROWS),
                        List.of(
                                "coherent",
                                "non-coherent",
                                "weak-order",
                                "iommu-strict",
                                "iommu-lazy",
                                "bounce",
                                "timing",
                                "big-endian")),
                EngineOptions.PLAIN.interruptingFromPowerOn(5 * Time.MICROSECOND));
    }

    @Override
    public void buggy(Bench bench) {
        IoMemory registers = probe(bench);
        bench.pci().setMaster();
        request(bench, registers); // BUG
        bench.kernel().sleep(FIRMWARE_LOAD_PICOS);
        CoherentBuffer memory = bench.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        if (memory != null) {
            ring = memory.cpuAddress();
            start(registers, memory);
        }
        remove(bench, registers);
        if (memory != null) {
            bench.dma().freeCoherent(memory.byteCount(), memory.cpuAddress(), memory.dmaAddress());
        }
    }

    @Override
    public void fixed(Bench bench) {
        IoMemory registers = probe(bench);
        // Quiet from now on, whatever it did before.
        registers.write32(CONTROL, 0);
        registers.read32(CONTROL);
        bench.kernel().sleep(FIRMWARE_LOAD_PICOS);
        CoherentBuffer memory = bench.dma().allocCoherent(SLOTS * DESCRIPTOR_BYTES);
        bench.pci().setMaster();
        if (memory != null) {
            ring = memory.cpuAddress();
            request(bench, registers);
            start(registers, memory);
            remove(bench, registers);
            bench.dma().freeCoherent(memory.byteCount(), memory.cpuAddress(), memory.dmaAddress());
        }
    }

    private static IoMemory probe(Bench bench) {
        bench.pci().enable();
        return Objects.requireNonNull(bench.pci().map(Card.REGISTERS), "BAR 0");
    }

    private void request(Bench bench, IoMemory registers) {
        Cpu cpu = bench.cpu();
        bench.kernel().interrupts().request(bench.pci().vector(0), "early", () -> handle(cpu, registers));
    }

    private Result handle(Cpu cpu, IoMemory registers) {
        long events = registers.read32(STATUS) & (STATUS_SENT | STATUS_LINK);
        registers.write32(STATUS, events);
        long control = cpu.le32(cpu.load32(ring + DESCRIPTOR_CONTROL)); // BUG ring is 0
        return events != 0 || (control & CONTROL_DONE) != 0 ? Result.HANDLED : Result.NONE;
    }

    private static void start(IoMemory registers, CoherentBuffer memory) {
        registers.write32(RING_LOW, memory.dmaAddress() & 0xffff_ffffL);
        registers.write32(RING_HIGH, memory.dmaAddress() >>> 32);
        registers.write32(RING_SIZE, SLOTS);
        registers.write32(MASK, STATUS_SENT | STATUS_LINK);
        registers.write32(CONTROL, CONTROL_RUN | CONTROL_INTERRUPTS);
    }

    private static void remove(Bench bench, IoMemory registers) {
        registers.write32(CONTROL, 0);
        bench.kernel().poll(() -> (registers.read32(STATUS) & STATUS_BUSY) == 0, Time.MICROSECOND, Time.MILLISECOND);
        bench.pci().clearMaster();
        bench.kernel().interrupts().free(bench.pci().vector(0), "early");
    }
}
