package flyby.subjects;

import flyby.bus.Completion;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dmaengine.DmaResult;
import flyby.dmaengine.PlxDmaChan;
import flyby.dmaengine.PlxDmaDriver;
import flyby.dmaengine.PrepFlags;
import flyby.kernel.Errno;
import flyby.kernel.Kernel;
import flyby.pci.PciDevice;
import flyby.topology.Card;
import flyby.topology.DeviceKind;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// PLX's DMA engine and its driver: rounds of copies, of which the last interrupts.
public final class PlxSubject implements Subject {
    private static final int RING = 8;
    private static final int ROUNDS = 3;
    private static final int BYTES = 4096;
    private static final int PIECE = 512;

    public PlxSubject() {}

    @Override
    public String name() {
        return "plx";
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(ShelfCard.of(DeviceKind.PLX_DMA));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void run(Bench bench) {
        PciDevice device = bench.pci();
        int error = device.bind(new PlxDmaDriver(RING));
        bench.expect(error == 0 || error == -Errno.ENOMEM, "the driver binds with error " + error);
        if (error != 0) {
            return;
        }
        Kernel kernel = bench.kernel();
        long from = Pattern.pages(kernel, BYTES, "source");
        long to = Pattern.pages(kernel, BYTES, "destination");
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = Pattern.bytes(round, BYTES);
            kernel.cpu().storeBytes(from, bytes, 0, BYTES);
            if (copy(bench, PlxDmaDriver.channel(device), from, to)) {
                // One place of the ring stays free.
                byte[] moved = Arrays.copyOf(bytes, (RING - 1) * PIECE);
                bench.expect(Pattern.isAt(kernel, to, moved), "round " + round + " has other bytes than there were");
            }
        }
        Pattern.free(kernel, from, BYTES);
        Pattern.free(kernel, to, BYTES);
        device.unbind();
    }

    /// Copies piece by piece.
    ///
    /// @return whether the memory could be mapped
    private static boolean copy(Bench bench, PlxDmaChan channel, long from, long to) {
        Dma dma = bench.dma();
        long source = dma.mapSingle(from, BYTES, Direction.TO_DEVICE);
        if (dma.mappingError(source) != 0) {
            return false;
        }
        long destination = dma.mapSingle(to, BYTES, Direction.FROM_DEVICE);
        if (dma.mappingError(destination) != 0) {
            dma.unmapSingle(source, BYTES, Direction.TO_DEVICE);
            return false;
        }
        Completion last = new Completion("the last copy of PLX's engine");
        int pieces = RING - 1;
        for (int i = 0; i < pieces; i++) {
            long at = (long) i * PIECE;
            boolean isLast = i == pieces - 1;
            int cookie =
                    channel.submit(destination + at, source + at, PIECE, isLast ? PrepFlags.INTERRUPT : 0, result -> {
                        bench.expect(
                                result.outcome() == DmaResult.Outcome.NOERROR, "a copy ends with " + result.outcome());
                        if (isLast) {
                            last.complete();
                        }
                    });
            bench.expect(cookie != PlxDmaChan.NO_ROOM, "no room for copy " + i);
        }
        channel.issuePending();
        bench.cpu().await(last);
        dma.unmapSingle(source, BYTES, Direction.TO_DEVICE);
        dma.unmapSingle(destination, BYTES, Direction.FROM_DEVICE);
        return true;
    }
}
