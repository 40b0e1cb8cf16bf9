package flyby.memory;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.sim.Prng;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Physical memory against the slowest thing that cannot be wrong: a map from address to byte.
final class PhysicalMemoryModelTest {
    /// Around the start, page borders, the end of the directly indexed pages, and the end of everything.
    private static final long[] PLACES = {
        0, 0x1_0000, 0x7_0000, 0x7fff_0000L, 0xffff_0000L, 0x1_0000_0000L, 0x123_4567_0000L, 0xffff_ffff_ffff_0000L
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isAMapOfBytes(long seed) {
        Prng prng = new Prng(seed);
        PhysicalMemory memory = new PhysicalMemory();
        TreeMap<Long, Byte> model = new TreeMap<>();
        byte[] bytes = new byte[300];
        for (int i = 0; i < 20_000; i++) {
            // Up to 299 bytes that end at most 200 bytes beyond the page's start, or before the end of everything.
            long address =
                    PLACES[(int) prng.below(PLACES.length)] + (prng.chance(1, 2) ? 0xff00 : 0) - 100 + prng.below(200);
            int byteCount = (int) prng.below(bytes.length);
            if (Long.compareUnsigned(address, address + byteCount) > 0) {
                continue;
            }
            if (prng.chance(1, 2)) {
                for (int j = 0; j < byteCount; j++) {
                    bytes[j] = (byte) prng.nextLong();
                    model.put(address + j, bytes[j]);
                }
                memory.write(address, bytes, 0, byteCount);
            } else {
                memory.read(address, bytes, 0, byteCount);
                for (int j = 0; j < byteCount; j++) {
                    byte expected = model.getOrDefault(address + j, (byte) 0);
                    assertThat(bytes[j]).as("address 0x%x", address + j).isEqualTo(expected);
                }
            }
        }
        long pages =
                model.keySet().stream().mapToLong(at -> at >>> 16).distinct().count();
        assertThat(memory.residentBytes()).isEqualTo(pages * PhysicalMemory.PAGE_BYTES);
    }

    @Test
    void writingNothingTakesNoRoom() {
        PhysicalMemory memory = new PhysicalMemory();
        memory.write(0x1234, new byte[0], 0, 0);
        memory.write(0x1_0000_1234L, new byte[0], 0, 0);
        assertThat(memory.residentBytes()).isZero();
    }
}
