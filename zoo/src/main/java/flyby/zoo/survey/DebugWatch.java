package flyby.zoo.survey;

import flyby.apidebug.ApiDebug;
import flyby.apidebug.ApiDebug.Overlaps;
import flyby.apidebug.Complaint;
import flyby.dma.Dma;
import flyby.dma.DmaObserver;
import flyby.kernel.Kernel;
import flyby.topology.Part;
import flyby.topology.Seams;
import flyby.topology.WrappedSeams;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has [ApiDebug] listen to all devices of one machine.
final class DebugWatch extends WrappedSeams {
    private final List<Dma> bound = new ArrayList<>();
    private @Nullable Kernel kernel;
    private @Nullable ApiDebug debug;

    DebugWatch(Seams inner) {
        super(inner);
    }

    @Override
    public void kernel(Kernel kernel) {
        super.kernel(kernel);
        this.kernel = kernel;
    }

    @Override
    public void dma(Part function, Dma dma) {
        super.dma(function, dma);
        Kernel known = kernel;
        if (known == null) {
            return;
        }
        ApiDebug listening = debug;
        if (listening == null) {
            listening = new ApiDebug(known.memory(), dma.platform().cacheLineBytes());
            debug = listening;
        }
        bound.add(dma);
        dma.observe(listening);
        dma.observe(new DmaObserver() {
            @Override
            public void unbound(Dma device, long timePicos) {
                bound.remove(device);
            }

            @Override
            public void notBound(Dma device, long timePicos) {
                bound.remove(device);
            }
        });
    }

    /// The driver has returned: where it was not bound to its device in so many words, it leaves it now.
    void driverReturned(long timePicos) {
        ApiDebug listening = debug;
        if (listening != null) {
            bound.forEach(dma -> listening.unbound(dma, timePicos));
            bound.clear();
        }
    }

    List<Complaint> complaints(Overlaps overlaps) {
        return debug == null ? List.of() : debug.complaints(overlaps);
    }

    /// What the kernel says without any debugging.
    List<String> warnings() {
        return kernel == null ? List.of() : kernel.log().warnings();
    }
}
