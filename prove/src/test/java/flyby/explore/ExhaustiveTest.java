package flyby.explore;

import static flyby.explore.Litmus.TSO;
import static flyby.explore.Litmus.WEAK;
import static flyby.explore.Litmus.X;
import static flyby.explore.Litmus.Y;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.core.MemoryOrder;
import flyby.explore.Exhaustive.Limits;
import flyby.explore.Exhaustive.Result;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All that may happen, and nothing else: what memory models say of the classic litmus tests is the judge. SB, MP, R
/// and 2+2W with their outcomes in TSO: Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO" (TPHOLs 2009);
/// in weak orders: Alglave, Maranget, Tautschnig, "Herding cats" (TOPLAS 2014).
final class ExhaustiveTest {
    private static final int RUNS_MAX = 200_000;

    private static final Consumer<Cpu> NOTHING = Cpu::nowPicos;

    private static Limits limits(int picksMax, boolean reduces) {
        return new Limits(picksMax, RUNS_MAX, reduces, 64);
    }

    /// What loads got: `first second`.
    private static Set<String> outcomes(Result<String> result) {
        assertThat(result.isComplete()).isTrue();
        return new TreeSet<>(result.outcomes().keySet());
    }

    private static Result<String> storeBuffering(MemoryOrder order, Consumer<Cpu> barrier) {
        Litmus litmus = new Litmus(
                order,
                List.of(
                        (cpu, got) -> {
                            cpu.store8(X, 1);
                            barrier.accept(cpu);
                            got[0] = cpu.load8(Y);
                        },
                        (cpu, got) -> {
                            cpu.store8(Y, 1);
                            barrier.accept(cpu);
                            got[0] = cpu.load8(X);
                        }));
        return Exhaustive.explore(limits(2, true), schedule -> text(litmus.run(schedule), 0, 2));
    }

