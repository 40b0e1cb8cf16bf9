package flyby.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus.Timing;
import flyby.trace.Trace;
import org.junit.jupiter.api.Test;

/// The occupancies that follow from a data path, and what a bus refuses to be built with.
final class TimingTest {
    @Test
    void theContractsFiguresFollowFromTheDataPath() {
        assertThat(Timing.PEER.requestPicos(Kind.READ, 64)).isEqualTo(1_000);
        assertThat(Timing.PEER.requestPicos(Kind.WRITE, 64)).isEqualTo(4_000);
        assertThat(Timing.PEER.responsePicos(Kind.READ, 64, Status.SUCCESS)).isEqualTo(4_000);
        assertThat(Timing.PEER.responsePicos(Kind.WRITE, 64, Status.SUCCESS)).isEqualTo(1_000);
    }

    @Test
    void anErrorCarriesNoData() {
        assertThat(Timing.PEER.responsePicos(Kind.READ, 64, Status.ADDRESS_ERROR))
                .isEqualTo(1_000);
    }

    @Test
    void refusesWhatNoBusHas() {
        assertThatThrownBy(() -> new Timing(0, 16, 0, 0)).hasMessageContaining("clock");
        assertThatThrownBy(() -> new Timing(1, 12, 0, 0)).hasMessageContaining("data path of 12");
        assertThatThrownBy(() -> new Timing(1, 0, 0, 0)).hasMessageContaining("data path");
        assertThatThrownBy(() -> new Timing(1, 512, 0, 0)).hasMessageContaining("data path");
        assertThatThrownBy(() -> new Timing(1, 1, -1, 0)).hasMessageContaining("read latency");
        assertThatThrownBy(() -> new Timing(1, 1, 0, -1)).hasMessageContaining("write latency");
    }

    @Test
    void refusesTooManyPortsAndTooLargeTransactions() {
        Simulation simulation = new Simulation(1, Trace.off());
        SplitBus bus =
                new SplitBus(simulation, "bus", Timing.PEER, new PhysicalMemory(), 1 << 20, SplitBus.Mode.RUN_AHEAD);
        for (int i = 0; i < SplitBus.PORTS_MAX; i++) {
            bus.attach("p" + i, (vector, asserted) -> {});
        }
        assertThatThrownBy(() -> bus.attach("more", (vector, asserted) -> {})).hasMessageContaining("64");

        Transaction large = new Transaction((it, status) -> {}, 4_097);
        large.begin(Kind.READ, 0, 4_097, Tenure.RELEASE, 0);
        SplitBus other =
                new SplitBus(simulation, "other", Timing.PEER, new PhysicalMemory(), 1 << 20, SplitBus.Mode.PLAIN);
        BusPort port = other.attach("a", (vector, asserted) -> {});
        assertThatThrownBy(() -> port.submit(large)).hasMessageContaining("larger than the bus allows");
    }
}
