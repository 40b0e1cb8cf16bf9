package flyby.sgdma;

import static flyby.sgdma.SgOracle.DATA_BEGIN;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.sgdma.SgOracle.Step;
import flyby.sgdma.layout.SgDescriptor;
import flyby.sgdma.layout.SgRecord;
import flyby.sgdma.layout.SgRegisters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random chains against loops over an array of bytes: all types, overlapping, unaligned and empty, with pauses,
/// terminations and errors in between, whatever order memory answers in. Each is recorded and replayed.
final class SgChainsTest {
    private static final long RECORD = 16;
    private static final long FIRST = 64;
    private static final int PLACES = 1_500;

    private static SgProfile profile(Choices choices) {
        return new SgProfile(
                2,
                (int) choices.between(1, 8),
                choices.pick(64, 1, 7, 128),
                (int) choices.between(1, 12),
                1 << 20,
                choices.pick(0L, 300L));
    }

    private static SgBench bench(Choices choices, SgProfile profile) {
        long most = choices.pick(1L, 0L, 500L);
        SplittableRandom random = new SplittableRandom(choices.below(1000));
        SgBench bench = new SgBench(profile, () -> most == 0 ? 0 : random.nextLong(most) + 1);
        new SplittableRandom(7).nextBytes(bench.memory);
        Arrays.fill(bench.memory, 0, DATA_BEGIN, (byte) 0);
        return bench;
    }

    private static long[] places(Choices choices, int count) {
        boolean isMixed = choices.chance(1, 2);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(FIRST + 64L * i);
        }
        for (int i = 0; isMixed && i < count; i++) {
            all.add((int) choices.below(all.size()), all.remove((int) choices.below(all.size())));
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    private static List<Step> steps(Choices choices, int most, int unitBytes) {
        List<Step> steps = new ArrayList<>();
        int count = (int) choices.between(1, most);
        for (int i = 0; i < count; i++) {
            steps.add(SgOracle.random(choices, unitBytes));
        }
        return SgOracle.defined(steps);
    }

    private static byte[] data(byte[] memory) {
        return Arrays.copyOfRange(memory, DATA_BEGIN, memory.length);
    }

    @Test
    void everyChainDoesWhatLoopsDo() {
        Property.check(400, choices -> {
            SgProfile profile = profile(choices);
            SgBench bench = bench(choices, profile);
            List<Step> steps = steps(choices, 30, profile.unitBytes());
            long[] places = places(choices, steps.size());
            SgOracle.store(bench, steps, places, 0);
            byte[] expected = bench.memory.clone();
            steps.forEach(step -> SgOracle.apply(step, expected, profile.unitBytes()));

            // As many as are made known at once, and the rest as they come.
            int known = (int) choices.below(steps.size() + 1);
            bench.start(0, places[0], RECORD, SgRegisters.CONFIG_INTERRUPT.mask(), known);
            bench.simulation.runUntil(choices.below(5_000));
            pauses(choices, bench, steps);
            bench.write(0, SgRegisters.COUNT, steps.size());
            bench.simulation.run();

            assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_RUNNING);
            assertThat(bench.done(0)).isEqualTo(steps.size());
            assertThat(bench.written(0)).isZero();
            assertThat(data(bench.memory)).isEqualTo(data(expected));
            for (int i = 0; i < places.length; i++) {
                assertThat(bench.word(places[i] + SgDescriptor.STATUS))
                        .isEqualTo(SgDescriptor.STATUS_WANTED.isSet(steps.get(i).flags()) ? 1 : 0);
            }
            assertRecord(bench, steps, places);
            bench.replay();
        });
    }

    private static void assertRecord(SgBench bench, List<Step> steps, long[] places) {
        long told = SgRecord.DONE.of(bench.word(RECORD + SgRecord.PROGRESS));
        long asked = 0;
        for (int i = 0; i < steps.size(); i++) {
            long flags = steps.get(i).flags();
            asked = SgDescriptor.RECORD.isSet(flags) || SgDescriptor.INTERRUPT.isSet(flags) ? i + 1 : asked;
        }
        assertThat(told).isGreaterThanOrEqualTo(asked);
        if (told > 0) {
            assertThat(bench.word(RECORD + SgRecord.LAST)).isEqualTo(places[(int) told - 1]);
        }
    }

