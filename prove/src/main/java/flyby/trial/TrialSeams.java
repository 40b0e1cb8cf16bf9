package flyby.trial;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.choice.Decisions;
import flyby.coherence.LineWatch;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.memory.MemoryAgent;
import flyby.topology.Card;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Around all that looks on: plugs a subject's cards in, keeps hold of its CPU, and lets happen what the machine is
/// for.
final class TrialSeams implements Seams {
    private final Seams inner;
    private final List<Card> cards;
    private final Mishaps mishaps;
    private final @Nullable Malice malice;
    /// The first address that is no memory, if the CPU is to be a big-endian one; else 0.
    private final long swappedEnd;

    private @Nullable TrialCpu cpu;

    TrialSeams(Seams inner, List<Card> cards, Mishaps mishaps, @Nullable Malice malice, long swappedEnd) {
        this.inner = inner;
        this.cards = cards;
        this.mishaps = mishaps;
        this.malice = malice;
        this.swappedEnd = swappedEnd;
    }

    /// The CPU of the subject; null before it runs.
    @Nullable
    TrialCpu cpu() {
        return cpu;
    }

    @Override
    public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
        return inner.around(function, mishaps.around(function.name(), maker));
    }

    @Override
    public @Nullable Card card(Part function) {
        for (int i = 0; i < cards.size(); i++) {
            if (function.name().equals(HostileMachine.functionOf(i))) {
                return cards.get(i);
            }
        }
        return inner.card(function);
    }

    @Override
    public Cpu cpu(Cpu bare) {
        Cpu watched = inner.cpu(bare);
        Cpu swapped = swappedEnd == 0 ? watched : new BigEndianCpu(watched, swappedEnd);
        if (cpu != null) {
            // Another core of the machine.
            return swapped;
        }
        TrialCpu trial = new TrialCpu(swapped, malice);
        cpu = trial;
        return trial;
    }

    @Override
    public MemoryAgent memory(Part port, MemoryAgent agent) {
        MemoryAgent watched = inner.memory(port, agent);
        return malice == null || port.kind() == PartKind.ISA_BRIDGE ? watched : malice.around(watched);
    }

    @Override
    public @Nullable LineWatch lines() {
        return inner.lines();
    }

    @Override
    public @Nullable Decisions decisions() {
        return inner.decisions();
    }

    @Override
    public void kernel(Kernel kernel) {
        inner.kernel(kernel);
    }

    @Override
    public void dma(Part function, Dma dma) {
        inner.dma(function, dma);
        mishaps.arm(dma.faults());
        if (malice != null) {
            malice.watch(dma);
        }
    }
}
