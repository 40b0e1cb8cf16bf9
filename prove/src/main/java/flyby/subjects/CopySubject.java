package flyby.subjects;

import flyby.dma.Attributes;
import flyby.driver.CopyEngineDriver;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The copy engine and its driver: copies of several sizes, one after the other.
public final class CopySubject implements Subject {
    private static final int[] SIZES = {4096, 64, 3, 8192, 200, 4095};

    public CopySubject() {}

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.wired(DeviceKind.COPY_ENGINE));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void run(Bench bench) {
        Kernel kernel = bench.kernel();
        PciDevice device = bench.pci();
        device.enable();
        device.setMaster();
        CopyEngineDriver driver = new CopyEngineDriver(
                kernel, device.dma(), Objects.requireNonNull(device.map(0)), device.vector(0), Attributes.NONE);
        for (int i = 0; i < SIZES.length; i++) {
            int byteCount = SIZES[i];
            byte[] bytes = Pattern.bytes(i, byteCount);
            long from = Pattern.pages(kernel, byteCount, "source");
            long to = Pattern.pages(kernel, byteCount, "destination");
            kernel.cpu().storeBytes(from, bytes, 0, byteCount);
            int error = driver.copy(from, to, byteCount);
            bench.expect(error == 0 || error == -Errno.ENOMEM, "copy " + i + " ends with error " + error);
            bench.expect(
                    error != 0 || Pattern.isAt(kernel, to, bytes), "copy " + i + " has other bytes than there were");
            Pattern.free(kernel, from, byteCount);
            Pattern.free(kernel, to, byteCount);
        }
        driver.remove();
        device.clearMaster();
    }
}
