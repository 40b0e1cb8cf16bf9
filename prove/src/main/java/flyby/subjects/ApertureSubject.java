package flyby.subjects;

import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.driver.ApertureDriver;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;
import java.util.Objects;

/// The device with memory of its own, and its driver: bytes go there and come back.
public final class ApertureSubject implements Subject {
    private static final int ROUNDS = 6;
    private static final int BYTES = 2048;

    public ApertureSubject() {}

    @Override
    public String name() {
        return "aperture";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.of(DeviceKind.APERTURE));
    }

    @Override
    public void run(Bench bench) {
        Kernel kernel = bench.kernel();
        PciDevice device = bench.pci();
        device.enable();
        device.setMaster();
        ApertureDriver driver =
                new ApertureDriver(kernel, device.dma(), Objects.requireNonNull(device.map(0)), device.vector(0), true);
        driver.coalesce(1, 0);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = Pattern.bytes(round, BYTES);
            long from = Pattern.pages(kernel, BYTES, "bytes for the device");
            long to = Pattern.pages(kernel, BYTES, "bytes of the device");
            kernel.cpu().storeBytes(from, bytes, 0, BYTES);
            move(bench, driver, from, round * BYTES, false);
            move(bench, driver, to, round * BYTES, true);
            bench.expect(Pattern.isAt(kernel, to, bytes), "round " + round + ": other bytes come back than were sent");
            Pattern.free(kernel, from, BYTES);
            Pattern.free(kernel, to, BYTES);
        }
        driver.remove();
        device.clearMaster();
    }

    private static void move(Bench bench, ApertureDriver driver, long address, int local, boolean isToHost) {
        Dma dma = bench.dma();
        Direction direction = isToHost ? Direction.FROM_DEVICE : Direction.TO_DEVICE;
        long mapped = dma.mapSingle(address, BYTES, direction);
        if (dma.mappingError(mapped) != 0) {
            throw new IllegalStateException("no mapping for " + BYTES + " bytes");
        }
        driver.await(driver.post(mapped, local, BYTES, isToHost));
        dma.unmapSingle(mapped, BYTES, direction);
    }
}
