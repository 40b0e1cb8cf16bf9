package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The order of events, compared with the slowest thing that cannot be wrong: a search through all of them.
final class AgendaTest {
    /// How the random delays of a run are made, because each structure has its own weak spot.
    enum Delays {
        /// Up to 2^24 ps.
        UNIFORM,
        /// 0 to 3 ps: nearly everything happens at the same few instants.
        TIES,
        /// Multiples of 250 ps.
        CLOCKED,
        /// Any number of bits from 0 to 40, so that all rows of a radix structure are used.
        MAGNITUDES,
        /// Up to 2^58 ps, far beyond what a packed key holds.
        HUGE;

        long draw(Prng prng) {
            return switch (this) {
                case UNIFORM -> prng.below(1 << 24);
                case TIES -> prng.below(4);
                case CLOCKED -> 250 * prng.below(512);
                case MAGNITUDES -> prng.below(1L << prng.below(41));
                case HUGE -> prng.below(1L << prng.below(59));
            };
        }
    }

    /// A simulation whose events do random things, with a list of what should happen beside it.
    private static final class Chaos {
        final Prng prng;
        final Delays delays;
        final Simulation simulation = new Simulation(0, Trace.off());
        final List<Dice> dice = new ArrayList<>();
        final long[] expected;
        long fireCount;
        long limit = Event.NEVER;
        boolean growing;

        Chaos(long seed, Delays delays, int count, int growthCount) {
            this.prng = new Prng(seed);
            this.delays = delays;
            this.expected = new long[count + growthCount];
            for (int i = 0; i < count; i++) {
                add();
            }
        }

        void add() {
            expected[dice.size()] = Event.NEVER;
            Dice die = new Dice(this, dice.size());
            dice.add(die);
            set(die);
        }

        void set(Dice die) {
            long picos = Math.min(simulation.nowPicos() + delays.draw(prng), Event.NEVER - 1);
            expected[die.index] = picos;
            die.at(picos);
        }

        void cancel(Dice die) {
            expected[die.index] = Event.NEVER;
            die.cancel();
        }

        int earliest() {
            int earliest = 0;
            for (int i = 1; i < dice.size(); i++) {
                if (expected[i] < expected[earliest]) {
                    earliest = i;
                }
            }
            return earliest;
        }

        long horizon() {
            return Math.min(expected[earliest()], limit);
        }

        /// The caller of `runUntil` acts after it, which is a horizon too.
        void runUntil(long picos) {
            limit = picos + 1;
            simulation.runUntil(picos);
            limit = Event.NEVER;
            assertThat(simulation.nowPicos()).isEqualTo(picos);
            assertThat(horizon()).isGreaterThan(picos);
        }

        Dice any() {
            return dice.get((int) prng.below(dice.size()));
        }

        void onFire(Dice die) {
            fireCount++;
            assertThat(die.index).isEqualTo(earliest());
            assertThat(simulation.nowPicos()).isEqualTo(expected[die.index]);
            assertThat(die.isPending()).isFalse();
            expected[die.index] = Event.NEVER;
            int acts = (int) prng.below(4);
            for (int i = 0; i < acts; i++) {
                act(die);
            }
            if (prng.chance(7, 8)) {
                set(die);
            }
            if (growing && dice.size() < expected.length) {
                add();
            }
        }

        private void act(Dice die) {
            switch ((int) prng.below(8)) {
                case 0 -> set(any());
                case 1 -> cancel(any());
                case 2 -> set(die);
                case 3 -> cancel(die);
                case 4 -> assertThat(simulation.horizonPicos()).isEqualTo(horizon());
                case 5 -> {
                    long horizon = horizon();
                    if (horizon > simulation.nowPicos() && horizon != Event.NEVER) {
                        long ahead = prng.below(horizon - simulation.nowPicos());
                        simulation.advanceTo(simulation.nowPicos() + ahead);
                    }
                }
                case 6 -> {
                    // The last of several settings counts.
                    Dice other = any();
                    for (int k = 0; k < 3; k++) {
                        set(other);
                    }
                }
                default -> assertThat(any().isPending()).isIn(true, false);
            }
        }

