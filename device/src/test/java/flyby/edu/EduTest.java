package flyby.edu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.workbench.MemoryHost;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The teaching device as tutorials use it. Offsets and values are typed in from QEMU's docs/specs/edu.
final class EduTest {
    private static final long NANO = 1_000;
    private static final long MASK = 0xfff_ffff;

    private final MemoryHost host = new MemoryHost(1 << 16, () -> 200);
    private final Edu edu = new Edu(host, "edu", new Edu.Profile(NANO, 50 * NANO, MASK));

    private void write(int offset, long value) {
        edu.writeRegister(0, offset, offset < 0x80 ? 4 : 8, value);
    }

    private long read(int offset) {
        return edu.readRegister(0, offset, offset < 0x80 ? 4 : 8);
    }

    private void dma(long source, long destination, long count, long command) {
        write(0x80, source);
        write(0x88, destination);
        write(0x90, count);
        write(0x98, command);
    }

    @Test
    void saysWhoItIsAndThatItLives() {
        assertThat(read(0x00)).isEqualTo(0x010000ed);
        write(0x04, 0x1234_5678);
        assertThat(read(0x04)).isEqualTo(0xedcb_a987L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 5, 12, 13, 20, 33, 34, 40, 1000})
    void computesFactorials(long number) {
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= number; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        write(0x08, number);
        assertThat(read(0x20)).isEqualTo(1);
        write(0x08, 3);
        host.simulation().run();
        assertThat(read(0x20)).isZero();
        assertThat(read(0x08)).isEqualTo(product.longValue() & 0xffff_ffffL);
        assertThat(host.simulation().nowPicos()).as("a nanosecond each").isEqualTo(number * NANO);
        assertThat(host.edges(0)).isZero();
    }

    @Test
    void theLargestNumberTakesItsTimeAndNoMore() {
        write(0x08, 0xffff_ffffL);
        host.simulation().run();
        assertThat(read(0x08)).isZero();
        assertThat(host.simulation().nowPicos()).isEqualTo(4_294_967_295L * NANO);
    }

    @Test
    void interruptsWhenTheFactorialIsThere() {
        write(0x20, 0x80);
        write(0x08, 5);
        assertThat(read(0x20)).isEqualTo(0x81);
        host.simulation().run();
        assertThat(host.isAsserted(0)).isTrue();
        assertThat(read(0x24)).isEqualTo(1);
        write(0x64, 1);
        assertThat(host.isAsserted(0)).isFalse();
        assertThat(read(0x24)).isZero();
    }

    @Test
    void eachRaiseIsAMessage() {
        write(0x60, 0x30);
        write(0x60, 0x04);
        assertThat(read(0x24)).isEqualTo(0x34);
        assertThat(host.edges(0)).isEqualTo(2);
        write(0x64, 0x30);
        assertThat(host.isAsserted(0)).as("0x04 is left").isTrue();
        write(0x64, 0xffff_ffffL);
        assertThat(host.isAsserted(0)).isFalse();
    }

    @Test
    void doesTheExampleOfItsSpecification() {
        new SplittableRandom(1).nextBytes(host.memory());
        byte[] block = Arrays.copyOfRange(host.memory(), 0x1000, 0x1000 + 100);
        dma(0x1000, 0x40000, 100, 1);
        assertThat(read(0x98)).isEqualTo(1);
        host.simulation().run();
        assertThat(read(0x98)).isZero();
        dma(0x40000, 0x1000 + 100, 100, 3);
        host.simulation().run();
        assertThat(Arrays.copyOfRange(host.memory(), 0x1000 + 100, 0x1000 + 200))
                .isEqualTo(block);
        assertThat(host.simulation().nowPicos()).isEqualTo(2 * (50 * NANO + 200));
        assertThat(host.edges(0)).isZero();
    }

    @Test
    void dmaInterrupts() {
        dma(0x1000, 0x40000, 4096, 5);
        host.simulation().run();
        assertThat(host.isAsserted(0)).isTrue();
        assertThat(read(0x24)).isEqualTo(0x100);
        assertThat(read(0x98)).isEqualTo(4);
    }

    @Test
    void itsRegistersStandStillWhileDmaRuns() {
        dma(0x1000, 0x40000, 16, 1);
        dma(0, 0, 0, 7);
        assertThat(read(0x80)).isEqualTo(0x1000);
        assertThat(read(0x88)).isEqualTo(0x40000);
        assertThat(read(0x90)).isEqualTo(16);
        assertThat(read(0x98)).isEqualTo(1);
        host.simulation().run();
        write(0x98, 2);
        assertThat(read(0x98)).as("a command without RUN").isZero();
    }

