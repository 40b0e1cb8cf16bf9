package flyby.sgdma;

import static flyby.sgdma.SgOracle.DATA_BEGIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.bus.Device;
import flyby.record.Recorder;
import flyby.record.RecordingHeader;
import flyby.sgdma.layout.SgDescriptor;
import flyby.sgdma.layout.SgRecord;
import flyby.sgdma.layout.SgRegisters;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the engine does with its registers, by hand.
final class SgDmaEngineTest {
    private static final long LATENCY = 1_000;
    private static final long RECORD = 16;
    private static final long CHAIN = 64;
    private static final int COPY = SgDescriptor.TYPE_COPY;
    private static final long INTERRUPT = SgRegisters.CONFIG_INTERRUPT.mask();
    private static final long UNCOUNTED = SgRegisters.CONFIG_UNCOUNTED.mask();

    private static SgBench bench(int channels, int window) {
        return new SgBench(new SgProfile(channels, window, 64, 8, 1 << 20, 0), () -> LATENCY);
    }

    @Test
    void theTablesStandAsSoftwareKnowsThem() {
        assertThat(SgRegisters.MAP.describe()).isEqualTo("""
                        Scatter-gather DMA engine
                        0x00 4 READ_ONLY  CAPABILITY
                              7:0  CHANNELS
                             15:8  WINDOW
                             23:16 PREFETCH
                        0x04 4 READ_ONLY  UNIT
                        0x08 4 READ_ONLY  LENGTH_MAX
                        0x0c 4 READ_WRITE ENGINE
                              0:0  RESET
                        """);
        assertThat(SgRegisters.CHANNEL.describe()).isEqualTo("""
                        Channel of a scatter-gather DMA engine
                        0x00 8 READ_WRITE CHAIN
                        0x08 8 READ_WRITE RECORD
                        0x10 4 READ_WRITE CONFIG
                              1:0  PRIORITY
                              4:4  UNCOUNTED
                              5:5  INTERRUPT
                              6:6  RELAXED
                        0x14 4 WRITE_ONLY COMMAND
                              0:0  START
                              1:1  PAUSE
                              2:2  RESUME
                              3:3  TERMINATE
                        0x18 4 READ_ONLY  STATUS
                              2:0  STATE
                             15:8  ERROR
                        0x1c 4 READ_WRITE COUNT
                        0x20 4 READ_WRITE KNOWN
                        0x24 4 READ_WRITE EVENTS
                              0:0  PAUSED
                              1:1  TERMINATED
                              2:2  HALTED
                        0x28 4 READ_ONLY  FETCHED
                        0x30 8 READ_ONLY  PROGRESS
                             31:0  DONE
                             63:32 WRITTEN
                        0x38 8 READ_ONLY  CURRENT
                        0x40 8 READ_ONLY  FAULT_ADDRESS
                        """);
    }

