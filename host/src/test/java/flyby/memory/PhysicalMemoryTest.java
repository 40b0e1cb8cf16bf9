package flyby.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Bytes in, bytes out, anywhere in 64 bits of address space.
final class PhysicalMemoryTest {
    private final PhysicalMemory memory = new PhysicalMemory();

    @Test
    void untouchedMemoryReadsAsZeroAndCostsNothing() {
        assertThat(memory.read64(0xdead_beef_0000L)).isZero();
        byte[] seen = {1, 2, 3};
        memory.read(0x1234_5678_9abcL, seen, 0, 3);

        assertThat(seen).containsOnly(0);
        assertThat(memory.residentBytes()).isZero();
    }

    @Test
    void numbersAreLittleEndian() {
        memory.write32(0x100, 0x8765_4321L);

        assertThat(memory.read8(0x100)).isEqualTo(0x21);
        assertThat(memory.read16(0x102)).isEqualTo(0x8765);
        assertThat(memory.read32(0x100)).isEqualTo(0x8765_4321L);
    }

    @Test
    void numbersMayStraddlePages() {
        long edge = 5L * PhysicalMemory.PAGE_BYTES;
        memory.write64(edge - 3, 0x0102_0304_0506_0708L);

        assertThat(memory.read64(edge - 3)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(memory.read8(edge)).isEqualTo(5);
        assertThat(memory.residentBytes()).isEqualTo(2L * PhysicalMemory.PAGE_BYTES);
    }

    @Test
    void theLastByteOfTheAddressSpaceIsThere() {
        memory.write8(-1L, 0xab);

        assertThat(memory.read8(-1L)).isEqualTo(0xab);
        assertThatThrownBy(() -> memory.write16(-1L, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> memory.read(-2L, new byte[3], 0, 3)).isInstanceOf(AssertionError.class);
    }

    /// Against a map of single bytes.
    @Test
    void agreesWithAMapOfBytes() {
        for (int seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PhysicalMemory real = new PhysicalMemory();
            TreeMap<Long, Byte> model = new TreeMap<>();
            for (int i = 0; i < 500; i++) {
                long address = ((random.nextLong(300) << 40) | (random.nextLong(3) << 16)) - random.nextLong(200);
                byte[] bytes = new byte[random.nextInt(400)];
                if (address < 0 && address + bytes.length > 0) {
                    continue;
                }
                if (random.nextBoolean()) {
                    random.nextBytes(bytes);
                    real.write(address, bytes, 0, bytes.length);
                    for (int k = 0; k < bytes.length; k++) {
                        model.put(address + k, bytes[k]);
                    }
                } else {
                    real.read(address, bytes, 0, bytes.length);
                    for (int k = 0; k < bytes.length; k++) {
                        assertThat(bytes[k]).isEqualTo(model.getOrDefault(address + k, (byte) 0));
                    }
                }
            }
        }
    }
}