    @Test
    void addressesHaveTwentyEightBits() {
        Arrays.fill(host.memory(), 0x2000, 0x2010, (byte) 7);
        dma(0xab_0000_2000L, 0x40010, 16, 1);
        host.simulation().run();
        dma(0x40010, 0x70_0000_3000L, 16, 3);
        host.simulation().run();
        assertThat(Arrays.copyOfRange(host.memory(), 0x3000, 0x3010)).containsOnly(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x3ffff, 0x40001, 0x41000, 0x41001, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void outsideTheBufferNothingMoves(long place) {
        dma(0x1000, place, 4096, 5);
        host.simulation().run();
        assertThat(host.accesses()).isZero();
        assertThat(read(0x98)).as("over, and told").isEqualTo(4);
        assertThat(read(0x24)).isEqualTo(0x100);
    }

    @Test
    void whatNobodyAnswersLeavesTheBufferAlone() {
        Arrays.fill(host.memory(), 0x1000, 0x1010, (byte) 9);
        dma(0x1000, 0x40000, 16, 1);
        host.simulation().run();
        dma(0x100_0000, 0x40000, 16, 5);
        host.simulation().run();
        assertThat(read(0x24)).isEqualTo(0x100);
        dma(0x40000, 0x2000, 16, 3);
        host.simulation().run();
        assertThat(Arrays.copyOfRange(host.memory(), 0x2000, 0x2010)).containsOnly(9);
    }

    @Test
    void resetForgetsWhatIsInFlight() {
        Arrays.fill(host.memory(), 0x1000, 0x1010, (byte) 9);
        dma(0x1000, 0x40000, 16, 5);
        write(0x20, 0x80);
        write(0x08, 5);
        host.simulation().runUntil(50 * NANO + 100);
        assertThat(host.underWay()).isEqualTo(1);
        edu.reset();
        assertThat(read(0x98)).isZero();
        dma(0x40000, 0x2000, 16, 3);
        host.simulation().run();
        assertThat(host.edges(0)).as("the factorial's, before").isEqualTo(1);
        assertThat(Arrays.copyOfRange(host.memory(), 0x2000, 0x2010)).containsOnly(0);
    }

    @Test
    void accessesHaveTheSizesOfTheSpecification() {
        for (int size : new int[] {1, 2, 8}) {
            assertThat(edu.readRegister(0, 0x00, size)).isEqualTo(Device.ABSENT);
            edu.writeRegister(0, 0x04, size, 1);
        }
        assertThat(read(0x04)).isZero();
        edu.writeRegister(0, 0x80, 8, -1);
        edu.writeRegister(0, 0x80, 4, 0xffff_ffff_0000_1234L);
        assertThat(read(0x80)).isEqualTo(0x1234);
        assertThat(edu.readRegister(0, 0x84, 4)).isEqualTo(Device.ABSENT);
        assertThat(edu.readRegister(0, 0x60, 4)).isEqualTo(Device.ABSENT);
        assertThat(edu.readRegister(0, 0x40000, 4)).as("the buffer").isEqualTo(Device.ABSENT);
        assertThat(edu.readRegister(1, 0, 4)).isEqualTo(Device.ABSENT);
        assertThat(edu.readRegister(0, -4, 4)).isEqualTo(Device.ABSENT);
    }

    @Test
    void dmaDoesWhatAnArrayDoes() {
        Property.check(300, choices -> {
            boolean isQuick = choices.chance(1, 2);
            MemoryHost memory = new MemoryHost(1 << 14, () -> isQuick ? 0 : 70);
            new SplittableRandom(choices.below(1000)).nextBytes(memory.memory());
            Edu device = new Edu(memory, "edu", new Edu.Profile(0, choices.pick(0L, 10L), MASK));
            byte[] expected = memory.memory().clone();
            byte[] buffer = new byte[4096];
            for (int i = 0; i < 8; i++) {
                int count = (int) choices.below(4097);
                int place = (int) choices.below(4097 - count);
                int address = (int) choices.below((1 << 14) - count);
                boolean isToMemory = choices.chance(1, 2);
                device.writeRegister(0, isToMemory ? 0x80 : 0x88, 8, 0x40000 + place);
                device.writeRegister(0, isToMemory ? 0x88 : 0x80, 8, address);
                device.writeRegister(0, 0x90, 4, count);
                device.writeRegister(0, 0x98, 4, isToMemory ? 3 : 1);
                if (isToMemory) {
                    System.arraycopy(buffer, place, expected, address, count);
                } else {
                    System.arraycopy(expected, address, buffer, place, count);
                }
                memory.simulation().run();
            }
            assertThat(memory.memory()).isEqualTo(expected);
        });
    }

    @Test
    void anyWritesAreSurvived() {
        Property.check(300, EduTest::batter);
    }

    private static void batter(Choices choices) {
        MemoryHost memory = new MemoryHost(1 << 13, () -> choices.chance(1, 2) ? 0 : 1 + choices.below(100));
        Edu device = new Edu(memory, "edu", new Edu.Profile(1, 100, MASK));
        for (int i = 0; i < 60; i++) {
            long offset =
                    choices.pick(0x04L, 0x08L, 0x20L, 0x60L, 0x64L, 0x80L, 0x88L, 0x90L, 0x98L, choices.below(256));
            int byteCount = choices.pick(8, 4, 2, 1);
            long value = choices.pick(
                    0L, 1L, 3L, 5L, 7L, 0x40000L, 0x40ff0L, 4096L, -1L, Long.MIN_VALUE, choices.below(Long.MAX_VALUE));
            device.writeRegister((int) choices.below(2), offset, byteCount, value);
            device.readRegister((int) choices.below(2), choices.below(256), byteCount);
            memory.simulation().runUntil(memory.nowPicos() + choices.below(300));
            if (choices.chance(1, 20)) {
                device.reset();
            }
        }
        memory.simulation().run();
        assertThat(device.readRegister(0, 0x98, 8) & 1).isZero();
        assertThat(device.readRegister(0, 0x20, 4) & 1).isZero();
    }
}
