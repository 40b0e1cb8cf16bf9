package flyby.subjects;

import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.driver.RingDriver;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;
import java.util.Objects;

/// The ring device and its driver: buffers that it fills and buffers that it reads, several at once, round and round.
public final class RingSubject implements Subject {
    private static final int ENTRIES = 8;
    private static final int BUFFERS = 20;
    private static final int BYTES = 1024;

    public RingSubject() {}

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.wired(DeviceKind.RING));
    }

    /// One buffer of the ring.
    private record Posted(long address, long mapped, Direction direction) {}

    @Override
    public void run(Bench bench) {
        PciDevice device = bench.pci();
        device.enable();
        device.setMaster();
        IoMemory registers = Objects.requireNonNull(device.map(0));
        RingDriver driver =
                new RingDriver(bench.kernel(), device.dma(), registers.address(0), device.vector(0), ENTRIES);
        Posted[] posted = new Posted[ENTRIES];
        int begun = 0;
        int ended = 0;
        while (ended < BUFFERS) {
            while (begun < BUFFERS && driver.hasRoom()) {
                posted[begun % ENTRIES] = post(bench, driver, begun);
                begun++;
            }
            driver.kick();
            while (!driver.reap()) {
                driver.sleep();
            }
            finish(bench, posted[ended % ENTRIES], ended);
            ended++;
        }
        driver.remove();
        device.clearMaster();
    }

    /// Each buffer begins with its number: the device looks at those that it reads.
    private static Posted post(Bench bench, RingDriver driver, int number) {
        Kernel kernel = bench.kernel();
        Cpu cpu = kernel.cpu();
        Dma dma = bench.dma();
        Direction direction = number % 2 == 0 ? Direction.FROM_DEVICE : Direction.TO_DEVICE;
        long address = Pattern.pages(kernel, BYTES, "buffer");
        cpu.store64(address, cpu.le64(direction == Direction.TO_DEVICE ? number : -1));
        long mapped = dma.mapSingle(address, BYTES, direction);
        if (dma.mappingError(mapped) != 0) {
            throw new IllegalStateException("no mapping for buffer " + number);
        }
        driver.post(mapped, BYTES, direction == Direction.FROM_DEVICE);
        return new Posted(address, mapped, direction);
    }

    private static void finish(Bench bench, Posted buffer, int number) {
        Cpu cpu = bench.cpu();
        bench.dma().unmapSingle(buffer.mapped(), BYTES, buffer.direction());
        for (int at = 0; at < BYTES && buffer.direction() == Direction.FROM_DEVICE; at += Long.BYTES) {
            long stamp = cpu.le64(cpu.load64(buffer.address() + at));
            bench.expect(stamp == number, "buffer " + number + " has the number " + stamp + " at byte " + at);
        }
        Pattern.free(bench.kernel(), buffer.address(), BYTES);
    }
}
