package flyby.ioat;

import static flyby.ioat.IoatBench.ACTIVE;
import static flyby.ioat.IoatBench.COMPL_WRITE;
import static flyby.ioat.IoatBench.DATA;
import static flyby.ioat.IoatBench.DONE;
import static flyby.ioat.IoatBench.HALTED;
import static flyby.ioat.IoatBench.INT_EN;
import static flyby.ioat.IoatBench.NULL;
import static flyby.ioat.IoatBench.RUN;
import static flyby.ioat.IoatBench.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.transfer.Copier;
import flyby.workbench.MemoryHost;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The engine as Linux's driver uses it: what its probe, its self-test and its error handling need.
final class IoatEngineTest {
    private static final long LATENCY = 1_000;
    private static final Copier.Shape SHAPE = new Copier.Shape(4, 512);

    private final IoatBench bench = new IoatBench(2, 8, SHAPE, () -> LATENCY);
    private final IoatBench.Channel channel = bench.channels[0];

    private void allocated() {
        channel.allocate();
        bench.run();
        channel.rearm();
    }

    @Test
    void saysWhatItIs() {
        assertThat(bench.read(0x00, 1)).isEqualTo(2);
        assertThat(bench.read(0x01, 1)).isEqualTo(12);
        assertThat(bench.read(0x08, 1)).isEqualTo(0x32);
        assertThat(bench.read(0x10, 4)).as("no XOR, no PQ").isZero();
        assertThat(bench.read(0x14, 2)).as("no DCA").isZero();
        assertThat(bench.read(0x08, 8)).isEqualTo(0x32);
    }

    @Test
    void channelsAreHaltedAndCanBeReset() {
        assertThat(channel.state()).isEqualTo(HALTED);
        channel.write(0x28, 4, channel.error());
        channel.write(0x04, 1, 0x20);
        assertThat(channel.read(0x04, 1)).isZero();
        assertThat(channel.state()).isEqualTo(HALTED);
    }

    @Test
    void startsWithANullDescriptor() {
        channel.allocate();
        assertThat(channel.state()).isEqualTo(ACTIVE);
        bench.run();
        assertThat(channel.status()).isEqualTo(channel.place(0) | DONE);
        assertThat(channel.completion()).isEqualTo(channel.place(0) | DONE);
        assertThat(bench.host.edges(0)).isEqualTo(1);
        assertThat(bench.host.edges(1)).isZero();
        assertThat(channel.read(0x00, 2)).as("INTP_DIS").isEqualTo(RUN);
        channel.rearm();
        assertThat(channel.read(0x00, 2)).isEqualTo(RUN - 1);
        assertThat(bench.host.isAsserted(0)).isFalse();
    }

    @Test
    void passesTheSelfTestOfTheDriver() {
        allocated();
        for (int i = 0; i < 2000; i++) {
            bench.host.memory()[DATA + i] = (byte) i;
        }
        channel.submit(DATA, DATA + 0x1000, 2000, INT_EN | COMPL_WRITE);
        channel.issue();
        bench.run();
        assertThat(bench.host.edges(0)).isEqualTo(2);
        assertThat(channel.completion()).isEqualTo(channel.place(1) | DONE);
        assertThat(Arrays.copyOfRange(bench.host.memory(), DATA + 0x1000, DATA + 0x1000 + 2000))
                .isEqualTo(Arrays.copyOfRange(bench.host.memory(), DATA, DATA + 2000));
        assertThat(bench.host.underWayMax()).isEqualTo(4);
    }

    @Test
    void aLaterInterruptWaitsUntilRearmed() {
        allocated();
        channel.submit(DATA, DATA + 0x1000, 10, INT_EN | COMPL_WRITE);
        channel.submit(DATA, DATA + 0x1000, 10, INT_EN | COMPL_WRITE);
        channel.issue();
        bench.run();
        assertThat(bench.host.edges(0)).isEqualTo(2);
        channel.rearm();
        assertThat(bench.host.edges(0)).isEqualTo(3);
        channel.rearm();
        assertThat(bench.host.edges(0)).isEqualTo(3);
    }

