package flyby.core;

import static flyby.core.Bench.NS;
import static flyby.core.Bench.REGISTERS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.sim.Event;
import flyby.sim.Prng;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Litmus tests: what a driver and a device, or two cores, can see of each other with and without barriers. Outcomes
/// that Linux's memory model forbids never come, over many seeds; those that it allows come.
///
/// After Alglave, Maranget, McKenney, Parri, Stern, "Frightening Small Children and Disconcerting Grown-ups" (ASPLOS
/// 2018), for MP, SB and CoRR; C1, C3 and C4 are how drivers get them wrong.
final class LitmusTest {
    private static final int SEEDS = 100;
    private static final long DATA = 0x100;
    private static final long FLAG = 0x140;

    private static final MemoryOrder TSO = new MemoryOrder(8, false, 100 * NS, 0);
    private static final MemoryOrder WEAK = new MemoryOrder(8, true, 100 * NS, 100 * NS);

    /// Message passing: both barriers are needed, and each alone is not enough.
    @ParameterizedTest
    @CsvSource({"false, false, true", "true, false, true", "false, true, true", "true, true, false"})
    void messagePassingNeedsBothBarriers(boolean writeBarrier, boolean readBarrier, boolean canFail) {
        assertThat(stale(WEAK, writeBarrier, readBarrier)).satisfies(count -> {
            if (canFail) {
                assertThat(count).as("allowed").isPositive();
            } else {
                assertThat(count).as("forbidden").isZero();
            }
        });
    }

    @Test
    void messagePassingNeedsNoneInTso() {
        assertThat(stale(TSO, false, false)).isZero();
    }

    private static int stale(MemoryOrder order, boolean writeBarrier, boolean readBarrier) {
        return count(seed -> {
            Bench bench = new Bench(seed, order, true);
            long[] got = {-1};
            other(bench).run(cpu -> {
                cpu.load8(DATA);
                // The flag's line is here, so that the next loads are quick.
                while (cpu.load8(FLAG) == 0) {}
                if (readBarrier) {
                    cpu.dmaReadBarrier();
                }
                got[0] = cpu.load8(DATA);
            });
            bench.run(cpu -> {
                cpu.delay(bench.simulation.prng().child("start").below(500) * NS);
                cpu.store8(DATA, 1);
                if (writeBarrier) {
                    cpu.dmaWriteBarrier();
                }
                cpu.store8(FLAG, 1);
            });
            return got[0] == 0;
        });
    }

    /// Store buffering: in no order may both be late where both have full barriers; in all they may where not.
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void bothStoresMayBeLate(boolean weak, boolean barriers) {
        int both = count(seed -> {
            Bench bench = new Bench(seed, weak ? WEAK : TSO, true);
            long[] got = {-1, -1};
            other(bench).run(cpu -> got[1] = storeAndLoad(cpu, FLAG, DATA, barriers));
            bench.run(cpu -> {
                cpu.delay(bench.simulation.prng().child("start").below(30) * NS);
                got[0] = storeAndLoad(cpu, DATA, FLAG, barriers);
            });
            return got[0] == 0 && got[1] == 0;
        });

        if (barriers) {
            assertThat(both).isZero();
        } else {
            assertThat(both).isPositive();
        }
    }

    private static long storeAndLoad(Cpu cpu, long mine, long theirs, boolean barriers) {
        cpu.store8(mine, 1);
        if (barriers) {
            cpu.barrier();
        }
        return cpu.load8(theirs);
    }

    /// Coherence: whoever looks at one place sees its values in their order, whatever else may be reordered.
    @Test
    void onePlaceHasOneOrder() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Bench bench = new Bench(seed, WEAK, true);
            int[] seen = new int[60];
            other(bench).run(cpu -> {
                for (int i = 0; i < seen.length; i++) {
                    seen[i] = cpu.load8(DATA);
                }
            });
            bench.run(cpu -> {
                cpu.delay(100 * NS);
                for (int i = 1; i <= 20; i++) {
                    cpu.store8(DATA, i);
                    assertThat(cpu.load8(DATA)).as("one's own store").isEqualTo(i);
                }
            });

