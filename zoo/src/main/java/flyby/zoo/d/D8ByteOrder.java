package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_MAGIC;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The fields of a descriptor are stored as the CPU has them. The engine's are little-endian, as a PC's are: a CPU that
/// keeps the highest byte first writes an address, a length and a magic number that are none.
public final class D8ByteOrder extends EngineSpecimen {
    private static final long FLAGS = CONTROL_OWN | CONTROL_FIRST | CONTROL_LAST | CONTROL_MAGIC;
    private static final int SLOTS = 4;
    private static final int PACKET_BYTES = 256;

    public D8ByteOrder() {
        super(
                new Label(
                        "D8",
                        "Descriptor fields not converted to the device's byte order",
                        "Prandr/dma_ip_drivers #27 (magic, Nxt_adj, Completed stored raw), freebsd-src #2408",
                        List.of(Rule.DEVICE_PROTOCOL, Rule.R4, Rule.R10),
                        List.of("big-endian")),
                EngineOptions.PLAIN.checkingMagic());
    }

    @Override
    public void buggy(Bench bench) {
        send(bench, (cpu, at, mapped) -> {
            cpu.store64(at + DESCRIPTOR_ADDRESS, mapped); // BUG
            cpu.store32(at + DESCRIPTOR_LENGTH, PACKET_BYTES); // BUG
            cpu.dmaWriteBarrier();
            cpu.store32(at + DESCRIPTOR_CONTROL, FLAGS); // BUG
        });
    }

    @Override
    public void fixed(Bench bench) {
        send(bench, (cpu, at, mapped) -> {
            cpu.store64(at + DESCRIPTOR_ADDRESS, cpu.le64(mapped));
            cpu.store32(at + DESCRIPTOR_LENGTH, cpu.le32(PACKET_BYTES));
            cpu.dmaWriteBarrier();
            cpu.store32(at + DESCRIPTOR_CONTROL, cpu.le32(FLAGS));
        });
    }

    @FunctionalInterface
    private interface Filling {
        void fill(Cpu cpu, long descriptor, long mapped);
    }

    private static void send(Bench bench, Filling filling) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            Dma dma = driver.dma();
            long buffer = driver.buffer(PACKET_BYTES);
            long mapped = dma.mapSingle(buffer, PACKET_BYTES, Direction.TO_DEVICE);
            if (dma.mappingError(mapped) == 0) {
                filling.fill(bench.cpu(), ring.place(0), mapped);
                driver.registers().write32(TAIL, 1);
                bench.expect(ring.awaitDone(0) != 0, "the packet is sent");
            }
            ring.free();
            if (dma.mappingError(mapped) == 0) {
                dma.unmapSingle(mapped, PACKET_BYTES, Direction.TO_DEVICE);
            }
            driver.free(buffer);
        }
        driver.remove();
    }
}
