package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What runs promise to their callers, and to the events that fire in them.
final class SimulationTest {
    private final Simulation simulation = new Simulation(0, Trace.off());
    private final List<String> log = new ArrayList<>();

    private Event event(String name) {
        return simulation.event(name, () -> log.add(simulation.nowPicos() + " " + name));
    }

    @Test
    void tiesFireInOrderOfCreationWhateverTheOrderOfSetting() {
        Event first = event("first");
        Event second = event("second");
        second.at(5);
        first.at(5);
        simulation.run();
        assertThat(log).containsExactly("5 first", "5 second");
    }

    @Test
    void runUntilIncludesItsEndAndSetsTheClock() {
        event("at the end").at(10);
        event("after").at(11);
        simulation.runUntil(10);
        assertThat(log).containsExactly("10 at the end");
        simulation.runUntil(10);
        assertThat(simulation.nowPicos()).isEqualTo(10);
        assertThatThrownBy(() -> simulation.runUntil(9)).isInstanceOf(AssertionError.class);
    }

    @Test
    void stopLeavesTheRestForTheNextRun() {
        simulation.event("stop", simulation::stop).at(3);
        event("later").at(4);
        simulation.runUntil(100);
        assertThat(simulation.nowPicos()).isEqualTo(3);
        simulation.run();
        assertThat(log).containsExactly("4 later");
        assertThat(simulation.nowPicos()).isEqualTo(4);
    }

    @Test
    void thePastIsRefused() {
        Event late = event("late");
        simulation.runUntil(10);
        assertThatThrownBy(() -> late.at(9))
                .isInstanceOf(AssertionError.class)
                .hasMessage("late idle set to 9 ps, which is before now, 10 ps");
        assertThatThrownBy(() -> late.in(-1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void anEventCannotRunTheSimulation() {
        simulation.event("nested", simulation::run).at(1);
        assertThatThrownBy(simulation::run).isInstanceOf(AssertionError.class);
        event("afterwards").at(2);
        simulation.run();
        assertThat(log).containsExactly("2 afterwards");
    }

    @Test
    void nobodyRunsAheadOfTheCaller() {
        List<Long> horizons = new ArrayList<>();
        simulation
                .event("ahead", () -> {
                    horizons.add(simulation.horizonPicos());
                    simulation.stop();
                    horizons.add(simulation.horizonPicos());
                })
                .at(5);
        event("far").at(1_000);
        simulation.runUntil(99);
        assertThat(horizons).containsExactly(100L, 5L);
        assertThat(simulation.horizonPicos()).isEqualTo(1_000);
    }

    @Test
    void equalSeedsGiveEqualTraces() {
        assertThat(hash(1, 50)).isEqualTo(hash(1, 50)).isNotEqualTo(hash(2, 50));
        assertThat(hash(1, 5_000)).isEqualTo(hash(1, 5_000)).isNotEqualTo(hash(2, 5_000));
    }

    private static String hash(long seed, int eventCount) {
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(seed, Trace.to(List.of(hash)));
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < eventCount; i++) {
            int index = i;
            Prng prng = simulation.prng().child("event" + i);
            events.add(simulation.event("event" + i, () -> {
                simulation.trace().instant(simulation.nowPicos(), index, 0, 0, prng.nextLong());
                events.get(index).in(prng.below(1_000));
            }));
            events.get(i).at(prng.below(1_000));
        }
        simulation.runUntil(10_000);
        return hash.text();
    }
}
