package flyby.ioat;

import static flyby.ioat.IoatBench.COMPL_WRITE;
import static flyby.ioat.IoatBench.DATA;
import static flyby.ioat.IoatBench.DONE;
import static flyby.ioat.IoatBench.FENCE;
import static flyby.ioat.IoatBench.INT_EN;
import static flyby.ioat.IoatBench.NULL;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.transfer.Copier;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random chains on several channels against an array of bytes, and random software against the engine.
final class IoatChainsTest {
    private static final int CHANNEL_DATA = (IoatBench.BYTES - DATA) / 4;

    private static IoatBench bench(Choices choices, int entries) {
        SplittableRandom random = new SplittableRandom(choices.below(1000));
        long most = choices.pick(1L, 0L, 500L);
        Copier.Shape shape = new Copier.Shape((int) choices.between(1, 8), choices.pick(64, 7, 512));
        IoatBench bench = new IoatBench(
                (int) choices.between(1, 4), entries, shape, () -> most == 0 ? 0 : random.nextLong(most) + 1);
        random.nextBytes(bench.host.memory());
        Arrays.fill(bench.host.memory(), 0, DATA, (byte) 0);
        return bench;
    }

    @Test
    void everyChainDoesWhatAnArrayDoes() {
        Property.check(300, choices -> {
            int entries = (int) choices.between(2, 20);
            IoatBench bench = bench(choices, entries);
            for (IoatBench.Channel channel : bench.channels) {
                channel.allocate();
            }
            byte[] expected = bench.host.memory().clone();
            for (int i = 0; i < 4 * entries; i++) {
                IoatBench.Channel channel = bench.channels[(int) choices.below(bench.channels.length)];
                if (channel.head % entries == entries - 1) {
                    // The ring is full as soon as the one before the oldest was filled.
                    channel.issue();
                    bench.run();
                }
                submit(choices, channel, expected);
                if (choices.chance(1, 2)) {
                    channel.issue();
                }
                if (choices.chance(1, 5)) {
                    channel.rearm();
                }
                if (choices.chance(1, 10)) {
                    channel.write(0x04, 1, 4);
                }
                if (choices.chance(1, 3)) {
                    bench.host.simulation().runUntil(bench.host.nowPicos() + choices.below(2_000));
                }
            }
            for (IoatBench.Channel channel : bench.channels) {
                channel.issue();
                bench.run();
                channel.submit(0, 0, 1, NULL | INT_EN | COMPL_WRITE);
                channel.issue();
            }
            bench.run();
            assertThat(Arrays.mismatch(bench.host.memory(), DATA, IoatBench.BYTES, expected, DATA, IoatBench.BYTES))
                    .isEqualTo(-1);
            for (IoatBench.Channel channel : bench.channels) {
                assertThat(channel.error()).isZero();
                assertThat(channel.completion()).isEqualTo(channel.place(channel.head - 1) | DONE);
                assertThat(channel.status()).isEqualTo(channel.completion());
                assertThat(bench.host.isAsserted(channel.index)).isTrue();
            }
        });
    }

    /// Each channel has its own part of memory, as they work in no order.
    private static void submit(Choices choices, IoatBench.Channel channel, byte[] expected) {
        int begin = DATA + channel.index * CHANNEL_DATA;
        int count = (int) choices.between(1, choices.pick(2_000, 1, 70));
        int source = begin + (int) choices.below(CHANNEL_DATA / 2 - count);
        int destination = begin + CHANNEL_DATA / 2 + (int) choices.below(CHANNEL_DATA / 2 - count);
        int control = choices.pick(0, INT_EN, FENCE, INT_EN | FENCE, NULL | INT_EN) | choices.pick(0, COMPL_WRITE);
        if (choices.chance(1, 2)) {
            int swap = source;
            source = destination;
            destination = swap;
        }
        channel.submit(source, destination, count, control);
        if ((control & NULL) == 0) {
            System.arraycopy(expected, source, expected, destination, count);
        }
    }

    @Test
    void aRingOfOneAndTheLargestCountEnd() {
        IoatBench bench = new IoatBench(1, 1, new Copier.Shape(4, 512), () -> 0);
        IoatBench.Channel channel = bench.channels[0];
        channel.allocate();
        channel.write(0x06, 2, 0);
        assertThat(bench.host.accesses())
                .as("65,535 more were given; this event did some")
                .isLessThan(2_000);
        bench.run();
        assertThat(channel.state()).isEqualTo(DONE);
        assertThat(bench.host.accesses()).as("each is read and completed").isEqualTo(2 * 65_536);
    }

    @Test
    void anySoftwareIsSurvived() {
        Property.check(300, choices -> {
            IoatBench bench = bench(choices, (int) choices.between(1, 9));
            for (int i = 0; i < 80; i++) {
                batter(choices, bench);
            }
            bench.engine.reset();
            bench.run();
            bench.engine.writeRegister(0, 0x03, 1, 0x09);
            for (IoatBench.Channel channel : bench.channels) {
                channel.allocate();
                bench.run();
                assertThat(channel.status()).isEqualTo(channel.place(0) | DONE);
                assertThat(bench.host.isAsserted(channel.index)).isTrue();
            }
            assertThat(bench.host.underWay()).isZero();
        });
    }

    private static void batter(Choices choices, IoatBench bench) {
        IoatBench.Channel channel = bench.channels[(int) choices.below(bench.channels.length)];
        int byteCount = choices.pick(4, 2, 1, 8);
        long value =
                choices.pick(0L, 1L, 3L, 4L, 0x20L, 0x1dL, (long) channel.place(0), -1L, choices.below(Long.MAX_VALUE));
        long register = choices.pick(0x00L, 0x04L, 0x06L, 0x10L, 0x14L, 0x18L, 0x1cL, 0x28L, choices.below(0x80));
        long offset = choices.chance(1, 5) ? choices.below(0x80) : channel.base + register;
        bench.engine.writeRegister((int) choices.below(12) / 11, offset, byteCount, value);
        bench.engine.readRegister(0, choices.below(0x300), byteCount);
        if (choices.chance(1, 3)) {
            channel.put(channel.place((int) choices.below(4)) + 8 * choices.below(4), value, 8);
        }
        if (choices.chance(1, 6)) {
            channel.chain(channel.place(0));
            channel.write(0x06, 2, choices.below(0x10000));
        }
        bench.host.simulation().runUntil(bench.host.nowPicos() + choices.below(500));
    }
}
