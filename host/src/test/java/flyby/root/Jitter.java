package flyby.root;

import flyby.iommu.InterruptRemapping;
import flyby.iommu.InterruptRequest;
import flyby.iommu.Translation;
import flyby.iommu.Translator;
import flyby.memory.MemoryAgent;
import flyby.sim.Simulation;
import java.util.function.LongSupplier;

/// An IOMMU that allows everything, and a memory behind it, that take as long as the test says: answers come in any
/// order. An answer after 0 ps is given at once.
final class Jitter implements Translator, InterruptRemapping, MemoryAgent {
    private final Simulation simulation;
    private final MemoryAgent memory;
    private final LongSupplier picos;

    Jitter(Simulation simulation, MemoryAgent memory, LongSupplier picos) {
        this.simulation = simulation;
        this.memory = memory;
        this.picos = picos;
    }

    @Override
    public boolean translate(Translation translation) {
        translation.passThrough();
        long delay = picos.getAsLong();
        if (delay > 0) {
            later(translation::done, delay);
        }
        return delay == 0;
    }

    @Override
    public boolean remap(InterruptRequest request) {
        request.allow(0, 0);
        long delay = picos.getAsLong();
        if (delay > 0) {
            later(request::done, delay);
        }
        return delay == 0;
    }

    private void later(Runnable done, long delay) {
        simulation.event("translation", done).in(delay);
    }

    @Override
    public boolean holds(long address, int byteCount) {
        return memory.holds(address, byteCount);
    }

    @Override
    public long read(long address, byte[] into, int offset, int byteCount, boolean snooped) {
        return memory.read(address, into, offset, byteCount, snooped) + picos.getAsLong();
    }

    @Override
    public long write(long address, byte[] from, int offset, int byteCount, boolean snooped) {
        return memory.write(address, from, offset, byteCount, snooped) + picos.getAsLong();
    }
}
