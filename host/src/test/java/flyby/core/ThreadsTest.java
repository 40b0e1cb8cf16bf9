package flyby.core;

import static flyby.core.Bench.NS;
import static flyby.core.Bench.REGISTERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.bus.Completion;
import flyby.sim.Alarm;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Threads, timers and interrupt control of a core. Times are those of [Bench], added up by hand; a context switch
/// takes 10 ns.
final class ThreadsTest {
    private final Bench bench = new Bench();
    private final List<String> seen = new ArrayList<>();

    @Test
    void aThreadRunsWhenTheOneThatSpawnedItWaits() {
        Completion done = new Completion("the thread");
        bench.run(cpu -> {
            cpu.spawn("worker", () -> {
                see("worker");
                cpu.delay(100 * NS);
                done.complete();
            });
            cpu.delay(50 * NS);
            see("main");
            cpu.await(done);
            see("main");
        });

        assertThat(seen).containsExactly("50 main", "60 worker", "170 main");
    }

    @Test
    void theyTakeTurnsInTheOrderInWhichTheyWereSpawned() {
        bench.run(cpu -> {
            for (String name : List.of("a", "b", "c")) {
                cpu.spawn(name, () -> {
                    for (int i = 0; i < 2; i++) {
                        see(name);
                        cpu.reschedule();
                    }
                });
            }
        });

        assertThat(seen).containsExactly("10 a", "20 b", "30 c", "40 a", "50 b", "60 c");
    }

    @Test
    void givingWayToNobodyCostsNothing() {
        long end = bench.run(cpu -> cpu.reschedule());

        assertThat(end).isZero();
    }