    private static String text(List<Integer> outcome, int... places) {
        return Arrays.stream(places)
                .mapToObj(place -> outcome.get(place).toString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void storeBuffering() {
        assertThat(outcomes(storeBuffering(MemoryOrder.STRONG, NOTHING))).containsExactly("0 1", "1 0", "1 1");
        assertThat(outcomes(storeBuffering(TSO, NOTHING))).containsExactly("0 0", "0 1", "1 0", "1 1");
        assertThat(outcomes(storeBuffering(WEAK, NOTHING))).containsExactly("0 0", "0 1", "1 0", "1 1");
        assertThat(outcomes(storeBuffering(TSO, Cpu::barrier))).containsExactly("0 1", "1 0", "1 1");
        assertThat(outcomes(storeBuffering(WEAK, Cpu::barrier))).containsExactly("0 1", "1 0", "1 1");
        assertThat(outcomes(storeBuffering(WEAK, Cpu::writeBarrier)))
                .as("a barrier between stores does not wait")
                .containsExactly("0 0", "0 1", "1 0", "1 1");
    }

    /// Wherever the second core is when the first one begins.
    private static Set<String> outcomesOfAllStarts(Litmus litmus, int... places) {
        Set<String> all = new TreeSet<>();
        for (long nanos = 0; nanos <= 200; nanos += 50) {
            Litmus late = litmus.startingAfter(nanos * Time.NANOSECOND);
            all.addAll(outcomes(Exhaustive.explore(limits(3, true), schedule -> text(late.run(schedule), places))));
        }
        return all;
    }

    private static Set<String> messagePassing(
            MemoryOrder order, Consumer<Cpu> writeBarrier, Consumer<Cpu> readBarrier) {
        Litmus litmus = new Litmus(
                order,
                List.of(
                        (cpu, _) -> {
                            cpu.store8(X, 1);
                            writeBarrier.accept(cpu);
                            cpu.store8(Y, 1);
                        },
                        (cpu, got) -> {
                            got[0] = cpu.load8(Y);
                            readBarrier.accept(cpu);
                            got[1] = cpu.load8(X);
                        }));
        return outcomesOfAllStarts(litmus, 2, 3);
    }

    @Test
    void messagePassing() {
        String[] ordered = {"0 0", "0 1", "1 1"};
        String[] any = {"0 0", "0 1", "1 0", "1 1"};
        Consumer<Cpu> write = Cpu::dmaWriteBarrier;
        Consumer<Cpu> read = Cpu::dmaReadBarrier;
        assertThat(messagePassing(TSO, NOTHING, NOTHING)).containsExactly(ordered);
        assertThat(messagePassing(WEAK, NOTHING, NOTHING)).containsExactly(any);
        assertThat(messagePassing(WEAK, write, NOTHING)).containsExactly(any);
        assertThat(messagePassing(WEAK, NOTHING, read)).containsExactly(any);
        assertThat(messagePassing(WEAK, write, read)).containsExactly(ordered);
    }

    /// Both cores store to both places; what is there in the end.
    @ParameterizedTest
    @CsvSource({"false, false, false", "true, false, true", "true, true, false"})
    void twoPlusTwoWrites(boolean weak, boolean barriers, boolean bothFirst) {
        Consumer<Cpu> barrier = barriers ? Cpu::dmaWriteBarrier : NOTHING;
        Litmus litmus = new Litmus(
                weak ? WEAK : TSO,
                List.of(
                        (cpu, _) -> {
                            cpu.store8(X, 1);
                            barrier.accept(cpu);
                            cpu.store8(Y, 2);
                        },
                        (cpu, _) -> {
                            cpu.store8(Y, 1);
                            barrier.accept(cpu);
                            cpu.store8(X, 2);
                        }));
        Result<String> result = Exhaustive.explore(limits(3, true), schedule -> text(litmus.run(schedule), 4, 5));

        if (bothFirst) {
            assertThat(outcomes(result)).containsExactly("1 1", "1 2", "2 1", "2 2");
        } else {
            assertThat(outcomes(result)).containsExactly("1 2", "2 1", "2 2");
        }
    }

    /// R: a store that is late, although it is in the end the later one.
    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void aLateStoreMayBeTheLastOne(boolean barriers, boolean allowed) {
        Consumer<Cpu> barrier = barriers ? Cpu::barrier : NOTHING;
        Litmus litmus = new Litmus(
                TSO,
                List.of(
                        (cpu, _) -> {
                            cpu.store8(X, 1);
                            barrier.accept(cpu);
                            cpu.store8(Y, 1);
                        },
                        (cpu, got) -> {
                            cpu.store8(Y, 2);
                            barrier.accept(cpu);
                            got[0] = cpu.load8(X);
                        }));
        Result<String> result = Exhaustive.explore(limits(2, true), schedule -> text(litmus.run(schedule), 2, 5));

        assertThat(outcomes(result)).contains("0 1", "1 1", "1 2");
        assertThat(outcomes(result).contains("0 2")).isEqualTo(allowed);
    }

    /// What each outcome was first seen with brings it about again.
    @Test
    void outcomesAreRepeated() {
        Result<String> result = storeBuffering(TSO, NOTHING);
        assertThat(result.outcomes()).hasSize(4);
        Litmus litmus = new Litmus(
                TSO,
                List.of(
                        (cpu, got) -> {
                            cpu.store8(X, 1);
                            got[0] = cpu.load8(Y);
                        },
                        (cpu, got) -> {
                            cpu.store8(Y, 1);
                            got[0] = cpu.load8(X);
                        }));
        result.outcomes().forEach((outcome, picks) -> {
            Schedule again = Schedule.of(picks.isEmpty() ? "plain" : Pick.text(picks));
            assertThat(text(litmus.run(again), 0, 2)).isEqualTo(outcome);
            assertThat(again.picks()).isEqualTo(picks);
        });
    }

    @Test
    void aLimitOfRunsIsSaid() {
        Litmus litmus = new Litmus(TSO, List.of((cpu, _) -> cpu.store8(X, 1), (cpu, got) -> got[0] = cpu.load8(X)));
        Result<String> result =
                Exhaustive.explore(new Limits(2, 3, false, 64), schedule -> text(litmus.run(schedule), 2));

        assertThat(result.explored()).isEqualTo(3);
        assertThat(result.isComplete()).isFalse();
    }

    /// Programs at random, of accesses to places that are shared and to some that are not: leaving out what cannot
    /// matter loses no outcome, and many runs.
    @Test
    void reductionLosesNothing() {
        int[] runs = new int[2];
        Property.check(30, choices -> {
            MemoryOrder order = choices.pick(MemoryOrder.STRONG, TSO, WEAK);
            List<BiConsumer<Cpu, int[]>> programs = List.of(program(choices, 0), program(choices, 1));
            Litmus litmus = new Litmus(order, programs);
            Result<List<Integer>> full = Exhaustive.explore(limits(2, false), litmus::run);
            Result<List<Integer>> reduced = Exhaustive.explore(limits(2, true), litmus::run);

            assertThat(full.isComplete() && reduced.isComplete()).isTrue();
            assertThat(full.pruned()).isZero();
            assertThat(reduced.outcomes().keySet())
                    .containsExactlyInAnyOrderElementsOf(full.outcomes().keySet());
            assertThat(reduced.explored()).isLessThanOrEqualTo(full.explored());
            runs[0] += full.explored();
            runs[1] += reduced.explored();
        });
        assertThat(runs[1]).as("of %d runs", runs[0]).isLessThan(runs[0] / 10);
    }

    /// Four accesses, of which two at least are to a place of the core's own.
    private static BiConsumer<Cpu, int[]> program(Choices choices, int core) {
        List<BiConsumer<Cpu, int[]>> steps = new ArrayList<>();
        int loads = 0;
        for (int i = 0; i < 4; i++) {
            boolean isShared = i % 2 == 0 && choices.chance(3, 4);
            long address = isShared ? choices.pick(X, Y) : 0x2000 + 0x1000 * core + 0x40 * choices.below(2);
            if (choices.chance(1, 2)) {
                int value = 1 + 4 * core + i;
                steps.add((cpu, _) -> cpu.store8(address, value));
            } else {
                int place = loads++ & 1;
                steps.add((cpu, got) -> got[place] = cpu.load8(address));
            }
        }
        return (cpu, got) -> steps.forEach(step -> step.accept(cpu, got));
    }
}
