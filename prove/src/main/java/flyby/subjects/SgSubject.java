package flyby.subjects;

import flyby.bus.Completion;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dmaengine.DmaChan;
import flyby.dmaengine.DmaDescriptor;
import flyby.dmaengine.DmaResult;
import flyby.dmaengine.PrepFlags;
import flyby.dmaengine.SgDmaDriver;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.List;
import java.util.Set;

/// The scatter-gather engine, and a client of its driver: copies on two channels, of which several are under way.
public final class SgSubject implements Subject {
    private static final int DESCRIPTORS = 32;
    private static final int BYTES = 4096;
    private static final int COPIES = 6;

    public SgSubject() {}

    @Override
    public String name() {
        return "sg";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.of(DeviceKind.SG_DMA, "sg.channels=2"));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void run(Bench bench) {
        PciDevice device = bench.pci();
        int error = device.bind(new SgDmaDriver(DESCRIPTORS));
        bench.expect(error == 0 || error == -Errno.ENOMEM, "the driver binds with error " + error);
        if (error != 0) {
            return;
        }
        for (DmaChan channel : SgDmaDriver.channels(device)) {
            copies(bench, channel);
        }
        device.unbind();
    }

    /// Copies of pages into each other's place, all at once.
    private static void copies(Bench bench, DmaChan channel) {
        Kernel kernel = bench.kernel();
        Dma dma = bench.dma();
        Copy[] copies = new Copy[COPIES];
        for (int i = 0; i < COPIES; i++) {
            copies[i] = new Copy(kernel, dma, i);
            copies[i].submit(channel);
        }
        channel.issuePending();
        for (Copy copy : copies) {
            copy.finish(bench);
        }
    }

    private static final class Copy {
        private final Kernel kernel;
        private final Dma dma;
        private final int byteCount;
        private final byte[] bytes;
        private final long from;
        private final long to;
        private final Completion done = new Completion("a copy of the scatter-gather engine");
        private final DmaResult.Outcome[] outcome = {DmaResult.Outcome.NOERROR};
        private long source = Dma.MAPPING_ERROR;
        private long destination = Dma.MAPPING_ERROR;
        private boolean isSubmitted;

        Copy(Kernel kernel, Dma dma, int number) {
            this.kernel = kernel;
            this.dma = dma;
            byteCount = BYTES - 100 * number;
            bytes = Pattern.bytes(number, byteCount);
            from = Pattern.pages(kernel, byteCount, "source");
            to = Pattern.pages(kernel, byteCount, "destination");
            kernel.cpu().storeBytes(from, bytes, 0, byteCount);
        }

        void submit(DmaChan channel) {
            source = dma.mapSingle(from, byteCount, Direction.TO_DEVICE);
            if (dma.mappingError(source) != 0) {
                return;
            }
            destination = dma.mapSingle(to, byteCount, Direction.FROM_DEVICE);
            if (dma.mappingError(destination) != 0) {
                dma.unmapSingle(source, byteCount, Direction.TO_DEVICE);
                return;
            }
            DmaDescriptor descriptor = channel.prepMemcpy(destination, source, byteCount, PrepFlags.INTERRUPT);
            if (descriptor == null) {
                unmap();
                return;
            }
            isSubmitted = true;
            descriptor.callback(result -> {
                outcome[0] = result.outcome();
                done.complete();
            });
            descriptor.submit();
        }

        private void unmap() {
            dma.unmapSingle(source, byteCount, Direction.TO_DEVICE);
            dma.unmapSingle(destination, byteCount, Direction.FROM_DEVICE);
        }

        void finish(Bench bench) {
            if (isSubmitted) {
                kernel.cpu().await(done);
                unmap();
                bench.expect(outcome[0] == DmaResult.Outcome.NOERROR, "a copy ends with " + outcome[0]);
                bench.expect(Pattern.isAt(kernel, to, bytes), "a copy has other bytes than there were");
            }
            Pattern.free(kernel, from, byteCount);
            Pattern.free(kernel, to, byteCount);
        }
    }
}