    /// Pauses a few times, looks at the residue, resumes.
    private static void pauses(Choices choices, SgBench bench, List<Step> steps) {
        int count = (int) choices.below(3);
        for (int i = 0; i < count; i++) {
            bench.write(0, SgRegisters.COMMAND, SgRegisters.COMMAND_PAUSE.mask());
            bench.simulation.run();
            assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_PAUSED);
            assertThat(bench.underWay).isZero();
            int done = bench.done(0);
            if (done < steps.size()) {
                assertThat(bench.written(0)).isLessThanOrEqualTo(steps.get(done).byteCount());
            }
            byte[] before = bench.memory.clone();
            bench.simulation.runUntil(bench.nowPicos() + 10_000);
            assertThat(bench.memory).isEqualTo(before);
            bench.write(0, SgRegisters.COMMAND, SgRegisters.COMMAND_RESUME.mask());
            bench.simulation.runUntil(bench.nowPicos() + choices.below(3_000));
        }
    }

    @Test
    void aPauseLeavesExactlyTheResidue() {
        Property.check(200, choices -> {
            SgProfile profile = profile(choices);
            SgBench bench = bench(choices, profile);
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                // Apart from each other, so that a byte that differs from its source has not been written.
                int at = DATA_BEGIN + i * 4_096;
                int length = (int) choices.below(2_000);
                steps.add(new Step(SgDescriptor.TYPE_COPY, 0, at, at + 2_048, length, 1, 0, 0));
            }
            long[] places = places(choices, steps.size());
            SgOracle.store(bench, steps, places, 0);
            bench.start(0, places[0], RECORD, 0, steps.size());
            bench.simulation.runUntil(choices.below(8_000));
            bench.write(0, SgRegisters.COMMAND, SgRegisters.COMMAND_PAUSE.mask());
            bench.simulation.run();

            int done = bench.done(0);
            assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_PAUSED);
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                int written = i < done ? step.length() : i > done ? 0 : (int) bench.written(0);
                int from = (int) step.source();
                int to = (int) step.destination();
                byte[] old = new byte[SgBench.MEMORY_BYTES];
                new SplittableRandom(7).nextBytes(old);
                assertThat(Arrays.copyOfRange(bench.memory, to, to + written))
                        .isEqualTo(Arrays.copyOfRange(old, from, from + written));
                assertThat(Arrays.copyOfRange(bench.memory, to + written, to + step.length()))
                        .isEqualTo(Arrays.copyOfRange(old, to + written, to + step.length()));
            }
        });
    }

    @Test
    void nothingIsWrittenAfterATermination() {
        Property.check(300, choices -> {
            SgProfile profile = profile(choices);
            SgBench bench = bench(choices, profile);
            List<Step> steps = steps(choices, 30, profile.unitBytes());
            long[] places = places(choices, steps.size());
            SgOracle.store(bench, steps, places, 0);
            List<byte[]> states = new ArrayList<>(List.of(bench.memory.clone()));
            for (Step step : steps) {
                byte[] after = states.getLast().clone();
                SgOracle.apply(step, after, profile.unitBytes());
                states.add(after);
            }
            bench.start(0, places[0], RECORD, SgRegisters.CONFIG_INTERRUPT.mask(), steps.size());
            bench.simulation.runUntil(choices.below(6_000));
            if (choices.chance(1, 3)) {
                bench.write(0, SgRegisters.COMMAND, SgRegisters.COMMAND_PAUSE.mask());
            }
            bench.terminate(0);
            while (bench.state(0) != SgRegisters.STATE_IDLE) {
                bench.simulation.runUntil(bench.nowPicos() + 1);
            }
            assertThat(bench.underWay).isZero();
            byte[] at = bench.memory.clone();
            bench.simulation.run();
            assertThat(bench.memory).isEqualTo(at);
            assertThat(bench.isAsserted(0)).isTrue();
            assertThat(SgRegisters.EVENTS_TERMINATED.isSet(bench.read(0, SgRegisters.EVENTS)))
                    .isTrue();
            // What is done is done, and the others have touched nothing but their destinations.
            int done = bench.done(0);
            assertThat(SgRecord.DONE.of(bench.word(RECORD))).isEqualTo(done);
            byte[] expectedThen = states.get(done);
            for (Step step : steps.subList(done, steps.size())) {
                long end = step.destination() + (long) step.frames() * (step.length() + step.destinationGap());
                for (long i = step.destination(); i < end; i++) {
                    expectedThen[(int) i] = at[(int) i];
                }
            }
            assertThat(data(at)).isEqualTo(data(expectedThen));

            // The channel starts anew.
            List<Step> more = steps(choices, 5, profile.unitBytes());
            byte[] expected = at.clone();
            more.forEach(step -> SgOracle.apply(step, expected, profile.unitBytes()));
            long[] again = new long[more.size()];
            Arrays.setAll(again, i -> FIRST + 64L * i);
            SgOracle.store(bench, more, again, 0);
            bench.start(0, FIRST, RECORD, SgRegisters.CONFIG_UNCOUNTED.mask(), 0);
            bench.simulation.run();
            assertThat(bench.done(0)).isEqualTo(more.size());
            assertThat(data(bench.memory)).isEqualTo(data(expected));
            bench.replay();
        });
    }

    @Test
    void anErrorStopsAtItsDescriptorAndSaysWhy() {
        Property.check(300, choices -> {
            SgProfile profile = profile(choices);
            SgBench bench = bench(choices, profile);
            List<Step> steps = new ArrayList<>(steps(choices, 20, profile.unitBytes()));
            int bad = (int) choices.below(steps.size());
            int kind = (int) choices.below(6);
            long beyond = choices.pick(SgBench.NOWHERE, SgBench.POISONED);
            Step copy = new Step(
                    SgDescriptor.TYPE_COPY, SgDescriptor.STATUS_WANTED.mask(), DATA_BEGIN, DATA_BEGIN, 10, 1, 0, 0);
            // Before the failing one a fence, so that what is behind it has begun nothing that could be seen.
            steps.set(
                    bad,
                    new Step(
                            copy.type(),
                            copy.flags() | SgDescriptor.ORDERED.mask(),
                            kind == 0 ? beyond : copy.source(),
                            kind == 1 ? beyond : copy.destination(),
                            kind == 2 ? (1 << 20) + 1 : 10,
                            1,
                            0,
                            0));
            long[] places = places(choices, steps.size());
            SgOracle.store(bench, steps, places, 0);
            if (kind == 3) {
                bench.put(places[bad], 0x1234_0000L, 4);
            } else if (kind == 4 && bad > 0) {
                bench.put(places[bad - 1] + SgDescriptor.NEXT, places[bad] + 8, 8);
            } else if (kind == 5 && bad > 0) {
                bench.put(places[bad - 1] + SgDescriptor.NEXT, beyond, 8);
            }
            boolean isWhole = kind >= 4 && bad == 0;
            byte[] expected = bench.memory.clone();
            steps.subList(0, isWhole ? steps.size() : bad)
                    .forEach(step -> SgOracle.apply(step, expected, profile.unitBytes()));

            bench.start(0, places[0], RECORD, SgRegisters.CONFIG_INTERRUPT.mask(), steps.size());
            bench.simulation.run();

            int[] errors = {
                SgRegisters.ERROR_READ,
                SgRegisters.ERROR_WRITE,
                SgRegisters.ERROR_LENGTH,
                SgRegisters.ERROR_DESCRIPTOR,
                SgRegisters.ERROR_ALIGNMENT,
                SgRegisters.ERROR_FETCH
            };
            assertThat(data(bench.memory)).isEqualTo(data(expected));
            assertThat(bench.done(0)).isEqualTo(isWhole ? steps.size() : bad);
            assertThat(bench.error(0)).isEqualTo(isWhole ? SgRegisters.ERROR_NONE : errors[kind]);
            if (!isWhole) {
                assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_HALTED);
                long record = bench.word(RECORD);
                assertThat(SgRecord.ERROR.of(record)).isEqualTo(errors[kind]);
                assertThat(SgRecord.STATE.of(record)).isEqualTo(SgRegisters.STATE_HALTED);
                assertThat(SgRecord.DONE.of(record)).isEqualTo(bad);
                assertThat(bench.isAsserted(0)).isTrue();
            }
            if (kind < 2) {
                assertThat(bench.read(0, SgRegisters.FAULT_ADDRESS)).isEqualTo(beyond);
            }
            if (kind < 3) {
                long status = bench.word(places[bad] + SgDescriptor.STATUS);
                assertThat(SgDescriptor.STATUS_ERROR.of(status)).isEqualTo(errors[kind]);
            }
            bench.replay();
        });
    }

    @Test
    void thousandsOfDescriptorsInOneChain() {
        Property.check(4, choices -> {
            SgProfile profile = new SgProfile(1, 8, 64, 8, 1 << 20, 0);
            SgBench bench = bench(choices, profile);
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < PLACES; i++) {
                steps.add(SgOracle.random(choices, 64));
            }
            steps = SgOracle.defined(steps);
            long[] places = places(choices, steps.size());
            SgOracle.store(bench, steps, places, 0);
            byte[] expected = bench.memory.clone();
            steps.forEach(step -> SgOracle.apply(step, expected, 64));
            bench.start(0, places[0], RECORD, SgRegisters.CONFIG_UNCOUNTED.mask(), 0);
            bench.simulation.run();
            assertThat(bench.done(0)).isEqualTo(PLACES);
            assertThat(data(bench.memory)).isEqualTo(data(expected));
        });
    }
}