    @Test
    void saysWhatItIs() {
        SgBench bench = bench(3, 4);
        assertThat(bench.engine.readRegister(0, SgRegisters.CAPABILITY, 4)).isEqualTo(0x08_04_03);
        assertThat(bench.engine.readRegister(0, SgRegisters.UNIT, 4)).isEqualTo(64);
        assertThat(bench.engine.readRegister(0, SgRegisters.LENGTH_MAX, 4)).isEqualTo(1 << 20);
        assertThat(bench.engine.readRegister(0, SgRegisters.at(3, 0), 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(1, 0, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, -8, 4)).isEqualTo(Device.ABSENT);
        bench.engine.writeRegister(0, SgRegisters.at(3, SgRegisters.COMMAND), 4, 1);
        assertThat(bench.simulation.nowPicos()).isZero();
    }

    @Test
    void oneDescriptorTakesAFetchAReadAWriteAndARecord() {
        SgBench bench = bench(1, 4);
        bench.descriptor(CHAIN, COPY, SgDescriptor.INTERRUPT.mask(), DATA_BEGIN, DATA_BEGIN + 512, 64, 0);
        bench.memory[DATA_BEGIN] = 77;
        bench.start(0, CHAIN, RECORD, INTERRUPT, 1);
        bench.simulation.runUntil(4 * LATENCY - 1);
        assertThat(bench.isAsserted(0)).isFalse();
        bench.simulation.runUntil(4L * LATENCY);
        assertThat(bench.isAsserted(0)).isTrue();
        assertThat(bench.accesses).isEqualTo(4);
        assertThat(bench.memory[DATA_BEGIN + 512]).isEqualTo((byte) 77);
        assertThat(bench.word(RECORD)).isEqualTo(SgRecord.DONE.to(1) | SgRecord.STATE.to(SgRegisters.STATE_RUNNING));
        assertThat(bench.word(RECORD + SgRecord.LAST)).isEqualTo(CHAIN);
    }

    @Test
    void emptyDescriptorsAccessNothingButThemselves() {
        SgBench bench = bench(1, 4);
        for (int i = 0; i < 4; i++) {
            long next = i < 3 ? CHAIN + 64L * (i + 1) : 0;
            bench.descriptor(CHAIN + 64L * i, i, 0, SgBench.NOWHERE, SgBench.NOWHERE, 0, next);
        }
        bench.start(0, CHAIN, RECORD, UNCOUNTED, 0);
        bench.simulation.run();
        assertThat(bench.done(0)).isEqualTo(4);
        assertThat(bench.accesses).isEqualTo(4);
    }

    @Test
    void adjacentDescriptorsAreFetchedTogether() {
        SgBench bench = bench(1, 4);
        for (int i = 0; i < 9; i++) {
            bench.descriptor(CHAIN + 64L * i, SgDescriptor.TYPE_NULL, 0, 0, 0, 0, i < 8 ? CHAIN + 64L * (i + 1) : 0);
            bench.put(CHAIN + 64L * i + SgDescriptor.ADJACENT, Math.max(0, 7 - i), 4);
        }
        bench.start(0, CHAIN, RECORD, UNCOUNTED, 0);
        bench.simulation.run();
        assertThat(bench.done(0)).isEqualTo(9);
        assertThat(bench.read(0, SgRegisters.FETCHED)).isEqualTo(9);
        assertThat(bench.accesses).as("one, then eight").isEqualTo(2);
    }

    @Test
    void aChainThatEndedGoesOnWhereItIsLinked() {
        SgBench bench = bench(1, 4);
        bench.descriptor(CHAIN, COPY, 0, DATA_BEGIN, DATA_BEGIN + 512, 64, 0);
        bench.start(0, CHAIN, RECORD, 0, 1);
        bench.simulation.run();
        assertThat(bench.done(0)).isEqualTo(1);
        bench.descriptor(CHAIN + 640, COPY, 0, DATA_BEGIN, DATA_BEGIN + 1024, 64, 0);
        bench.put(CHAIN + SgDescriptor.NEXT, CHAIN + 640, 8);
        bench.write(0, SgRegisters.COUNT, 2);
        bench.simulation.run();
        assertThat(bench.done(0)).isEqualTo(2);
        // A count that the chain does not keep is an error.
        bench.write(0, SgRegisters.COUNT, 3);
        bench.simulation.run();
        assertThat(bench.error(0)).isEqualTo(SgRegisters.ERROR_CHAIN_END);
    }

    @Test
    void theInterruptStaysUntilAllIsKnown() {
        SgBench bench = bench(1, 4);
        for (int i = 0; i < 3; i++) {
            bench.descriptor(
                    CHAIN + 64L * i,
                    COPY,
                    SgDescriptor.INTERRUPT.mask(),
                    DATA_BEGIN,
                    DATA_BEGIN,
                    8,
                    CHAIN + 64L * (i + 1));
        }
        bench.start(0, CHAIN, RECORD, INTERRUPT, 1);
        bench.simulation.run();
        assertThat(bench.interrupts(0)).isEqualTo(1);
        bench.write(0, SgRegisters.COUNT, 3);
        bench.simulation.run();
        assertThat(bench.interrupts(0)).as("still the same").isEqualTo(1);
        bench.write(0, SgRegisters.KNOWN, 1);
        assertThat(bench.interrupts(0)).as("a new edge for the two others").isEqualTo(2);
        bench.write(0, SgRegisters.KNOWN, 3);
        assertThat(bench.isAsserted(0)).isFalse();
    }

    @Test
    void cyclicChainsGoRoundUntilTheyAreTerminated() {
        SgBench bench = bench(1, 4);
        bench.descriptor(CHAIN, COPY, SgDescriptor.INTERRUPT.mask(), DATA_BEGIN, DATA_BEGIN + 512, 64, CHAIN + 64);
        bench.descriptor(CHAIN + 64, COPY, 0, DATA_BEGIN + 64, DATA_BEGIN + 576, 64, CHAIN);
        bench.start(0, CHAIN, RECORD, INTERRUPT | UNCOUNTED, 0);
        for (int i = 1; i <= 50; i++) {
            bench.simulation.runUntil(i * 10L * LATENCY);
            bench.write(0, SgRegisters.KNOWN, bench.done(0));
        }
        int done = bench.done(0);
        assertThat(done).isGreaterThan(100);
        assertThat(bench.interrupts(0)).isEqualTo(50);
        bench.terminate(0);
        bench.simulation.run();
        assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_IDLE);
        assertThat(bench.done(0)).isBetween(done, done + 8);
    }

