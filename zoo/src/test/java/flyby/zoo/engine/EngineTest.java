package flyby.zoo.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The engine as a driver meets it. Offsets and bits are typed in, not taken from [EngineRegisters].
final class EngineTest {
    private static final long MICRO = 1_000_000;
    private static final long RUN = 1;
    private static final long RESET = 2;
    private static final long INTERRUPTS = 4;
    private static final long POLL = 8;
    private static final long QUEUE = 16;
    private static final long OWN = 0x8000_0000L;
    private static final long WRITE = 0x4000_0000L;
    private static final long FIRST = 0x2000_0000L;
    private static final long LAST = 0x1000_0000L;
    private static final long EVENT = 0x0800_0000L;
    private static final long DONE = 0x0400_0000L;
    private static final long FAILED = 0x0200_0000L;
    private static final int RING = 0x1000;
    private static final int COMPLETIONS = 0x2000;
    private static final int BUFFER = 0x4000;

    private ArrayHost host = new ArrayHost(50_000);
    private Engine engine = new Engine(host, "engine", EngineOptions.PLAIN);

    private void with(EngineOptions options) {
        host = new ArrayHost(50_000);
        engine = new Engine(host, "engine", options);
    }

    private void write(int offset, long value) {
        engine.writeRegister(0, offset, 4, value);
    }

    private long read(int offset) {
        return engine.readRegister(0, offset, 4);
    }

    private void go(long address, int length, long offset, long command) {
        write(0x40, address & 0xffff_ffffL);
        write(0x44, address >>> 32);
        write(0x48, length);
        write(0x4c, offset);
        write(0x50, command);
    }

    private void ring(int size, long control) {
        write(0x10, RING);
        write(0x14, 0);
        write(0x18, size);
        write(0x04, control);
    }

    private void descriptor(int index, long address, int length, long control) {
        int at = RING + 32 * index;
        LittleEndian.put(address, host.memory, at, 8);
        LittleEndian.put(length, host.memory, at + 8, 4);
        LittleEndian.put(0x77 + index, host.memory, at + 12, 4);
        LittleEndian.put(control, host.memory, at + 20, 4);
    }

    private long word(int address) {
        return LittleEndian.get(host.memory, address, 4);
    }

    private long controlOf(int index) {
        return word(RING + 32 * index + 20);
    }