    /// The core idles on the stack of `late`, which was spawned last; both become ready in one handler.
    @Test
    void whoBecomesReadyInTheSameHandlerGoesOnInTurn() {
        Completion both = new Completion("the device");
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(500 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, both::complete);
            cpu.spawn("late", () -> {
                cpu.await(both);
                see("late");
            });
            cpu.await(both);
            see("main");
        });

        assertThat(seen).containsExactly("590 main", "600 late");
    }

    @Test
    void theOthersGoOnWhenTheProgramHasEnded() {
        Completion message = new Completion("the message");
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(500 * NS);
        long end = bench.run(cpu -> {
            cpu.requestInterrupt(40, message::complete);
            cpu.spawn("server", () -> {
                cpu.await(message);
                see("server");
                cpu.await(new Completion("another message"));
            });
            cpu.reschedule();
        });

        assertThat(end).isEqualTo(20 * NS);
        assertThat(seen).containsExactly("590 server");
        assertThat(bench.simulation.waiting()).contains("core server waits for another message");
    }

    @Test
    void aTimerIsAnInterruptOfItsOwn() {
        long end = bench.run(cpu -> {
            Alarm[] timer = new Alarm[1];
            timer[0] = cpu.timer("tick", () -> {
                see("tick");
                assertThat(cpu.inAtomicContext()).isTrue();
                if (seen.size() < 2) {
                    timer[0].in(100 * NS);
                }
            });
            timer[0].at(100 * NS);
            cpu.delay(120 * NS);
            assertThat(cpu.inAtomicContext()).isFalse();
            cpu.await(new Completion("nothing"), 300 * NS);
        });

        // It came within the delay; again 270 + 50; then the end of the wait, at 500, has an interrupt too.
        assertThat(seen).containsExactly("170 tick", "320 tick");
        assertThat(end).isEqualTo((500 + 50 + 30) * NS);
    }

    @Test
    void aTimerThatIsTakenBackInTimeDoesNothing() {
        bench.run(cpu -> {
            Alarm timer = cpu.timer("tick", () -> see("tick"));
            Alarm other = cpu.timer("other", () -> see("other"));
            timer.at(10 * NS);
            other.at(20 * NS);
            boolean before = cpu.saveInterrupts();
            cpu.delay(100 * NS);
            assertThat(timer.isPending()).isTrue();
            timer.cancel();
            assertThat(timer.isPending()).isFalse();
            cpu.restoreInterrupts(before);
        });

        assertThat(seen).containsExactly("152 other");
    }

    @Test
    void aWaitSaysWhetherItsTimeWasOut() {
        Completion message = new Completion("the message");
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(1_000 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, message::complete);
            assertThat(cpu.await(message, 200 * NS)).isFalse();
            see("first");
            assertThat(cpu.await(message, 10_000 * NS)).isTrue();
            see("second");
            assertThat(cpu.await(message, 10_000 * NS)).isTrue();
            see("third");
        });

        assertThat(seen).containsExactly("280 first", "1080 second", "1080 third");
    }

    @Test
    void interruptsThatAreOffAreRemembered() {
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(10 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, () -> see("handler"));
            cpu.disableInterrupt(40);
            cpu.disableInterrupt(40);
            cpu.delay(100 * NS);
            cpu.enableInterrupt(40);
            see("once");
            boolean before = cpu.saveInterrupts();
            cpu.enableInterrupt(40);
            assertThat(cpu.saveInterrupts()).isFalse();
            cpu.restoreInterrupts(false);
            assertThat(cpu.inAtomicContext()).isTrue();
            see("twice");
            cpu.restoreInterrupts(before);
        });

        assertThat(seen).containsExactly("103 once", "107 twice", "158 handler");
    }

    @Test
    void nobodyHandlesAnInterruptThatWasFreed() {
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(10 * NS);
        bench.run(cpu -> {
            cpu.requestInterrupt(40, () -> see("first"));
            cpu.freeInterrupt(40);
            cpu.delay(20 * NS);
            cpu.requestInterrupt(40, () -> see("second"));
            cpu.delay(20 * NS);
        });

        assertThat(seen).as("it was remembered for nobody").containsExactly("90 second");
    }

    @Test
    void whoWaitsWhereNothingCanWakeItIsToldSo() {
        bench.simulation
                .event("message", () -> bench.core.vectors().interrupt(40, true))
                .at(10 * NS);

        assertThatThrownBy(() -> bench.run(cpu -> {
                    cpu.requestInterrupt(40, () -> cpu.await(new Completion("the answer"), NS));
                    cpu.delay(20 * NS);
                }))
                .isInstanceOf(LabException.class)
                .hasMessage("core waits for the answer in an interrupt handler, where nothing can wake it: scheduling"
                        + " while atomic");
        assertThatThrownBy(() -> new Bench().run(cpu -> {
                    cpu.saveInterrupts();
                    cpu.await(new Completion("the answer"));
                }))
                .hasMessageContaining("with interrupts off");
    }

    @Test
    void aThreadThatReadsARegisterKeepsTheCore() {
        bench.run(cpu -> {
            cpu.spawn("other", () -> see("other"));
            cpu.mmioRead32(REGISTERS);
            see("main");
        });

        assertThat(seen).containsExactly("501 main", "511 other");
    }

    /// The transfer is the program's; the thread that runs while it waits works for nobody, and the handler works for
    /// the transfer, though it runs on top of that thread.
    @Test
    void phasesOfATransferAddUpOverThreads() {
        Ledger ledger = new Ledger();
        Bench traced = new Bench(Trace.to(List.of(ledger)));
        Completion done = new Completion("the device");
        traced.simulation
                .event("message", () -> traced.core.vectors().interrupt(40, true))
                .at(400 * NS);
        traced.run(cpu -> {
            cpu.requestInterrupt(40, () -> {
                cpu.load8(0x800);
                done.complete();
            });
            cpu.spawn("other", () -> {
                cpu.delay(300 * NS);
                cpu.storeBytes(0, new byte[64], 0, 64);
                cpu.delay(200 * NS);
            });
            cpu.beginTransfer(64);
            cpu.delay(5 * NS);
            cpu.reschedule();
            cpu.load8(0x800);
            cpu.await(done);
            cpu.endTransfer();
        });

        // The other: from 15 to 315, copying to 423, then to 623. The message is taken then, and not before, because
        // the
        // copy only waits for its last line when it comes.
        assertThat(ledger.totalsPicos())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "driver", (5 + 2) * NS,
                        "scheduled out", (623 - 5 + 50) * NS,
                        "handler", 101 * NS,
                        "wake-up", (30 + 10) * NS));
    }

    private void see(String what) {
        seen.add(String.format(Locale.ROOT, "%d %s", bench.simulation.nowPicos() / NS, what));
    }
}
