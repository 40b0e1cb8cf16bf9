package flyby.core;

import static flyby.core.Bench.NS;
import static flyby.core.Bench.REGISTERS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.MemoryType;
import org.junit.jupiter.api.Test;

/// What a core with two combining buffers and two streaming load buffers has under way to and from a device's memory.
/// A line is accepted 60 ns after it left; the rest are the times of [Bench], added up by hand.
final class WriteCombiningTest {
    private final Bench bench = new Bench(60 * NS);
    private final long[] got = new long[4];

    WriteCombiningTest() {
        bench.types.set(REGISTERS, 0x1000, MemoryType.WRITE_COMBINING);
    }

    /// A line leaves 8 ns after it has got a buffer, and gives it back 60 ns later. With two buffers: two lines every
    /// 68 ns, which is less than the core could store.
    @Test
    void buffersLimitTheRate() {
        bench.run(cpu -> cpu.storeBytes(REGISTERS, new byte[6 * 64], 0, 6 * 64));

        // The third line's first word is stored 1 ns after the second has left, and waits there until the first is
        // accepted at 68; 7 words more, and it leaves at 75. So the fourth: its first word waits until 76.
        assertThat(bench.seen)
                .extracting(each -> each.substring(0, each.lastIndexOf(':')))
                .containsExactly(
                        "8 ns write 10000",
                        "16 ns write 10040",
                        "75 ns write 10080",
                        "83 ns write 100c0",
                        "142 ns write 10100",
                        "150 ns write 10140");
    }

    @Test
    void aStoreFenceWaitsUntilAllLinesAreAccepted() {
        bench.run(cpu -> {
            cpu.storeBytes(REGISTERS, new byte[64], 0, 64);
            got[0] = cpu.nowPicos();
            cpu.store8(REGISTERS + 0x81, 1);
            cpu.writeBarrier();
            got[1] = cpu.nowPicos();
            cpu.writeBarrier();
            got[2] = cpu.nowPicos();
        });

        assertThat(got).as("posted, then accepted, then nothing to wait for").startsWith(8 * NS, 69 * NS, 69 * NS);
    }

    @Test
    void whatIsUncachedComesAfterTheLinesBeforeIt() {
        bench.run(cpu -> {
            cpu.store8(REGISTERS, 1);
            cpu.mmioWrite8(REGISTERS + 0x1000, 5);
        });

        assertThat(bench.seen).containsExactly("2 ns write 10000: 01", "62 ns write 11000: 05");
    }

    /// Two buffers for lines, too: the third begins when the first has come.
    @Test
    void streamingLoadsOverlap() {
        byte[] into = new byte[3 * 64 + 8];
        long end = bench.run(cpu -> cpu.loadBytes(REGISTERS, into, 8, 3 * 64));

        assertThat(bench.seen).containsExactly("8 ns line 10000: 64", "16 ns line 10040: 64", "508 ns line 10080: 64");
        assertThat(end).isEqualTo((508 + 500) * NS);
        for (int i = 0; i < 3 * 64; i++) {
            assertThat(into[8 + i]).isEqualTo((byte) (REGISTERS / 64 + i / 64 + i % 64));
        }
    }

    @Test
    void singleLoadsAndWhatIsLessThanALineDoNot() {
        long end = bench.run(cpu -> {
            got[0] = cpu.load64(REGISTERS);
            got[1] = cpu.load64(REGISTERS + 8);
            cpu.loadBytes(REGISTERS + 0x38, new byte[16], 0, 16);
        });

        assertThat(bench.seen)
                .containsExactly(
                        "1 ns read 10000: 8", "502 ns read 10008: 8", "1003 ns read 10038: 8", "1504 ns read 10040: 8");
        assertThat(end).isEqualTo(4 * 501 * NS);
    }

    @Test
    void blockMovesFromUncachedRegistersGoWordByWord() {
        long end = bench.run(cpu -> cpu.loadBytes(REGISTERS + 0x1000, new byte[64], 0, 64));

        assertThat(bench.seen).hasSize(8).allMatch(each -> each.contains(" read ") && each.endsWith(": 8"));
        assertThat(end).isEqualTo(8 * 501 * NS);
    }

    /// Two lines of memory are on their way to it together, and the fence waits for both.
    @Test
    void linesForMemoryLeaveTheCoreFreeToo() {
        bench.types.set(0x1000, 0x1000, MemoryType.WRITE_COMBINING);
        bench.run(cpu -> {
            cpu.storeBytes(0x1000, new byte[128], 0, 128);
            got[0] = cpu.nowPicos();
            cpu.writeBarrier();
            got[1] = cpu.nowPicos();
        });

        assertThat(got).startsWith(16 * NS, (16 + 20) * NS);
    }
}