    @Test
    void oneVectorServesAllChannels() {
        bench.engine.writeRegister(0, 0x03, 1, 0x01);
        bench.channels[1].allocate();
        bench.run();
        assertThat(bench.host.isAsserted(0)).isTrue();
        assertThat(bench.host.isAsserted(1)).isFalse();
        assertThat(bench.read(0x03, 1)).isEqualTo(7);
        assertThat(bench.read(0x04, 4)).isEqualTo(2);
        assertThat(bench.read(0x03, 1)).isEqualTo(1);
        assertThat(bench.host.isAsserted(0)).isFalse();
    }

    @Test
    void withoutTheMasterBitThereIsNoInterrupt() {
        bench.engine.writeRegister(0, 0x03, 1, 0);
        allocated();
        assertThat(bench.host.edges(0)).isZero();
    }

    @Test
    void suspendFinishesTheOneAtHand() {
        allocated();
        channel.submit(DATA, DATA + 0x1000, 4096, COMPL_WRITE);
        channel.submit(DATA, DATA + 0x2000, 4096, COMPL_WRITE);
        channel.issue();
        bench.host.simulation().runUntil(bench.host.nowPicos() + 2 * LATENCY);
        channel.write(0x04, 1, 4);
        assertThat(channel.state()).isEqualTo(ACTIVE);
        bench.run();
        assertThat(channel.status()).isEqualTo(channel.place(1) | SUSPENDED);
        channel.write(0x06, 2, 3);
        bench.run();
        assertThat(channel.status()).isEqualTo(channel.place(2) | DONE);
        channel.write(0x04, 1, 4);
        assertThat(channel.state()).isEqualTo(SUSPENDED);
    }