            assertThat(seen).as("seed %d", seed).isSorted();
            assertThat(bench.memory.peek(DATA)).as("the last one wins").isEqualTo((byte) 20);
        }
    }

    /// C1: the body of a completion is read before its valid bit, whether the device writes both at once or not, and
    /// whether the ring is cached or not.
    @ParameterizedTest
    @CsvSource({"true, 0", "true, 5", "false, 0", "false, 5"})
    void aCompletionsBodyNeedsAReadBarrier(boolean coherent, long gapNanos) {
        assertThat(staleBodies(WEAK, coherent, gapNanos, cpu -> {})).isPositive();
        assertThat(staleBodies(WEAK, coherent, gapNanos, Cpu::dmaReadBarrier)).isZero();
        assertThat(staleBodies(WEAK, coherent, gapNanos, Cpu::readBarrier)).isZero();
        assertThat(staleBodies(WEAK, coherent, gapNanos, cpu -> cpu.mmioRead32(REGISTERS)))
                .as("readl has one in it")
                .isZero();
        assertThat(staleBodies(TSO, coherent, gapNanos, cpu -> {})).isZero();
    }

    private static int staleBodies(MemoryOrder order, boolean coherent, long gapNanos, Consumer<Cpu> between) {
        return count(seed -> {
            Bench bench = coherentOrUncached(seed, order, coherent);
            long[] got = {-1};
            byte[] entry = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
            Event valid =
                    bench.simulation.event("valid", () -> bench.memory.agent(0).write(DATA + 15, entry, 15, 1, true));
            bench.simulation
                    .event("body", () -> {
                        if (gapNanos == 0) {
                            bench.memory.agent(0).write(DATA, entry, 0, 16, true);
                        } else {
                            bench.memory.agent(0).write(DATA, entry, 0, 15, true);
                            valid.in(gapNanos * NS);
                        }
                    })
                    .at((500 + bench.simulation.prng().child("start").below(200)) * NS);
            bench.run(cpu -> {
                while (cpu.load8(DATA + 15) == 0) {}
                between.accept(cpu);
                got[0] = cpu.load32(DATA);
            });
            return got[0] == 0;
        });
    }

    /// C3: the device sees the descriptor as its own before what stands in it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDescriptorNeedsAWriteBarrierBeforeItIsGivenAway(boolean coherent) {
        assertThat(emptyDescriptors(WEAK, coherent, cpu -> {})).isPositive();
        assertThat(emptyDescriptors(WEAK, coherent, Cpu::dmaWriteBarrier)).isZero();
        assertThat(emptyDescriptors(WEAK, coherent, Cpu::writeBarrier)).isZero();
        assertThat(emptyDescriptors(WEAK, coherent, Cpu::barrier)).isZero();
        assertThat(emptyDescriptors(TSO, coherent, cpu -> {})).isZero();
    }

    private static int emptyDescriptors(MemoryOrder order, boolean coherent, Consumer<Cpu> between) {
        return count(seed -> {
            Bench bench = coherentOrUncached(seed, order, coherent);
            boolean[] empty = new boolean[1];
            byte[] descriptor = new byte[16];
            Event[] poll = new Event[1];
            poll[0] = bench.simulation.event("poll", () -> {
                bench.memory.agent(0).read(DATA, descriptor, 0, 16, true);
                empty[0] |= descriptor[15] == 1 && descriptor[0] == 0;
                if (bench.simulation.nowPicos() < 1_000 * NS) {
                    poll[0].in(NS / 2);
                }
            });
            poll[0].at(0);
            bench.run(cpu -> {
                cpu.store64(DATA, 0x77);
                between.accept(cpu);
                cpu.store8(DATA + 15, 1);
            });
            return empty[0];
        });
    }

    /// C4: the doorbell comes before the descriptor.
    @Test
    void aDoorbellNeedsABarrierThatIsForRegisters() {
        Consumer<Cpu> relaxed = cpu -> cpu.mmioWrite32Relaxed(REGISTERS, 1);
        assertThat(rungTooEarly(WEAK, relaxed)).isPositive();
        assertThat(rungTooEarly(WEAK, after(Cpu::dmaWriteBarrier, relaxed)))
                .as("a barrier for memory alone")
                .isPositive();
        assertThat(rungTooEarly(WEAK, after(Cpu::writeBarrier, relaxed))).isZero();
        assertThat(rungTooEarly(WEAK, after(Cpu::barrier, relaxed))).isZero();
        assertThat(rungTooEarly(WEAK, cpu -> cpu.mmioWrite32(REGISTERS, 1))).isZero();
        assertThat(rungTooEarly(TSO, relaxed)).isZero();
    }

    private static Consumer<Cpu> after(Consumer<Cpu> barrier, Consumer<Cpu> doorbell) {
        return barrier.andThen(doorbell);
    }

    private static int rungTooEarly(MemoryOrder order, Consumer<Cpu> ring) {
        return count(seed -> {
            Bench bench = new Bench(seed, order, true);
            byte[] descriptor = new byte[64];
            boolean[] early = new boolean[1];
            bench.whenWritten = () -> {
                bench.memory.agent(0).read(DATA, descriptor, 0, 64, true);
                for (int i = 0; i < 64; i += 8) {
                    early[0] |= descriptor[i] == 0;
                }
            };
            bench.run(cpu -> {
                for (int i = 0; i < 64; i += 8) {
                    cpu.store64(DATA + i, 0x77);
                }
                ring.accept(cpu);
            });
            return early[0];
        });
    }

    /// Relaxed accesses of one device are in order among themselves, and a full buffer does not change what is seen.
    @Test
    void relaxedAccessesKeepTheirOrder() {
        Bench bench = new Bench(1, WEAK, true);
        bench.run(cpu -> {
            for (int i = 0; i < 20; i++) {
                cpu.store8(DATA + i, i);
            }
            cpu.mmioWrite32Relaxed(REGISTERS, 1);
            cpu.mmioRead32Relaxed(REGISTERS + 4);
            cpu.mmioWrite32Relaxed(REGISTERS + 8, 2);
        });

        assertThat(bench.seen.stream().map(each -> each.substring(each.indexOf("ns") + 3)))
                .containsExactly("write 10000: 01000000", "read 10004: 4", "write 10008: 02000000");
        for (int i = 0; i < 20; i++) {
            assertThat(bench.memory.peek(DATA + i)).as("drained in the end").isEqualTo((byte) i);
        }
    }

    /// What a core has stored itself it always loads, however accesses overlap, while the other does the same to the
    /// bytes between.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCoreAlwaysSeesItsOwnStores(boolean weak) {
        for (int seed = 0; seed < 20; seed++) {
            Bench bench = new Bench(seed, weak ? WEAK : TSO, true);
            bench.types.set(0x400, 0x100, MemoryType.UNCACHED);
            Prng first = bench.simulation.prng().child("first");
            Prng second = bench.simulation.prng().child("second");
            other(bench).run(cpu -> workAlone(cpu, second, 0x340));
            bench.run(cpu -> workAlone(cpu, first, 0x300));
        }
    }

    /// In the 64 bytes at `base`, and in those 256 above.
    private static void workAlone(Cpu cpu, Prng prng, long base) {
        byte[] expected = new byte[0x140];
        byte[] block = new byte[64];
        for (int i = 0; i < 300; i++) {
            int part = prng.chance(1, 2) ? 0 : 0x100;
            int at = (int) prng.below(60);
            int byteCount = 1 + (int) prng.below(64 - at);
            if (prng.chance(1, 2)) {
                for (int j = 0; j < byteCount; j++) {
                    block[j] = (byte) prng.nextLong();
                }
                cpu.storeBytes(base + part + at, block, 0, byteCount);
                System.arraycopy(block, 0, expected, part + at, byteCount);
            } else {
                cpu.loadBytes(base + part + at, block, 0, byteCount);
                for (int j = 0; j < byteCount; j++) {
                    assertThat(block[j]).as("step %d, byte %d", i, at + j).isEqualTo(expected[part + at + j]);
                }
            }
            if (byteCount >= 8) {
                cpu.store16(base + part + at + 3, i);
                expected[part + at + 3] = (byte) i;
                expected[part + at + 4] = (byte) (i >> 8);
                assertThat(cpu.load8(base + part + at + 4)).isEqualTo(i >> 8);
            }
        }
    }

    /// Equal seeds, equal runs.
    @Test
    void chanceIsSeeded() {
        LongPredicate run = seed -> {
            Bench bench = new Bench(seed, WEAK, true);
            long[] got = {-1, -1};
            other(bench).run(cpu -> got[1] = storeAndLoad(cpu, FLAG, DATA, false));
            bench.run(cpu -> got[0] = storeAndLoad(cpu, DATA, FLAG, false));
            return got[0] == 0 && got[1] == 0;
        };
        for (int seed = 0; seed < 20; seed++) {
            assertThat(run.test(seed)).isEqualTo(run.test(seed));
        }
    }

    private static Bench coherentOrUncached(long seed, MemoryOrder order, boolean coherent) {
        Bench bench = new Bench(seed, order, coherent);
        if (!coherent) {
            bench.types.set(DATA, 0x40, MemoryType.UNCACHED);
        }
        return bench;
    }

    private static ServerCore other(Bench bench) {
        return Objects.requireNonNull(bench.other);
    }

    private static int count(LongPredicate outcome) {
        int count = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            count += outcome.test(seed) ? 1 : 0;
        }
        return count;
    }
}
