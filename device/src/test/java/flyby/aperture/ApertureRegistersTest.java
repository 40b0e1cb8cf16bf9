package flyby.aperture;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.aperture.layout.ApertureRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand.
final class ApertureRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(ApertureRegisters.MAP.describe()).isEqualTo("""
                        Device with memory
                        0x00 8 READ_WRITE RING
                        0x08 4 READ_WRITE RING_COUNT
                        0x0c 4 READ_WRITE TAIL
                        0x10 8 READ_WRITE REPORT
                        0x18 4 READ_WRITE COALESCE_COUNT
                        0x1c 4 READ_WRITE COALESCE_NANOS
                        0x20 4 READ_WRITE CONTROL
                              0:0  ENABLE
                              1:1  INTERRUPT
                              2:2  REPORT
                        0x24 4 READ_WRITE STATUS
                              0:0  END
                              1:1  ERROR
                        0x28 4 READ_ONLY  DONE_COUNT
                        0x2c 4 READ_WRITE WORK_NANOS
                        0x30 4 READ_WRITE SEEN
                        """);
    }
}