    @Test
    void aReadThatFailsHaltsAndTheDriverStartsAnew() {
        allocated();
        int good = channel.submit(DATA, DATA + 0x1000, 10, COMPL_WRITE);
        channel.submit(MemoryHost.NOWHERE, DATA, 10, INT_EN | COMPL_WRITE);
        channel.submit(DATA, DATA + 0x2000, 10, COMPL_WRITE);
        channel.issue();
        bench.run();
        assertThat(channel.error()).isEqualTo(0x100);
        assertThat(channel.status()).isEqualTo(channel.place(good) | HALTED);
        assertThat(channel.completion()).isEqualTo(channel.place(good) | HALTED);
        assertThat(bench.host.edges(0)).as("ERR_INT_EN").isEqualTo(2);
        channel.write(0x06, 2, 9);
        bench.run();
        assertThat(channel.state()).as("the error is there still").isEqualTo(HALTED);

        channel.write(0x28, 4, 0x100);
        channel.write(0x04, 1, 0x20);
        assertThat(channel.error()).isZero();
        assertThat(channel.status()).isEqualTo(HALTED);
        channel.allocate();
        bench.run();
        assertThat(channel.status()).isEqualTo(channel.place(0) | DONE);
        assertThat(bench.host.edges(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        // size, control, source, destination: what CHANERR says
        "10, 0, 0x10000000000, 0x8000, 0x100",
        "10, 0, 0x8000, 0x10000000000, 0x200",
        "10, 0, 0x20000000000, 0x8000, 0x40",
        "0, 0, 0x8000, 0x9000, 0x800",
        "0, 0x20, 0x8000, 0x9000, 0x800",
        "4097, 0, 0x8000, 0x9000, 0x800",
        "10, 0x01000000, 0x8000, 0x9000, 0x400",
        "10, 0x87000000, 0x8000, 0x9000, 0x400",
    })
    void errorsAreToldApart(String size, String control, String source, String destination, String error) {
        allocated();
        channel.submit(
                Long.decode(source), Long.decode(destination), Long.decode(size), (int) (long) Long.decode(control));
        channel.issue();
        bench.run();
        assertThat(channel.error()).isEqualTo(Long.decode(error));
        assertThat(channel.status()).isEqualTo(channel.place(0) | HALTED);
    }

    @ParameterizedTest
    @CsvSource({"0x1020, 0x8", "0x10000000000, 0x10", "0x20000, 0x10"})
    void chainsThatLeadNowhere(String address, String error) {
        channel.write(0x00, 2, RUN);
        channel.write(0x18, 4, channel.completionAt());
        channel.chain(Long.decode(address));
        channel.write(0x06, 2, 1);
        bench.run();
        assertThat(channel.error()).isEqualTo(Long.decode(error));
        assertThat(channel.completion()).isEqualTo(HALTED);
        assertThat(bench.host.isAsserted(0)).isTrue();
    }

    @Test
    void withoutAChainThereIsNothingToCount() {
        channel.write(0x06, 2, 1);
        assertThat(channel.error()).isEqualTo(0x10);
    }

    @Test
    void aNextDescriptorThatCannotBeRead() {
        allocated();
        channel.put(channel.place(1) + 0x18, MemoryHost.NOWHERE, 8);
        channel.submit(DATA, DATA + 0x1000, 10, COMPL_WRITE);
        channel.submit(DATA, DATA + 0x1000, 10, COMPL_WRITE);
        channel.issue();
        bench.run();
        assertThat(channel.error()).isEqualTo(4);
        assertThat(channel.read(0x20, 8)).isEqualTo(MemoryHost.NOWHERE);
    }

    @Test
    void aCompletionThatCannotBeWritten() {
        channel.write(0x00, 2, RUN);
        channel.write(0x1c, 4, 0x100);
        channel.startNull();
        bench.run();
        assertThat(channel.error()).isEqualTo(0x1000);
        assertThat(channel.state()).isEqualTo(HALTED);
        assertThat(bench.host.isAsserted(0)).isTrue();
    }

    @Test
    void maskedErrorsDoNotInterrupt() {
        channel.write(0x00, 2, RUN);
        channel.write(0x2c, 4, 0x10);
        channel.chain(MemoryHost.NOWHERE);
        channel.write(0x06, 2, 1);
        bench.run();
        assertThat(channel.error()).isEqualTo(0x10);
        assertThat(bench.host.edges(0)).isZero();
    }

    @Test
    void theFirstReaderHasTheChannel() {
        assertThat(channel.read(0x00, 2) & 0x100).isZero();
        assertThat(channel.read(0x00, 2) & 0x100).isEqualTo(0x100);
        channel.write(0x00, 2, 0);
        assertThat(channel.read(0x00, 2) & 0x100).isZero();
    }

    @Test
    void registersOutsideAreAbsent() {
        assertThat(bench.engine.readRegister(0, 0x180, 4)).as("a third channel").isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, 0x44, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, 0x82 + 0x40, 2)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, 0x3, 2)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(1, 0, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, -8, 8)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, Long.MAX_VALUE - 7, 8)).isEqualTo(Device.ABSENT);
        bench.engine.writeRegister(0, Long.MAX_VALUE - 7, 8, 1);
    }

    /// Whatever is on its way, a reset by command waits for it, and one of the device drops it.
    @Test
    void resetsInFlight() {
        new SplittableRandom(3).nextBytes(bench.host.memory());
        for (int i = 0; i < 40; i++) {
            IoatBench each = new IoatBench(1, 8, SHAPE, () -> LATENCY);
            IoatBench.Channel one = each.channels[0];
            one.allocate();
            one.submit(DATA, DATA + 0x1000, 1500, INT_EN | COMPL_WRITE);
            one.submit(DATA, DATA, 1, NULL | INT_EN | COMPL_WRITE);
            one.issue();
            each.host.simulation().runUntil(i * LATENCY / 4);
            boolean isCommand = i % 2 == 0;
            if (isCommand) {
                one.write(0x04, 1, 0x20);
                boolean isWaiting = one.read(0x04, 1) != 0;
                assertThat(isWaiting).isEqualTo(each.host.underWay() > 0);
                each.run();
            } else {
                each.engine.reset();
                each.engine.writeRegister(0, 0x03, 1, 0x09);
            }
            assertThat(one.status()).isEqualTo(HALTED);
            each.run();
            int edges = each.host.edges(0);
            one.allocate();
            each.run();
            assertThat(one.status()).isEqualTo(one.place(0) | DONE);
            assertThat(each.host.edges(0)).isEqualTo(edges + 1);
        }
    }
}