        void run(long count) {
            for (long i = 0; i < count && horizon() != Event.NEVER && horizon() < Long.MAX_VALUE / 2; i++) {
                switch ((int) prng.below(3)) {
                    case 0 -> runUntil(simulation.nowPicos() + delays.draw(prng) / 8);
                    case 1 -> runUntil(horizon());
                    default -> assertThat(simulation.horizonPicos()).isEqualTo(horizon());
                }
                if (prng.chance(1, 3)) {
                    set(any());
                }
            }
        }
    }

    private static final class Dice extends Event {
        final Chaos chaos;
        final int index;

        Dice(Chaos chaos, int index) {
            super(chaos.simulation, "die" + index);
            this.chaos = chaos;
            this.index = index;
        }

        @Override
        protected void fire() {
            chaos.onFire(this);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fewEventsFireAsTheSlowListSays(Delays delays) {
        for (long seed = 0; seed < 60; seed++) {
            Chaos chaos = new Chaos(seed, delays, 1 + (int) seed, 0);
            chaos.run(300);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyEventsFireAsTheSlowListSays(Delays delays) {
        Chaos chaos = new Chaos(0xf1b, delays, 5_000, 0);
        while (chaos.fireCount < 20_000) {
            chaos.runUntil(chaos.horizon() + delays.draw(chaos.prng) / 64);
        }
    }

    @ParameterizedTest
    @EnumSource
    void growingInMidRunChangesNothing(Delays delays) {
        Chaos chaos = new Chaos(0xabc, delays, 4_000, 1_000);
        chaos.growing = true;
        while (chaos.dice.size() < 5_000) {
            chaos.runUntil(chaos.horizon() + delays.draw(chaos.prng) / 64);
        }
        assertThat(chaos.dice).hasSize(5_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4_500})
    void theLastPicosecondOfTimeCanBeUsed(int idleCount) {
        Simulation simulation = new Simulation(0, Trace.off());
        List<Long> fired = new ArrayList<>();
        Event late = simulation.event("late", () -> fired.add(simulation.nowPicos()));
        Event early = simulation.event("early", () -> fired.add(simulation.nowPicos()));
        for (int i = 0; i < idleCount; i++) {
            simulation.event("idle", () -> {});
        }
        late.at(Long.MAX_VALUE - 1);
        early.at(1);
        simulation.run();
        assertThat(fired).containsExactly(1L, Long.MAX_VALUE - 1);
        // Longer than time itself: that is what somebody asked for, not a bug.
        assertThatThrownBy(() -> late.at(Long.MAX_VALUE)).isInstanceOf(LabException.class);
        assertThatThrownBy(() -> late.in(2)).isInstanceOf(LabException.class).hasMessageContaining("106 days");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4_500})
    void settingAgainAndAgainTakesBoundedStorage(int idleCount) {
        Simulation simulation = new Simulation(0, Trace.off());
        List<String> fired = new ArrayList<>();
        Event restless = simulation.event("restless", () -> fired.add("restless at " + simulation.nowPicos()));
        for (int i = 0; i < idleCount; i++) {
            simulation.event("idle", () -> {});
        }
        for (int i = 0; i < 3_000_000; i++) {
            restless.at(1_000 + (i & 1));
        }
        for (int i = 0; i < 3_000_000; i++) {
            restless.at(1_000_000_000L + i);
        }
        restless.at(7);
        simulation.run();
        assertThat(fired).containsExactly("restless at 7");
    }

    /// Times set in descending order, after a look at the horizon, all come before the keys that are sorted
    /// already.
    @Test
    void manyEventsMayBeSetBeforeTheHorizon() {
        Simulation simulation = new Simulation(0, Trace.off());
        List<Integer> fired = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            int index = i;
            events.add(simulation.event("e" + i, () -> fired.add(index)));
        }
        events.get(0).at(1L << 40);
        assertThat(simulation.horizonPicos()).isEqualTo(1L << 40);
        for (int i = 1; i < 6_000; i++) {
            events.get(i).at((1L << 40) - i);
            if (i % 500 == 0) {
                assertThat(simulation.horizonPicos()).isEqualTo((1L << 40) - i);
            }
        }
        simulation.run();
        List<Integer> descending = new ArrayList<>();
        for (int i = 5_999; i >= 0; i--) {
            descending.add(i);
        }
        assertThat(fired).isEqualTo(descending);
    }
}
