package flyby.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.nvme.layout.NvmeRegisters;
import org.junit.jupiter.api.Test;

/// The register table as software sees it, typed in by hand from the specification's section 3.1.
final class NvmeRegistersTest {
    @Test
    void standsAsSoftwareKnowsIt() {
        assertThat(NvmeRegisters.MAP.describe()).isEqualTo("""
                        NVM Express controller
                        0x00 8 READ_ONLY  CAP
                             15:0  MQES
                             16:16 CQR
                             18:17 AMS
                             31:24 TO
                             35:32 DSTRD
                             36:36 NSSRS
                             44:37 CSS
                             51:48 MPSMIN
                             55:52 MPSMAX
                        0x08 4 READ_ONLY  VS
                        0x0c 4 READ_WRITE INTMS
                        0x10 4 READ_WRITE INTMC
                        0x14 4 READ_WRITE CC
                              0:0  EN
                              6:4  CSS
                             10:7  MPS
                             13:11 AMS
                             15:14 SHN
                             19:16 IOSQES
                             23:20 IOCQES
                        0x1c 4 READ_WRITE CSTS
                              0:0  RDY
                              1:1  CFS
                              3:2  SHST
                              4:4  NSSRO
                        0x20 4 WRITE_ONLY NSSR
                        0x24 4 READ_WRITE AQA
                             11:0  ASQS
                             27:16 ACQS
                        0x28 8 READ_WRITE ASQ
                        0x30 8 READ_WRITE ACQ
                        """);
    }

    /// All doorbells stand before the structures of MSI-X, and these fit.
    @Test
    void allDoorbellsFit() {
        assertThat(NvmeRegisters.tailDoorbell(1)).isEqualTo(0x1008);
        assertThat(NvmeRegisters.headDoorbell(1)).isEqualTo(0x100c);
        assertThat(NvmeRegisters.headDoorbell(NvmeRegisters.QUEUES_MAX) + 4).isEqualTo(0x8_1000);
        assertThat(NvmeRegisters.MSIX_TABLE).isGreaterThanOrEqualTo(0x8_1000);
        assertThat(NvmeRegisters.MSIX_PENDING - NvmeRegisters.MSIX_TABLE).isGreaterThanOrEqualTo(2_048 * 16);
        assertThat(NvmeRegisters.REGION_BYTES - NvmeRegisters.MSIX_PENDING).isGreaterThanOrEqualTo(2_048 / 8);
    }
}
