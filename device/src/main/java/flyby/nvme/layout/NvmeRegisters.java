package flyby.nvme.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;
import static flyby.register.RegisterMap.Access.WRITE_ONLY;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of an NVM Express controller, in region 0: NVM Express Base Specification 1.4, section 3.1.
///
/// Behind them are the doorbells, two of 4 bytes for each pair of queues: [#tailDoorbell] and [#headDoorbell]. In the
/// upper part of the region are the structures of MSI-X, where Flyby puts them.
public final class NvmeRegisters {
    /// Controller Capabilities.
    public static final int CAP = 0x00;
    /// Version.
    public static final int VS = 0x08;
    /// Interrupt Mask Set.
    public static final int INTMS = 0x0c;
    /// Interrupt Mask Clear.
    public static final int INTMC = 0x10;
    /// Controller Configuration.
    public static final int CC = 0x14;
    /// Controller Status.
    public static final int CSTS = 0x1c;
    /// NVM Subsystem Reset.
    public static final int NSSR = 0x20;
    /// Admin Queue Attributes.
    public static final int AQA = 0x24;
    /// Admin Submission Queue Base Address.
    public static final int ASQ = 0x28;
    /// Admin Completion Queue Base Address.
    public static final int ACQ = 0x30;

    /// The first doorbell: section 3.1.24.
    public static final int DOORBELLS = 0x1000;
    /// Bytes of the two doorbells of a pair of queues, with a stride of 0.
    public static final int DOORBELL_BYTES = 8;
    /// The most pairs of I/O queues: identifiers have 16 bits, and 0 is the Admin Queue.
    public static final int QUEUES_MAX = 65_535;

    /// Where the MSI-X table is.
    public static final int MSIX_TABLE = 0xc_0000;
    /// Where the Pending Bit Array of MSI-X is.
    public static final int MSIX_PENDING = 0xd_0000;
    /// What the region spans.
    public static final int REGION_BYTES = 0x10_0000;

    /// Maximum Queue Entries Supported, less 1.
    public static final BitField CAP_MQES = bits("MQES", 15, 0);
    /// Contiguous Queues Required.
    public static final BitField CAP_CQR = bit("CQR", 16);
    /// Arbitration Mechanism Supported.
    public static final BitField CAP_AMS = bits("AMS", 18, 17);
    /// Timeout for CSTS.RDY, in 500 ms.
    public static final BitField CAP_TO = bits("TO", 31, 24);
    /// Doorbell Stride.
    public static final BitField CAP_DSTRD = bits("DSTRD", 35, 32);
    /// NVM Subsystem Reset Supported.
    public static final BitField CAP_NSSRS = bit("NSSRS", 36);
    /// Command Sets Supported; bit 0 of it is the NVM command set.
    public static final BitField CAP_CSS = bits("CSS", 44, 37);
    /// Memory Page Size Minimum: 2 to the power of 12 plus it.
    public static final BitField CAP_MPSMIN = bits("MPSMIN", 51, 48);
    /// Memory Page Size Maximum: 2 to the power of 12 plus it.
    public static final BitField CAP_MPSMAX = bits("MPSMAX", 55, 52);

    /// Enable.
    public static final BitField CC_EN = bit("EN", 0);
    /// I/O Command Set Selected.
    public static final BitField CC_CSS = bits("CSS", 6, 4);
    /// Memory Page Size: 2 to the power of 12 plus it.
    public static final BitField CC_MPS = bits("MPS", 10, 7);
    /// Arbitration Mechanism Selected.
    public static final BitField CC_AMS = bits("AMS", 13, 11);
    /// Shutdown Notification: [#SHN_NORMAL], [#SHN_ABRUPT].
    public static final BitField CC_SHN = bits("SHN", 15, 14);
    /// I/O Submission Queue Entry Size, as a power of 2.
    public static final BitField CC_IOSQES = bits("IOSQES", 19, 16);
    /// I/O Completion Queue Entry Size, as a power of 2.
    public static final BitField CC_IOCQES = bits("IOCQES", 23, 20);

    /// Ready.
    public static final BitField CSTS_RDY = bit("RDY", 0);
    /// Controller Fatal Status.
    public static final BitField CSTS_CFS = bit("CFS", 1);
    /// Shutdown Status: [#SHST_NONE], [#SHST_COMPLETE].
    public static final BitField CSTS_SHST = bits("SHST", 3, 2);
    /// NVM Subsystem Reset Occurred; written 1 clears.
    public static final BitField CSTS_NSSRO = bit("NSSRO", 4);

    /// Admin Submission Queue Size, less 1.
    public static final BitField AQA_ASQS = bits("ASQS", 11, 0);
    /// Admin Completion Queue Size, less 1.
    public static final BitField AQA_ACQS = bits("ACQS", 27, 16);

    public static final int SHN_NORMAL = 1;
    public static final int SHN_ABRUPT = 2;
    public static final int SHST_NONE = 0;
    public static final int SHST_OCCURRING = 1;
    public static final int SHST_COMPLETE = 2;

    /// What NSSR takes for a reset: "NVMe".
    public static final long NSSR_RESET = 0x4e56_4d65L;
    /// Version 1.4, as VS says it: section 3.1.2.
    public static final long VERSION_1_4 = 0x0001_0400L;

    /// The table.
    public static final RegisterMap MAP = RegisterMap.titled("NVM Express controller")
            .register(
                    CAP,
                    8,
                    READ_ONLY,
                    "CAP",
                    CAP_MQES,
                    CAP_CQR,
                    CAP_AMS,
                    CAP_TO,
                    CAP_DSTRD,
                    CAP_NSSRS,
                    CAP_CSS,
                    CAP_MPSMIN,
                    CAP_MPSMAX)
            .register(VS, 4, READ_ONLY, "VS")
            .register(INTMS, 4, READ_WRITE, "INTMS")
            .register(INTMC, 4, READ_WRITE, "INTMC")
            .register(CC, 4, READ_WRITE, "CC", CC_EN, CC_CSS, CC_MPS, CC_AMS, CC_SHN, CC_IOSQES, CC_IOCQES)
            .register(CSTS, 4, READ_WRITE, "CSTS", CSTS_RDY, CSTS_CFS, CSTS_SHST, CSTS_NSSRO)
            .register(NSSR, 4, WRITE_ONLY, "NSSR")
            .register(AQA, 4, READ_WRITE, "AQA", AQA_ASQS, AQA_ACQS)
            .register(ASQ, 8, READ_WRITE, "ASQ")
            .register(ACQ, 8, READ_WRITE, "ACQ")
            .build();

    private NvmeRegisters() {}

    /// Where the Tail Doorbell of Submission Queue `queue` is: section 3.1.24.
    public static int tailDoorbell(int queue) {
        return DOORBELLS + queue * DOORBELL_BYTES;
    }

    /// Where the Head Doorbell of Completion Queue `queue` is: section 3.1.25.
    public static int headDoorbell(int queue) {
        return DOORBELLS + queue * DOORBELL_BYTES + 4;
    }
}
