package flyby.proved;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.Device;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.choice.Decisions;
import flyby.kernel.IoMemory;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.HostileMachines;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import flyby.trial.Verdict.Ending;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// However a driver ends, there is a verdict, and it says where.
final class TrialTest {
    /// Registers that keep what is written.
    private static final class Plain implements Device {
        private final long[] registers = new long[8];

        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return registers[(int) offset / 8];
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            registers[(int) offset / 8] = value;
        }

        @Override
        public void reset() {
            // Nothing is under way.
        }
    }

    private record Doing(Consumer<Bench> body) implements Subject {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public List<Card> cards(Scene scene) {
            return List.of(Card.of(1, 64, 0, 1, _ -> new Plain()));
        }

        @Override
        public void run(Bench bench) {
            body.accept(bench);
        }
    }

    private static Verdict run(Consumer<Bench> body) {
        return run(body, TrialOptions.STANDARD);
    }

    private static Verdict run(Consumer<Bench> body, TrialOptions options) {
        return Trial.run(new Doing(body), HostileMachines.PLAIN, 1, Decisions.PLAIN, options);
    }

    private static Finding only(Verdict verdict, Ending ending, Rule rule) {
        assertThat(verdict.ending()).isEqualTo(ending);
        assertThat(verdict.findings()).hasSize(1);
        Finding finding = verdict.findings().getFirst();
        assertThat(finding.rule()).isEqualTo(rule);
        assertThat(finding.site().file()).isEqualTo("flyby/proved/TrialTest.java");
        assertThat(finding.site().line()).isPositive();
        return finding;
    }

    @Test
    void aDriverThatIsRightIsClean() {
        Verdict verdict = run(bench -> {
            IoMemory registers = requireNonNull(bench.pci().map(0));
            registers.write32(8, 7);
            bench.expect(registers.read32(8) == 7, "the register keeps its value");
        });
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.ending()).isEqualTo(Ending.RETURNED);
        assertThat(verdict.waiting()).isEmpty();
    }

    @Test
    void dataThatAreWrongAreFound() {
        Finding finding = only(run(bench -> bench.expect(false, "7 is 8")), Ending.RETURNED, Rule.RIGHT_DATA);
        assertThat(finding.what()).isEqualTo("7 is 8");
    }

    @Test
    void anExceptionIsFound() {
        Finding finding = only(
                run(bench -> {
                    throw new IllegalStateException("no");
                }),
                Ending.THREW,
                Rule.THROWS);
        assertThat(finding.what()).contains("IllegalStateException: no");
    }

    @Test
    void anExceptionInAHandlerIsFound() {
        only(
                run(bench -> {
                    bench.kernel()
                            .timer("bad", () -> {
                                throw new IllegalStateException("no");
                            })
                            .in(1_000);
                    bench.kernel().sleep(1_000_000);
                }),
                Ending.THREW,
                Rule.THROWS);
    }

    @Test
    void anExceptionInAnotherThreadIsFound() {
        only(
                run(bench -> {
                    bench.cpu().spawn("bad", () -> {
                        throw new IllegalStateException("no");
                    });
                    bench.kernel().sleep(1_000_000);
                }),
                Ending.THREW,
                Rule.THROWS);
    }

    @Test
    void whoWaitsForNothingIsFound() {
        Verdict verdict = run(bench -> bench.cpu().await(new Completion("a letter that nobody writes")));
        Finding finding = only(verdict, Ending.DEADLOCK, Rule.GETS_ON);
        assertThat(finding.what()).contains("cpu0 waits for a letter that nobody writes");
        assertThat(verdict.waiting()).contains("cpu0 waits for a letter that nobody writes");
    }

    @Test
    void whoPollsForEverIsFound() {
        only(
                run(bench -> {
                    while (bench.cpu().nowPicos() >= 0) {
                        bench.cpu().delay(1_000_000);
                    }
                }),
                Ending.TOO_LONG,
                Rule.GETS_ON);
    }

    @Test
    void whoKeepsTheCpuFromTheDriverIsFound() {
        only(
                run(bench -> {
                    bench.cpu().spawn("greedy", () -> {
                        while (bench.cpu().nowPicos() >= 0) {
                            bench.cpu().delay(1_000_000);
                        }
                    });
                    bench.kernel().sleep(1_000_000);
                }),
                Ending.TOO_LONG,
                Rule.GETS_ON);
    }

    @Test
    void whoWaitsInAHandlerIsFound() {
        Finding finding = only(
                run(bench -> {
                    boolean enabled = bench.cpu().saveInterrupts();
                    bench.kernel().sleep(1_000_000);
                    bench.cpu().restoreInterrupts(enabled);
                }),
                Ending.WAITED_WHILE_ATOMIC,
                Rule.CALLING_CONTEXT);
        assertThat(finding.what()).contains("scheduling while atomic");
    }

    @Test
    void whoLeavesInterruptsOffIsFound() {
        Verdict verdict = run(bench -> bench.cpu().saveInterrupts());
        assertThat(verdict.findings()).hasSize(1);
        assertThat(verdict.findings().getFirst().rule()).isEqualTo(Rule.CALLING_CONTEXT);
    }

    /// The loop ends with the test: its thread would keep a processor.
    private static Verdict loop(boolean isFoundBefore) {
        AtomicBoolean isOver = new AtomicBoolean();
        try {
            return run(
                    bench -> {
                        bench.expect(!isFoundBefore, "found before");
                        while (!isOver.get()) {
                            Thread.onSpinWait();
                        }
                    },
                    TrialOptions.STANDARD.withWatchdog(1_000));
        } finally {
            isOver.set(true);
        }
    }

    @Test
    void whoLoopsForEverIsFound() {
        Finding finding = only(loop(false), Ending.ENDLESS_LOOP, Rule.GETS_ON);
        assertThat(finding.site().method()).isEqualTo("loop");
        assertThat(finding.what()).contains("computes without end");
    }

    @Test
    void whatWasFoundBeforeIsKept() {
        only(loop(true), Ending.ENDLESS_LOOP, Rule.RIGHT_DATA);
    }

    @Test
    void equalRunsHaveEqualHashes() {
        Consumer<Bench> body = bench -> bench.kernel().sleep(1_000_000);
        assertThat(run(body).traceHash()).isEqualTo(run(body).traceHash());
    }
}
