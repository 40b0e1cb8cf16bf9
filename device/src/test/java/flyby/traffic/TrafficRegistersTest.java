package flyby.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.traffic.layout.TrafficRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand.
final class TrafficRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(TrafficRegisters.MAP.describe()).isEqualTo("""
                        Traffic generator
                        0x00 8 READ_WRITE ADDRESS
                        0x08 8 READ_WRITE WINDOW
                        0x10 8 READ_WRITE SEED
                        0x18 8 READ_WRITE COUNT
                        0x20 8 READ_WRITE WARM_UP
                        0x28 8 READ_WRITE INTERVAL
                        0x30 8 READ_ONLY  DONE_COUNT
                        0x38 4 READ_WRITE SIZE
                        0x3c 4 READ_WRITE OFFSET
                        0x40 4 READ_WRITE UNIT
                        0x44 4 READ_WRITE STRIDE
                        0x48 4 READ_WRITE READS
                        0x4c 4 READ_WRITE WRITES
                        0x50 4 READ_WRITE DEPTH
                        0x54 4 READ_WRITE CONTROL
                              0:0  START
                              1:1  STOP
                              2:2  RANDOM
                              3:3  READ_BACK
                              4:4  INTERRUPT
                              5:5  CHECK
                        0x58 4 READ_WRITE STATUS
                              0:0  BUSY
                              1:1  END
                              2:2  ERROR
                        """);
    }
}