    /// Strict levels: whatever others have begun, a channel of the highest level waits for one unit of theirs.
    @Test
    void theHighestPriorityWaitsForOneUnitAtMost() {
        for (int window : new int[] {1, 2, 5, 8}) {
            SgBench bench = loaded(window, 0, 1, 2);
            bench.descriptor(CHAIN + 640, COPY, SgDescriptor.INTERRUPT.mask(), DATA_BEGIN, DATA_BEGIN + 512, 64, 0);
            long begin = bench.nowPicos();
            bench.start(3, CHAIN + 640, 0, INTERRUPT | SgRegisters.CONFIG_PRIORITY.to(3), 1);
            while (!bench.isAsserted(3)) {
                bench.simulation.runUntil(bench.nowPicos() + 100);
            }
            // The fetch, one unit of another channel (a read and a write), and its own.
            assertThat(bench.nowPicos() - begin).isLessThanOrEqualTo(LATENCY + 2 * LATENCY + 2 * LATENCY);
            assertThat(bench.underWayMax).isLessThanOrEqualTo(window + 4);
        }
    }

    @Test
    void theLowestWaitsForAllAndEqualsTakeTurns() {
        SgBench bench = loaded(2, 1, 1, 0);
        bench.simulation.runUntil(400L * LATENCY);
        assertThat(bench.written(0)).isGreaterThan(0);
        // Whose descriptor came first had the whole window to begin with.
        assertThat(Math.abs(bench.written(0) - bench.written(1))).isLessThanOrEqualTo(128);
        assertThat(bench.written(2)).isZero();
        // A pause of one gives the other all; then the lowest has its turn.
        bench.write(0, SgRegisters.COMMAND, SgRegisters.COMMAND_PAUSE.mask());
        bench.write(1, SgRegisters.COMMAND, SgRegisters.COMMAND_PAUSE.mask());
        bench.simulation.runUntil(500L * LATENCY);
        assertThat(bench.written(2)).isGreaterThan(0);
    }

    /// An engine with a long copy on a channel for each of `priorities`, well under way.
    private static SgBench loaded(int window, int... priorities) {
        SgBench bench = bench(4, window);
        for (int i = 0; i < priorities.length; i++) {
            bench.descriptor(CHAIN + 64L * i, COPY, 0, DATA_BEGIN, DATA_BEGIN + 40_000, 40_000, 0);
            bench.start(i, CHAIN + 64L * i, 0, SgRegisters.CONFIG_PRIORITY.to(priorities[i]), 1);
        }
        bench.simulation.runUntil(50L * LATENCY);
        return bench;
    }

    @Test
    void whatMakesNoSenseHalts() {
        SgBench bench = bench(2, 4);
        bench.start(0, CHAIN, 24, INTERRUPT, 1);
        bench.start(1, CHAIN + 8, RECORD, INTERRUPT, 1);
        bench.simulation.run();
        for (int channel = 0; channel < 2; channel++) {
            assertThat(bench.state(channel)).isEqualTo(SgRegisters.STATE_HALTED);
            assertThat(bench.error(channel)).isEqualTo(SgRegisters.ERROR_ALIGNMENT);
            assertThat(bench.isAsserted(channel)).isTrue();
            bench.terminate(channel);
            assertThat(bench.error(channel)).isEqualTo(channel == 0 ? 0 : bench.error(channel));
        }
        bench.simulation.run();
        assertThat(bench.state(1)).isEqualTo(SgRegisters.STATE_IDLE);
    }

