package flyby.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.posix.PosixException;
import flyby.posix.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Doorbells that a guest stores to: each store is told once, also of a value that has been told before.
final class DoorbellPagesTest {
    private static final int PAGE = 4_096;

    private final List<String> told = new ArrayList<>();

    private final Device device = new Device() {
        @Override
        public long readRegister(int region, long offset, int byteCount) {
            return ABSENT;
        }

        @Override
        public void writeRegister(int region, long offset, int byteCount, long value) {
            told.add("%d:0x%x+%d=%d".formatted(region, offset, byteCount, value));
        }

        @Override
        public void reset() {}
    };

    @Test
    void tellsOfEachStoreOnce() throws PosixException {
        try (DoorbellPages pages = DoorbellPages.create(0, PAGE, PAGE);
                SharedMemory guest = SharedMemory.map(pages.descriptor(), PAGE, PAGE, true, true)) {
            assertThat(pages.ring(device)).isFalse();
            guest.memory().set(Wire.INT, 8, 3);
            assertThat(pages.ring(device)).isTrue();
            assertThat(pages.ring(device)).isFalse();
            guest.memory().set(Wire.INT, 8, 3);
            guest.memory().set(Wire.INT, 0, 0);
            assertThat(pages.ring(device)).isTrue();
            assertThat(told).containsExactly("0:0x1008+4=3", "0:0x1000+4=0", "0:0x1008+4=3");

            guest.memory().set(Wire.INT, 4, 1);
            pages.reset();
            assertThat(pages.ring(device)).as("nothing is left after a reset").isFalse();
        }
    }
}