    private long resultOf(int index) {
        return word(RING + 32 * index + 16);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 3 + 1);
        }
        return bytes;
    }

    private void run() {
        host.run(100 * MICRO);
    }

    @Test
    void readsAndWritesTheHostsMemory() {
        System.arraycopy(bytes(100), 0, host.memory, BUFFER, 100);
        go(BUFFER, 100, 8, 1);
        assertThat(read(0x08)).as("busy").isEqualTo(1L << 31);
        run();
        assertThat(read(0x08)).as("sent").isEqualTo(1);
        assertThat(read(0x54)).isEqualTo(100);
        go(BUFFER + 0x1000, 100, 8, 2);
        run();
        assertThat(read(0x08)).as("sent and received").isEqualTo(3);
        assertThat(Arrays.copyOfRange(host.memory, BUFFER + 0x1000, BUFFER + 0x1064))
                .isEqualTo(bytes(100));
        assertThat(host.objections).isEmpty();
    }

    @Test
    void interruptsForWhatIsNotMasked() {
        write(0x04, INTERRUPTS);
        go(BUFFER, 4, 0, 1);
        run();
        assertThat(host.isInterrupted).isFalse();
        write(0x0c, 1);
        assertThat(host.isInterrupted).isTrue();
        read(0x08);
        write(0x08, 1);
        assertThat(host.isInterrupted).isFalse();
        assertThat(host.objections).isEmpty();
    }

    @Test
    void anEventThatWasMaskedMayBeForgotten() {
        with(EngineOptions.PLAIN.interruptingByEvent());
        write(0x04, INTERRUPTS);
        go(BUFFER, 4, 0, 1);
        run();
        write(0x0c, 1);
        assertThat(host.isInterrupted).isFalse();
        go(BUFFER, 4, 0, 1);
        run();
        assertThat(host.interrupts).isEqualTo(1);
    }

    @Test
    void sendsPacketsOfSeveralDescriptors() {
        sendPacketsOfSeveralDescriptors();
    }

    private void sendPacketsOfSeveralDescriptors() {
        System.arraycopy(bytes(30), 0, host.memory, BUFFER, 30);
        ring(5, RUN);
        descriptor(0, BUFFER, 10, OWN | FIRST);
        descriptor(1, BUFFER + 10, 20, OWN | LAST | EVENT);
        write(0x1c, 2);
        run();
        assertThat(engine.sent()).containsExactly(bytes(30));
        assertThat(controlOf(0)).isEqualTo(DONE | FIRST);
        assertThat(resultOf(1)).isEqualTo(20);
        assertThat(read(0x20)).as("head").isEqualTo(2);
        assertThat(read(0x08)).isEqualTo(1);
        assertThat(host.objections).isEmpty();
    }

    @Test
    void receivesWhatComesInAndGoesRoundTheRing() {
        ring(3, RUN);
        for (int i = 0; i < 7; i++) {
            int at = i % 3;
            descriptor(at, BUFFER + 0x100 * i, 64, OWN | WRITE);
            write(0x1c, (at + 1) % 3);
            run();
            assertThat(read(0x08)).as("waits, which is not busy").isZero();
            engine.receive(bytes(i == 6 ? 100 : 10 + i));
            run();
            assertThat(controlOf(at)).isEqualTo(DONE | WRITE);
            assertThat(resultOf(at)).isEqualTo(i == 6 ? 64 : 10 + i);
            assertThat(Arrays.copyOfRange(host.memory, BUFFER + 0x100 * i, BUFFER + 0x100 * i + 10 + i))
                    .isEqualTo(bytes(10 + i));
        }
        assertThat(host.objections).isEmpty();
    }

    @Test
    void writesCompletionsWithAPhase() {
        write(0x30, COMPLETIONS);
        write(0x38, 2);
        ring(4, RUN | QUEUE);
        for (int i = 0; i < 3; i++) {
            descriptor(i, BUFFER, i == 2 ? 0x10 : 8, OWN | FIRST | LAST);
        }
        write(0x1c, 3);
        run();
        assertThat(word(COMPLETIONS)).isEqualTo(0x77);
        assertThat(word(COMPLETIONS + 12)).isEqualTo(1);
        assertThat(word(COMPLETIONS + 16)).as("a queue of 2 is full with 1").isZero();
        write(0x3c, 1);
        run();
        write(0x3c, 0);
        run();
        assertThat(word(COMPLETIONS)).isEqualTo(0x79);
        assertThat(word(COMPLETIONS + 4)).isEqualTo(0x10);
        assertThat(word(COMPLETIONS + 12)).as("the second round").isZero();
        assertThat(host.objections).isEmpty();
    }

    @Test
    void pollsWithoutADoorbell() {
        ring(2, RUN | POLL);
        run();
        assertThat(controlOf(0)).isZero();
        descriptor(0, BUFFER, 8, OWN | FIRST | LAST);
        run();
        assertThat(controlOf(0)).isEqualTo(DONE | FIRST | LAST);
        assertThat(host.objections).isEmpty();
    }

    @Test
    void failsWhereNothingAnswers() {
        ring(2, RUN);
        descriptor(0, 1L << 40, 8, OWN | FIRST | LAST);
        write(0x1c, 1);
        run();
        assertThat(controlOf(0)).isEqualTo(DONE | FAILED | FIRST | LAST);
        assertThat(read(0x08)).isEqualTo(4);
    }

    @Test
    void objectsToWhatNoDriverDoes() {
        ring(4, RUN);
        write(0x1c, 4);
        write(0x1c, 0);
        write(0x1c, 1);
        run();
        write(0x10, 0x3000);
        assertThat(host.objections)
                .containsExactly(
                        "TAIL is set to 4 of a ring of 4",
                        "TAIL is set to 0, where it is: an empty chain",
                        "descriptor 0 is not the engine's: control word 0x0",
                        "register 0x10 of the ring is written while the engine runs: 0x3000");
        assertThat(read(0x10)).isEqualTo(RING);
    }

    @Test
    void objectsToADoorbellThatOvertakesTheHead() {
        ring(4, RUN);
        for (int i = 0; i < 4; i++) {
            descriptor(i, BUFFER, 8, OWN | WRITE);
        }
        write(0x1c, 3);
        run();
        write(0x1c, 1);
        assertThat(host.objections)
                .containsExactly("TAIL goes from 3 to 1, over HEAD at 0: descriptors under way are overwritten");
    }

    @Test
    void objectsToLengthsAddressesAndMagicThatItCannotUse() {
        with(EngineOptions.PLAIN.withCounterBits(8).withAddressBits(20).withAddressAlignment(16));
        go(0x10_4008, 0x104, 0, 1);
        run();
        assertThat(host.objections)
                .containsExactly(
                        "the read is 260 bytes long; with 8 bits of counter that is 4",
                        "the read has address 0x104008, of which the engine has 20 bits",
                        "the read has address 0x104008, which is not aligned to 16 bytes");
        assertThat(host.accesses).containsExactly("READ 0x4000+4 data of the read");
        with(EngineOptions.PLAIN.checkingMagic());
        ring(4, RUN);
        descriptor(0, BUFFER, 8, OWN | FIRST | LAST | 0x4bad);
        write(0x1c, 1);
        run();
        assertThat(host.objections).containsExactly("descriptor 0 has control word 0xb0004bad: no descriptor");
    }

    @Test
    void objectsToAShortResetAndTakesALongOne() {
        write(0x0c, 5);
        write(0x04, RESET);
        host.run(MICRO / 2);
        write(0x04, 0);
        assertThat(host.objections).containsExactly("RESET was set for 500 ns, and takes 1 us");
        assertThat(read(0x0c)).isEqualTo(5);
        write(0x04, RESET);
        host.run(2 * MICRO);
        write(0x04, 0);
        assertThat(read(0x0c)).isZero();
        assertThat(host.objections).hasSize(1);
    }

    @Test
    void objectsToClearingWhatNobodySaw() {
        go(BUFFER, 4, 0, 1);
        run();
        write(0x08, 1);
        assertThat(host.objections).containsExactly("bits 0x1 of STATUS are cleared, and nobody has seen them set");
    }

    @Test
    void readsAheadBeyondTheEnd() {
        with(EngineOptions.PLAIN.withPrefetch(4));
        ring(2, RUN);
        descriptor(0, BUFFER, 8, OWN | FIRST | LAST);
        write(0x1c, 1);
        run();
        assertThat(host.accesses.getFirst()).isEqualTo("READ 0x1000+128 descriptor 0");
        assertThat(controlOf(0)).isEqualTo(DONE | FIRST | LAST);
    }

    @Test
    void objectsToADescriptorThatChangesWhileItIsFetched() {
        with(EngineOptions.PLAIN.withSplitFetch(MICRO));
        ring(2, RUN);
        descriptor(0, BUFFER, 8, 0);
        write(0x1c, 1);
        host.run(MICRO);
        descriptor(0, BUFFER + 64, 8, OWN | FIRST | LAST);
        run();
        assertThat(host.objections)
                .containsExactly("descriptor 0 was changed while it was fetched: address 0x4000, and with the control"
                        + " word 0x4040");
        assertThat(host.accesses).contains("READ 0x4000+8 data of descriptor 0");
    }

    @Test
    void writesShortAndInTwoParts() {
        with(EngineOptions.PLAIN.writingShort().withSplitReport(MICRO));
        ring(2, RUN);
        descriptor(0, BUFFER, 64, OWN | WRITE);
        write(0x1c, 1);
        engine.receive(bytes(60));
        run();
        assertThat(resultOf(0)).isEqualTo(32);
        assertThat(host.accesses.subList(2, 4))
                .containsExactly(
                        "WRITE 0x1010+4 report in descriptor 0", "WRITE 0x1014+4 control word of descriptor 0");
    }

    @Test
    void endsLateWhatItHasBegun() {
        with(EngineOptions.PLAIN.withLateStop(50 * MICRO));
        ring(2, RUN);
        descriptor(0, BUFFER, 8, OWN | FIRST | LAST);
        write(0x1c, 1);
        host.run(300_000);
        write(0x04, 0);
        host.run(40 * MICRO);
        assertThat(read(0x08)).isEqualTo(1L << 31);
        assertThat(engine.sent()).isEmpty();
        run();
        assertThat(read(0x08)).isZero();
        assertThat(engine.sent()).hasSize(1);
    }

    @Test
    void operationsMayOvertakeWritesToItsMemory() {
        with(EngineOptions.PLAIN.withSlowMemory(MICRO));
        engine.writeRegister(2, 0, 8, 0x0102_0304_0506_0708L);
        go(BUFFER, 8, 0, 2);
        run();
        assertThat(word(BUFFER)).isZero();
        assertThat(host.objections)
                .containsExactly("the write takes 8 bytes at 0x0 of the engine's memory before they have come there");
        engine.writeRegister(2, 0, 8, 0x0102_0304_0506_0708L);
        assertThat(engine.readRegister(2, 0, 4)).isEqualTo(0x0506_0708L);
        go(BUFFER, 8, 0, 2);
        run();
        assertThat(word(BUFFER)).isEqualTo(0x0506_0708L);
        assertThat(host.objections).hasSize(1);
    }

    @Test
    void aHostThatAnswersAtOnceMakesNoDifference() {
        host = new ArrayHost(0);
        engine = new Engine(host, "engine", EngineOptions.PLAIN);
        sendPacketsOfSeveralDescriptors();
    }

    @Test
    void isSilentWhenItIsPulledOut() {
        go(BUFFER, 8, 0, 1);
        engine.pullOut();
        run();
        assertThat(engine.readRegister(0, 0, 4)).isEqualTo(-1);
        assertThat(host.accesses).isEmpty();
    }

    @Test
    void mayInterruptFromPowerOn() {
        with(EngineOptions.PLAIN.interruptingFromPowerOn(20 * MICRO));
        host.run(30 * MICRO);
        assertThat(host.isInterrupted).isTrue();
        write(0x04, RESET);
        host.run(2 * MICRO);
        write(0x04, 0);
        run();
        assertThat(host.interrupts).isEqualTo(1);
    }
}
