package flyby.edu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.edu.layout.EduRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand from QEMU's docs/specs/edu.
final class EduRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(EduRegisters.MAP.describe()).isEqualTo("""
                        edu
                        0x00 4 READ_ONLY  IDENTIFICATION
                        0x04 4 READ_WRITE LIVENESS
                        0x08 4 READ_WRITE FACTORIAL
                        0x20 4 READ_WRITE STATUS
                              0:0  COMPUTING
                              7:7  INTERRUPT
                        0x24 4 READ_ONLY  INTERRUPT_STATUS
                              0:0  FACTORIAL
                              8:8  DMA
                        0x60 4 WRITE_ONLY INTERRUPT_RAISE
                        0x64 4 WRITE_ONLY INTERRUPT_ACKNOWLEDGE
                        0x80 8 READ_WRITE DMA_SOURCE
                        0x88 8 READ_WRITE DMA_DESTINATION
                        0x90 8 READ_WRITE DMA_COUNT
                        0x98 8 READ_WRITE DMA_COMMAND
                              0:0  RUN
                              1:1  TO_MEMORY
                              2:2  INTERRUPT
                        """);
        assertThat(EduRegisters.IDENTIFICATION_VALUE).isEqualTo(0x010000ed);
        assertThat(EduRegisters.BUFFER).isEqualTo(0x40000);
    }
}
