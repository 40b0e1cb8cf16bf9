package flyby.subjects;

import flyby.dma.Scatterlist;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvmehost.Exercise;
import flyby.nvmehost.Exercise.Kind;
import flyby.nvmehost.Exercise.Step;
import flyby.nvmehost.NvmeDriver;
import flyby.nvmehost.NvmeNamespace;
import flyby.nvmehost.NvmeRequest;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// An NVMe drive and its driver: reads, writes, compares and flushes, on two queues.
public final class NvmeSubject implements Subject {
    private static final int QUEUES = 2;
    private static final int ENTRIES = 8;
    private static final int DRIVE_BYTES = 1 << 20;
    private static final int BYTES_MAX = 16 << 10;
    private static final int STEPS = 24;
    private static final int BLOCK_BYTES = 512;

    public NvmeSubject() {}

    @Override
    public String name() {
        return "nvme";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.of(
                DeviceKind.NVME,
                "nvme.queues=" + QUEUES,
                "nvme.size=1 MiB",
                "nvme.read-latency=5 us",
                "nvme.write-latency=2 us",
                "nvme.flush-latency=10 us"));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void run(Bench bench) {
        PciDevice device = bench.pci();
        int error = device.bind(new NvmeDriver(QUEUES, ENTRIES));
        bench.expect(error == 0 || error == -Errno.ENOMEM, "the driver binds with error " + error);
        if (error != 0) {
            return;
        }
        NvmeNamespace drive = NvmeDriver.namespace(device);
        Kernel kernel = bench.kernel();
        long buffer = Pattern.pages(kernel, BYTES_MAX, "data of requests");
        List<Step> steps = Exercise.steps(1, STEPS, DRIVE_BYTES / BLOCK_BYTES, BLOCK_BYTES, BYTES_MAX);
        for (int i = 0; i < STEPS; i++) {
            if (!step(bench, drive, steps.get(i), buffer, i % drive.queueCount())) {
                // What was not written, later steps would read.
                break;
            }
        }
        Pattern.free(kernel, buffer, BYTES_MAX);
        device.unbind();
    }

    /// @return whether it was carried out
    private static boolean step(Bench bench, NvmeNamespace drive, Step step, long buffer, int queue) {
        Kernel kernel = bench.kernel();
        byte[] expected = step.data();
        Scatterlist data = new Scatterlist(1);
        data.set(0, buffer, Math.max(expected.length, 1));
        if (step.kind() != Kind.READ) {
            kernel.cpu().storeBytes(buffer, expected, 0, expected.length);
        }
        NvmeRequest request = switch (step.kind()) {
            case READ -> NvmeRequest.read(step.block(), step.count(), data);
            case WRITE -> NvmeRequest.write(step.block(), step.count(), data);
            case WRITE_THROUGH -> NvmeRequest.writeThrough(step.block(), step.count(), data);
            case COMPARE -> NvmeRequest.compare(step.block(), step.count(), data);
            case WRITE_ZEROES -> NvmeRequest.writeZeroes(step.block(), step.count());
            case FLUSH -> NvmeRequest.flush();
        };
        int error = drive.execute(queue, request);
        if (!request.isOver() && (error == -Errno.ENOMEM || error == -Errno.EIO)) {
            // Its data could not be mapped.
            return false;
        }
        int status = request.status() & NvmeStatus.CODE_MASK;
        bench.expect(
                status == step.code(),
                "%s of %d blocks at %d ends with status 0x%x, and should with 0x%x"
                        .formatted(step.kind(), step.count(), step.block(), status, step.code()));
        if (step.kind() == Kind.READ) {
            byte[] seen = new byte[expected.length];
            kernel.cpu().loadBytes(buffer, seen, 0, seen.length);
            bench.expect(Arrays.equals(seen, expected), "other bytes are read than were written");
        }
        return true;
    }
}
