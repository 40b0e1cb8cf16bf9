package flyby.ioat;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.ioat.layout.IoatChannelRegisters;
import flyby.ioat.layout.IoatDescriptor;
import flyby.ioat.layout.IoatRegisters;
import org.junit.jupiter.api.Test;

/// The tables as software sees them, typed in by hand from Linux's drivers/dma/ioat/registers.h and hw.h.
final class IoatRegistersTest {
    @Test
    void theDevicesStandAsSoftwareKnowsThem() {
        assertThat(IoatRegisters.MAP.describe()).isEqualTo("""
                        I/OAT
                        0x00 1 READ_ONLY  CHANCNT
                              4:0  COUNT
                        0x01 1 READ_ONLY  XFERCAP
                              4:0  LOG2
                        0x02 1 READ_WRITE GENCTRL
                              0:0  DEBUG_EN
                        0x03 1 READ_WRITE INTRCTRL
                              0:0  MASTER_INT_EN
                              1:1  INT_STATUS
                              2:2  INT
                              3:3  MSIX_VECTOR_CONTROL
                        0x04 4 READ_ONLY  ATTNSTATUS
                              3:0  CHANNELS
                        0x08 1 READ_ONLY  CBVER
                              7:4  MAJOR
                              3:0  MINOR
                        0x0a 2 READ_ONLY  PERPORTOFFSET
                        0x0c 2 READ_WRITE INTRDELAY
                             13:0  DELAY
                        0x0e 2 READ_ONLY  CS_STATUS
                        0x10 4 READ_ONLY  DMACAPABILITY
                        0x14 2 READ_ONLY  DCAOFFSET
                        0x40 1 READ_ONLY  CBPRIO
                        """);
    }

    @Test
    void theChannelsStandAsSoftwareKnowsThem() {
        assertThat(IoatChannelRegisters.MAP.describe()).isEqualTo("""
                        I/OAT channel
                        0x00 2 READ_WRITE CHANCTRL
                              0:0  INTP_DIS
                              2:2  ERR_COMPLETION_EN
                              3:3  ANY_ERR_ABORT_EN
                              4:4  ERR_INT_EN
                              5:5  DESC_ADDR_SNP_CTRL
                              8:8  IN_USE
                              9:9  CMPWR_DCA_ENABLE
                        0x02 2 READ_ONLY  DMA_COMP
                        0x04 1 READ_WRITE CHANCMD
                              2:2  SUSPEND_DMA
                              5:5  RESET_DMA
                        0x06 2 READ_WRITE DMACOUNT
                        0x08 8 READ_ONLY  CHANSTS
                              2:0  DMA_TRANS_STATE
                             63:6  COMPLETED_DESCRIPTOR
                        0x10 8 READ_WRITE CHAINADDR
                        0x18 8 READ_WRITE CHANCMP
                        0x20 8 READ_ONLY  CDAR
                        0x28 4 READ_WRITE CHANERR
                              2:2  NEXT_ADDR_ERR
                              3:3  NEXT_DESC_ALIGN_ERR
                              4:4  CHAIN_ADDR_VALUE_ERR
                              6:6  CHIPSET_UNCORRECTABLE_ERR
                              8:8  READ_DATA_ERR
                              9:9  WRITE_DATA_ERR
                             10:10 CONTROL_ERR
                             11:11 LENGTH_ERR
                             12:12 COMPLETION_ADDR_ERR
                        0x2c 4 READ_WRITE CHANERRMSK
                        0x30 4 READ_WRITE DCACTRL
                        """);
        assertThat(IoatChannelRegisters.at(3, IoatChannelRegisters.STATUS)).isEqualTo(0x208);
    }

    @Test
    void descriptorsStandAsTheDriverHasThem() {
        assertThat(IoatDescriptor.BYTES).isEqualTo(64);
        assertThat(IoatDescriptor.NEXT).isEqualTo(24);
        assertThat(IoatDescriptor.CONTROL_INTERRUPT.mask()).isEqualTo(1);
        assertThat(IoatDescriptor.CONTROL_COMPLETION.mask()).isEqualTo(8);
        assertThat(IoatDescriptor.CONTROL_FENCE.mask()).isEqualTo(0x10);
        assertThat(IoatDescriptor.CONTROL_NULL.mask()).isEqualTo(0x20);
        assertThat(IoatDescriptor.CONTROL_OPERATION.mask()).isEqualTo(0xff00_0000L);
    }
}
