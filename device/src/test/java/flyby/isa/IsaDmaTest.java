package flyby.isa;

import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;
import static flyby.isa.layout.IsaDmaPorts.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.isa.layout.IsaDmaPorts;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The PC's DMA on a bench. Times are worked by hand: CLK has 1,000 ps and falls at whole multiples of it.
final class IsaDmaTest {
    private static final long CLOCK = 1_000;
    private static final int SINGLE_WRITE = 0x44;
    private static final int BLOCK_WRITE = 0x84;
    private static final int DEMAND_WRITE = 0x04;

    private final MasterBench host = new MasterBench(Trace.off(), 0);

    /// Gives bytes that count up, and asks as long as there are some.
    private static final class Source implements DmaPeripheral {
        private int left;
        private int next;
        private boolean ended;
        private @Nullable DmaChannel channel;

        Source(int bytes) {
            left = bytes;
        }

        void start(DmaChannel dreq) {
            channel = dreq;
            dreq.request(left > 0);
        }

        @Override
        public int ready(Kind kind) {
            return left;
        }

        @Override
        public void give(byte[] data, int byteCount) {
            for (int i = 0; i < byteCount; i++) {
                data[i] = (byte) next++;
            }
            left -= byteCount;
            if (left == 0 && channel != null) {
                channel.request(false);
            }
        }

        @Override
        public void take(byte[] data, int byteCount) {}

        @Override
        public void terminalCount() {
            ended = true;
        }
    }

    private static void out(IsaDma dma, int port, int value) {
        int region = port >= SECOND ? IsaDma.PORTS_SECOND : port >= 0x80 ? IsaDma.PORTS_PAGES : IsaDma.PORTS_FIRST;
        dma.writeRegister(region, port & (region == IsaDma.PORTS_SECOND ? 0x1f : 0xf), 1, value);
    }

    private static void program(IsaDma dma, int channel, int mode, int page, int address, int count) {
        out(dma, IsaDmaPorts.port(channel, CLEAR_FLIP_FLOP), 0);
        out(dma, IsaDmaPorts.address(channel), address & 0xff);
        out(dma, IsaDmaPorts.address(channel), address >> 8);
        out(dma, IsaDmaPorts.count(channel), count & 0xff);
        out(dma, IsaDmaPorts.count(channel), count >> 8);
        out(dma, IsaDmaPorts.page(channel), page);
        out(dma, IsaDmaPorts.port(channel, MODE), mode | (channel & 3));
        out(dma, IsaDmaPorts.port(channel, SINGLE_MASK), channel & 3);
    }

    private IsaDma xt(int waitStates) {
        IsaDma dma = new IsaDma(host, new IsaDma.Parameters(false, CLOCK, waitStates, false, false));
        host.connect(dma);
        return dma;
    }

    private IsaDma at(boolean isIntegrated) {
        IsaDma dma = new IsaDma(host, new IsaDma.Parameters(true, CLOCK, 1, false, isIntegrated));
        host.connect(dma);
        out(dma, IsaDmaPorts.port(4, MODE), 0xc0);
        out(dma, IsaDmaPorts.port(4, SINGLE_MASK), 0);
        return dma;
    }

    @Test
    void anXtTakesFiveClocksAByteAndTheBusBetween() {
        IsaDma dma = xt(1);
        Source source = new Source(2);
        program(dma, 1, SINGLE_WRITE, 0x3, 0x1234, 1);
        source.start(dma.wire(1, source));
        host.simulation.run();
        // SI 0, S0 1, S1 2, S2 3, S3 4, SW 5, S4 6; SI 7, S0 8, ...
        assertThat(host.log)
                .containsExactly(
                        "500 HOLD true",
                        "4500 write 31234",
                        "6500 HOLD false",
                        "2000 to 7000",
                        "7500 HOLD true",
                        "11500 write 31235",
                        "13500 HOLD false",
                        "9000 to 14000");
        assertThat(source.ended).isTrue();
        assertThat(host.memory[0x31235]).isEqualTo((byte) 1);
    }

