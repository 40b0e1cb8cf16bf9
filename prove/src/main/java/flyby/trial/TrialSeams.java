package flyby.trial;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.topology.Part;
import flyby.topology.Seams;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Plugs a subject's cards in, and keeps hold of its CPU.
final class TrialSeams implements Seams {
    private final List<Card> cards;
    private final Mishaps mishaps;
    private @Nullable TrialCpu cpu;

    TrialSeams(List<Card> cards, Mishaps mishaps) {
        this.cards = cards;
        this.mishaps = mishaps;
    }

    /// The CPU of the subject; null before it runs.
    @Nullable
    TrialCpu cpu() {
        return cpu;
    }

    @Override
    public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
        return mishaps.around(function.name(), maker);
    }

    @Override
    public void dma(Part function, Dma dma) {
        mishaps.arm(dma.faults());
    }

    @Override
    public @Nullable Card card(Part function) {
        for (int i = 0; i < cards.size(); i++) {
            if (function.name().equals(HostileMachine.functionOf(i))) {
                return cards.get(i);
            }
        }
        return null;
    }

    @Override
    public Cpu cpu(Cpu bare) {
        if (cpu != null) {
            // Another core of the machine.
            return bare;
        }
        TrialCpu watched = new TrialCpu(bare);
        cpu = watched;
        return watched;
    }
}
