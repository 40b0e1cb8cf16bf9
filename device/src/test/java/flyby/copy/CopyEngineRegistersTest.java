package flyby.copy;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.copy.layout.CopyEngineRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand.
final class CopyEngineRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(CopyEngineRegisters.MAP.describe()).isEqualTo("""
                        Copy engine
                        0x00 8 READ_WRITE SRC
                        0x08 8 READ_WRITE DST
                        0x10 8 READ_WRITE LENGTH
                        0x18 4 READ_WRITE UNIT
                        0x1c 4 READ_WRITE WINDOW
                              7:0  COUNT
                        0x20 4 READ_WRITE BLOCKS
                        0x24 4 READ_WRITE RING
                        0x28 4 READ_WRITE CONTROL
                              0:0  START
                              1:1  INTERRUPT
                        0x2c 4 READ_WRITE STATUS
                              0:0  BUSY
                              1:1  END
                              2:2  ERROR
                        0x30 4 READ_ONLY  DONE_COUNT
                        """);
    }
}