    @Test
    void aRecordThatCannotBeWrittenHalts() {
        SgBench bench = bench(1, 4);
        bench.descriptor(CHAIN, COPY, SgDescriptor.RECORD.mask(), DATA_BEGIN, DATA_BEGIN + 512, 64, 0);
        bench.start(0, CHAIN, SgBench.NOWHERE, INTERRUPT, 1);
        bench.simulation.run();
        assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_HALTED);
        assertThat(bench.error(0)).isEqualTo(SgRegisters.ERROR_RECORD);
        assertThat(bench.read(0, SgRegisters.FAULT_ADDRESS)).isEqualTo(SgBench.NOWHERE);
        assertThat(bench.done(0)).isEqualTo(1);
    }

    @Test
    void registersStandStillWhileItRuns() {
        SgBench bench = loaded(2, 0);
        bench.write(0, SgRegisters.CHAIN, 0);
        bench.write(0, SgRegisters.RECORD, 32);
        bench.write(0, SgRegisters.CONFIG, UNCOUNTED | SgRegisters.CONFIG_PRIORITY.to(2));
        assertThat(bench.read(0, SgRegisters.CHAIN)).isEqualTo(CHAIN);
        assertThat(bench.read(0, SgRegisters.RECORD)).isZero();
        assertThat(bench.read(0, SgRegisters.CONFIG)).isEqualTo(2);
    }

    @Test
    void aResetForgetsAndWhatWasUnderWayIsNobodys() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            SgBench bench = new SgBench(new SgProfile(1, 4, 64, 4, 1 << 20, 0), () -> 1 + random.nextLong(2 * LATENCY));
            bench.descriptor(
                    CHAIN,
                    COPY,
                    SgDescriptor.STATUS_WANTED.mask() | SgDescriptor.INTERRUPT.mask(),
                    DATA_BEGIN,
                    DATA_BEGIN + 4_096,
                    500,
                    CHAIN);
            bench.start(0, CHAIN, RECORD, INTERRUPT | UNCOUNTED, 0);
            bench.simulation.runUntil(random.nextLong(30 * LATENCY));
            bench.engine.writeRegister(0, SgRegisters.ENGINE, 4, SgRegisters.ENGINE_RESET.mask());
            assertThat(bench.isAsserted(0)).isFalse();
            assertThat(bench.state(0)).isEqualTo(SgRegisters.STATE_IDLE);
            // At once a new job, beside the answers to the old one.
            new SplittableRandom(i).nextBytes(bench.memory);
            bench.descriptor(CHAIN + 64, COPY, 0, DATA_BEGIN, DATA_BEGIN + 20_000, 5_000, 0);
            bench.start(0, CHAIN + 64, RECORD + 16, INTERRUPT, 1);
            bench.simulation.run();
            assertThat(bench.done(0)).isEqualTo(1);
            assertThat(Arrays.copyOfRange(bench.memory, DATA_BEGIN + 20_000, DATA_BEGIN + 25_000))
                    .isEqualTo(Arrays.copyOfRange(bench.memory, DATA_BEGIN, DATA_BEGIN + 5_000));
        }
    }

    /// Nor does a recorder at its seam.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allocatesNothingOnTheWay(boolean isRecorded) {
        Recorder recorder = new Recorder((_, _, _) -> {}, new RecordingHeader("sg", "", ""));
        SgBench bench = new SgBench(
                new SgProfile(1, 4, 64, 8, 1 << 20, 0), () -> 0, maker -> isRecorded ? recorder.around(maker) : maker);
        for (int i = 0; i < 16; i++) {
            long flags = SgDescriptor.INTERRUPT.mask() | SgDescriptor.STATUS_WANTED.mask();
            bench.descriptor(
                    CHAIN + 64L * i, COPY, flags, DATA_BEGIN, DATA_BEGIN + 4_096, 1_000, CHAIN + 64L * ((i + 1) % 16));
        }
        bench.start(0, CHAIN, RECORD, INTERRUPT, 0);
        rounds(bench, 0, 2_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds(bench, 2_000, 4_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bench.done(0)).isEqualTo(4_000);
        assertThat(recorder.eventCount() > 100_000).isEqualTo(isRecorded);
        assertThat(allocated).as("bytes for 2,000 descriptors").isLessThan(10_000);
    }

    private static void rounds(SgBench bench, int from, int to) {
        for (int i = from; i < to; i++) {
            bench.write(0, SgRegisters.COUNT, i + 1);
            bench.write(0, SgRegisters.KNOWN, i + 1);
        }
    }
}