    @Test
    void aBlockNeverLeavesItsPage() {
        IsaDma dma = xt(0);
        Source source = new Source(4);
        program(dma, 1, BLOCK_WRITE, 0x2, 0xfffe, 3);
        source.start(dma.wire(1, source));
        host.simulation.run();
        assertThat(List.of(host.memory[0x2fffe], host.memory[0x2ffff], host.memory[0x20000], host.memory[0x20001]))
                .containsExactly((byte) 0, (byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void wordsGoToEvenAddressesOfA128KibPage() {
        IsaDma dma = at(false);
        Source source = new Source(4);
        program(dma, 5, BLOCK_WRITE, 0x13, 0x8001, 1);
        source.start(dma.wire(5, source));
        host.simulation.run();
        assertThat(host.log).contains("4500 write 130002", "8500 write 130004");
        assertThat(host.memory[0x130003]).isEqualTo((byte) 1);
    }

    @Test
    void theFirstControllerOfAnAtGoesThroughTheSecond() {
        IsaDma dma = at(false);
        Source source = new Source(1);
        program(dma, 1, SINGLE_WRITE, 0x12, 0, 0);
        source.start(dma.wire(1, source));
        host.simulation.run();
        // First: SI 0, S0 from 1. Second: SI 1, S0 2, SC 3 with DACK4: HLDA of the first, seen at 3500. S1 4.
        assertThat(host.log).containsExactly("1500 HOLD true", "6500 write 120000", "4000 to 9000", "9500 HOLD false");
    }

    @Test
    void aChipSetsArbiterSeesBoth() {
        IsaDma dma = at(true);
        Source bytes = new Source(1);
        Source words = new Source(2);
        program(dma, 1, SINGLE_WRITE, 0x12, 0, 0);
        program(dma, 6, SINGLE_WRITE, 0x14, 0, 0);
        bytes.start(dma.wire(1, bytes));
        words.start(dma.wire(6, words));
        host.simulation.run();
        assertThat(host.log).contains("4500 write 120000");
        assertThat(bytes.ended && words.ended).isTrue();
    }

    /// S1 2, S2 3, S3 4, S4 5: no strobes, and no wait state.
    @Test
    void aVerifyTransferIsACycleThatMovesNothing() {
        IsaDma dma = xt(1);
        Source source = new Source(1);
        program(dma, 1, 0x40, 0, 0, 0);
        source.start(dma.wire(1, source));
        host.simulation.run();
        assertThat(host.log).containsSubsequence("500 HOLD true", "5500 HOLD false", "2000 to 6000, empty");
    }

    @Test
    void aResetBreaksOffACycleAndGivesTheBusBack() {
        IsaDma dma = xt(0);
        Source source = new Source(100);
        program(dma, 1, BLOCK_WRITE, 0, 0, 99);
        source.start(dma.wire(1, source));
        host.simulation.runUntil(4_700);
        dma.reset();
        host.simulation.run();
        assertThat(host.log).containsExactly("500 HOLD true", "4500 write 0", "4700 HOLD false", "2000 to 4700");
        assertThat(dma.explain()).contains("the chip is idle (SI): no channel asks for service");
    }

    @Test
    void itExplainsBothControllers() {
        assertThat(at(false).explain())
                .contains(
                        "first controller: channel 2 is masked",
                        "second controller: channel 0 is in cascade mode: it passes on HRQ and HLDA and moves nothing"
                                + " itself");
    }

    /// Where nobody watches the pins, the clock skips through transfers; what happens, and when, must not differ.
    @Test
    void skippingChangesNothing() {
        Property.check(300, choices -> {
            Setting setting = Setting.chosen(choices);
            assertThat(setting.run(Trace.off())).isEqualTo(setting.run(Trace.to(List.of(new Watcher()))));
        });
    }

    private static final class Watcher implements TraceSink {
        @Override
        public boolean wantsSignals() {
            return true;
        }
    }

    /// What a channel has to do.
    private record Job(int channel, int mode, int count, int supply) {}

    /// One or two channels with work, something else that happens in the machine, and a bus that is granted sooner
    /// or later.
    private record Setting(
            boolean isAt, int waitStates, long grantPicos, int command, List<Job> jobs, long otherPicos) {
        static Setting chosen(Choices choices) {
            boolean isAt = choices.chance(1, 2);
            List<Job> jobs = new ArrayList<>();
            int count = 1 + (int) choices.below(2);
            for (int i = 0; i < count; i++) {
                int mode = choices.pick(SINGLE_WRITE, BLOCK_WRITE, DEMAND_WRITE, BLOCK_WRITE | 0x10, 0x80)
                        | (int) (choices.below(2) << 5);
                jobs.add(new Job(
                        isAt && choices.chance(1, 2) ? 5 + i : 1 + i,
                        mode,
                        (int) choices.below(400),
                        2 * (int) choices.below(300)));
            }
            return new Setting(
                    isAt,
                    (int) choices.below(3),
                    choices.below(5_000),
                    choices.pick(0, 0x08, 0x10, 0x20, 0x38),
                    jobs,
                    100 + choices.below(20_000));
        }

        List<String> run(Trace trace) {
            MasterBench host = new MasterBench(trace, grantPicos);
            IsaDma dma = new IsaDma(host, new IsaDma.Parameters(isAt, CLOCK, waitStates, false, false));
            host.connect(dma);
            out(dma, IsaDmaPorts.port(0, COMMAND), command);
            if (isAt) {
                out(dma, IsaDmaPorts.port(4, COMMAND), command);
                out(dma, IsaDmaPorts.port(4, MODE), 0xc0);
                out(dma, IsaDmaPorts.port(4, SINGLE_MASK), 0);
            }
            for (Job job : jobs) {
                Source source = new Source(job.supply);
                program(dma, job.channel, job.mode, job.channel, 0x1f0 * job.channel, job.count);
                source.start(dma.wire(job.channel, source));
            }
            Alarm[] other = new Alarm[1];
            other[0] = host.alarm("other", () -> {
                host.log.add(host.nowPicos() + " other");
                other[0].in(otherPicos);
            });
            other[0].in(otherPicos);
            host.simulation.runUntil(3_000 * CLOCK);
            host.log.addAll(dma.explain());
            return host.log;
        }
    }
}
