package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes, on the JDK's continuations (`true`) and on virtual threads (`false`).
final class CoroutineTest {
    private final Simulation simulation = new Simulation(0, Trace.off());
    private final List<String> log = new ArrayList<>();

    private void log(String what) {
        log.add(simulation.nowPicos() + " " + what);
    }

    private Coroutine start(String name, boolean onContinuation, Consumer<Coroutine> body) {
        return simulation.coroutine(name, body, onContinuation);
    }

    @Test
    void theTestsRunWithContinuations() {
        assertThat(ContinuationCoroutine.isAvailable()).isTrue();
        assertThat(simulation.coroutine("any", self -> {})).isInstanceOf(ContinuationCoroutine.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyReadsStraightOn(boolean onContinuation) {
        start("a", onContinuation, self -> {
            log("a starts");
            self.waitFor(10);
            log("a goes on");
            self.waitUntil(25);
            log("a ends");
        });
        Coroutine b = start("b", onContinuation, self -> {
            log("b starts");
            self.waitFor(12);
            log("b ends");
        });
        log("created");
        simulation.run();
        assertThat(log)
                .containsExactly("0 created", "0 a starts", "0 b starts", "10 a goes on", "12 b ends", "25 a ends");
        assertThat(b.isFinished()).isTrue();
        assertThat(simulation.waiting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aParkedProcessGoesOnWhenWoken(boolean onContinuation) {
        Coroutine driver = start("driver", onContinuation, self -> {
            self.park("interrupt 3");
            log("woken");
            self.park("interrupt 4");
            log("never");
        });
        Event interrupt = simulation.event("interrupt", () -> {
            assertThat(driver.waitingFor()).isEqualTo("interrupt 3");
            driver.wake();
            driver.wake();
            log("interrupt");
        });
        interrupt.at(50);
        simulation.run();
        assertThat(log).containsExactly("50 interrupt", "50 woken");
        assertThat(driver.isFinished()).isFalse();
        assertThat(simulation.waiting()).containsExactly("driver waits for interrupt 4");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wakingAProcessThatIsNotParkedDoesNothing(boolean onContinuation) {
        Coroutine sleeper = start("sleeper", onContinuation, self -> {
            self.waitFor(100);
            log("slept");
        });
        simulation.event("early", sleeper::wake).at(50);
        simulation.runUntil(60);
        assertThat(simulation.waiting()).containsExactly("sleeper waits until 100 ps");
        simulation.run();
        sleeper.wake();
        assertThat(log).containsExactly("100 slept");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatABodyThrowsComesOutOfRun(boolean onContinuation) {
        Coroutine broken = start("broken", onContinuation, self -> {
            self.waitFor(5);
            throw new IllegalStateException("no such register");
        });
        simulation.event("other", () -> log("other")).at(3);
        simulation.event("later", () -> log("later")).at(8);
        assertThatThrownBy(simulation::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no such register")
                .hasStackTraceContaining("whatABodyThrowsComesOutOfRun");
        assertThat(broken.isFinished()).isTrue();
        simulation.run();
        assertThat(log).containsExactly("3 other", "8 later");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyTheBodyItselfCanWait(boolean onContinuation) {
        Coroutine process = start("process", onContinuation, self -> self.waitFor(5));
        assertThatThrownBy(() -> process.waitFor(1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> process.park("nothing")).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopEndsTheRunAtTheNextWait(boolean onContinuation) {
        start("stopper", onContinuation, self -> {
            simulation.stop();
            log("stopping");
            self.waitFor(10);
            log("after");
        });
        simulation.run();
        assertThat(log).containsExactly("0 stopping");
        simulation.run();
        assertThat(log).containsExactly("0 stopping", "10 after");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runUntilHoldsAProcessThatIsAlone(boolean onContinuation) {
        start("alone", onContinuation, self -> {
            for (int i = 0; i < 10; i++) {
                self.waitFor(10);
                log("tick");
            }
        });
        simulation.runUntil(35);
        assertThat(log).containsExactly("10 tick", "20 tick", "30 tick");
        assertThat(simulation.nowPicos()).isEqualTo(35);
        simulation.run();
        assertThat(log).hasSize(10);
    }

    /// Random processes and events: the order must not depend on how bodies are suspended.
    @Test
    void bothImplementationsGiveTheSameOrder() {
        for (long seed = 0; seed < 30; seed++) {
            List<String> onContinuations = crowd(seed, true);
            assertThat(onContinuations).hasSizeGreaterThan(100);
            assertThat(crowd(seed, false)).as("seed %d", seed).isEqualTo(onContinuations);
        }
    }

    private static List<String> crowd(long seed, boolean onContinuation) {
        Simulation simulation = new Simulation(seed, Trace.off());
        List<String> log = new ArrayList<>();
        List<Coroutine> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String name = "p" + i;
            Prng prng = simulation.prng().child(name);
            all.add(simulation.coroutine(
                    name,
                    self -> {
                        for (int step = 0; step < 40; step++) {
                            log.add(simulation.nowPicos() + " " + name + " " + step);
                            switch ((int) prng.below(4)) {
                                case 0 -> self.park("a friend");
                                case 1 -> all.get((int) prng.below(all.size())).wake();
                                case 2 -> self.waitFor(prng.below(3));
                                default -> self.waitFor(prng.below(1_000));
                            }
                        }
                    },
                    onContinuation));
        }
        Prng friend = simulation.prng().child("friend");
        for (int i = 0; i < 400; i++) {
            simulation.runUntil(simulation.nowPicos() + friend.below(100));
            all.get((int) friend.below(all.size())).wake();
        }
        log.addAll(simulation.waiting());
        return log;
    }
}
