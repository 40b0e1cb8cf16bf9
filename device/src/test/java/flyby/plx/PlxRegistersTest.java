package flyby.plx;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.plx.layout.PlxDescriptor;
import flyby.plx.layout.PlxRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand from the defines of Linux's drivers/dma/plx_dma.c.
final class PlxRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(PlxRegisters.MAP.describe()).isEqualTo("""
                        PLX DMA engine
                        0x214 4 READ_WRITE DESC_RING_ADDR
                        0x218 4 READ_WRITE DESC_RING_ADDR_HI
                        0x21c 4 READ_WRITE DESC_RING_NEXT_ADDR
                        0x220 4 READ_WRITE DESC_RING_COUNT
                        0x224 4 READ_ONLY  DESC_RING_LAST_ADDR
                        0x228 4 READ_ONLY  DESC_RING_LAST_SIZE
                        0x234 4 READ_WRITE PREF_LIMIT
                        0x238 2 READ_WRITE CTRL
                              0:0  GRACEFUL_PAUSE
                              1:1  ABORT
                              2:2  WRITE_BACK_EN
                              3:3  START
                              4:4  RING_STOP_MODE
                              6:5  DESC_MODE
                              8:8  DESC_INVALID
                              9:9  GRACEFUL_PAUSE_DONE
                             10:10 ABORT_DONE
                             12:12 IMM_PAUSE_DONE
                        0x23a 2 READ_WRITE CTRL2
                              2:0  MAX_TXFR_SIZE
                             14:14 IN_PROGRESS
                        0x23c 2 READ_WRITE INTR_CTRL
                              0:0  ERROR
                              1:1  INV_DESC
                              3:3  ABORT_DONE
                              4:4  PAUSE_DONE
                              5:5  IMM_PAUSE_DONE
                        0x23e 2 READ_WRITE INTR_STATUS
                              0:0  ERROR
                              1:1  INV_DESC
                              2:2  DESC_DONE
                              3:3  ABORT_DONE
                              4:4  PAUSE_DONE
                              5:5  IMM_PAUSE_DONE
                        """);
    }

    @Test
    void descriptorsStandAsTheDriverHasThem() {
        assertThat(PlxDescriptor.BYTES).isEqualTo(16);
        assertThat(PlxDescriptor.SIZE.mask()).isEqualTo(0x7ffffff);
        assertThat(PlxDescriptor.VALID.mask()).isEqualTo(1L << 31);
        assertThat(PlxDescriptor.INTERRUPT.mask()).isEqualTo(1L << 30);
        assertThat(PlxDescriptor.SUCCESS.mask()).isEqualTo(1L << 30);
        assertThat(PlxDescriptor.READ_FAILED.mask()).isEqualTo(1L << 29);
        assertThat(PlxDescriptor.WRITE_FAILED.mask()).isEqualTo(1L << 28);
    }
}
