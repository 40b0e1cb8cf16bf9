package flyby.iommu.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;
import static flyby.register.RegisterMap.Access.READ_ONLY;
import static flyby.register.RegisterMap.Access.READ_WRITE;
import static flyby.register.RegisterMap.Access.WRITE_ONLY;

import flyby.register.BitField;
import flyby.register.RegisterMap;

/// The registers of a remapping unit. Intel VT-d, section 11.4.
public final class RemappingRegisters {
    /// Architecture version. Section 11.4.1.
    public static final int VER = 0x00;
    /// Capabilities. Section 11.4.2.
    public static final int CAP = 0x08;
    /// Extended capabilities. Section 11.4.3.
    public static final int ECAP = 0x10;
    /// Global commands. Section 11.4.4.1.
    public static final int GCMD = 0x18;
    /// Global status: what the commands have led to. Section 11.4.4.2.
    public static final int GSTS = 0x1c;
    /// Where the root table is; counts from the next GCMD.SRTP on. Section 11.4.5.
    public static final int RTADDR = 0x20;
    /// Fault status. Section 11.4.7.1.
    public static final int FSTS = 0x34;
    /// Fault event control. Section 11.4.7.2.
    public static final int FECTL = 0x38;
    /// Data of the fault event's message. Section 11.4.7.3.
    public static final int FEDATA = 0x3c;
    /// Address of the fault event's message. Section 11.4.7.4.
    public static final int FEADDR = 0x40;
    /// Upper half of that address. Section 11.4.7.5.
    public static final int FEUADDR = 0x44;
    /// Invalidation queue head. Section 11.4.9.1.
    public static final int IQH = 0x80;
    /// Invalidation queue tail. Section 11.4.9.2.
    public static final int IQT = 0x88;
    /// Invalidation queue address. Section 11.4.9.3.
    public static final int IQA = 0x90;
    /// Invalidation completion status. Section 11.4.9.4.
    public static final int ICS = 0x9c;
    /// Invalidation event control. Section 11.4.9.5.
    public static final int IECTL = 0xa0;
    /// Data of the invalidation event's message. Section 11.4.9.6.
    public static final int IEDATA = 0xa4;
    /// Address of the invalidation event's message. Section 11.4.9.7.
    public static final int IEADDR = 0xa8;
    /// Upper half of that address. Section 11.4.9.8.
    public static final int IEUADDR = 0xac;
    /// Where the interrupt remapping table is; counts from the next GCMD.SIRTP on. Section 11.4.10.
    public static final int IRTA = 0xb8;
    /// The first fault recording register, 16 bytes each. CAP.FRO says where; here it is our choice.
    /// Section 11.4.7.8.
    public static final int FRCD = 0x200;

    /// Log2 of the number of domains is 4 + 2 ND. Here 6: 64 Ki domains.
    public static final BitField CAP_ND = bits("ND", 2, 0);
    /// Supported adjusted guest address widths: bit 1 for 39 bits, bit 2 for 48, bit 3 for 57.
    public static final BitField CAP_SAGAW = bits("SAGAW", 12, 8);
    /// Maximum guest address width less 1.
    public static final BitField CAP_MGAW = bits("MGAW", 21, 16);
    /// Where the fault recording registers are, in units of 16 bytes.
    public static final BitField CAP_FRO = bits("FRO", 33, 24);
    /// Second-level large page support: bit 0 for 2 MiB, bit 1 for 1 GiB.
    public static final BitField CAP_SLLPS = bits("SLLPS", 37, 34);
    /// Page-selective invalidation.
    public static final BitField CAP_PSI = bit("PSI", 39);
    /// Number of fault recording registers less 1.
    public static final BitField CAP_NFR = bits("NFR", 47, 40);
    /// Maximum address mask value of a page-selective invalidation.
    public static final BitField CAP_MAMV = bits("MAMV", 53, 48);
    /// Draining of writes.
    public static final BitField CAP_DWD = bit("DWD", 54);
    /// Draining of reads.
    public static final BitField CAP_DRD = bit("DRD", 55);

    /// Table walks are coherent: they snoop the caches of the CPUs.
    public static final BitField ECAP_C = bit("C", 0);
    /// Queued invalidation.
    public static final BitField ECAP_QI = bit("QI", 1);
    /// Device-TLBs.
    public static final BitField ECAP_DT = bit("DT", 2);
    /// Interrupt remapping.
    public static final BitField ECAP_IR = bit("IR", 3);
    /// Extended interrupt mode: destinations of 32 bits.
    public static final BitField ECAP_EIM = bit("EIM", 4);
    /// Pass-through.
    public static final BitField ECAP_PT = bit("PT", 6);
    /// Snoop control.
    public static final BitField ECAP_SC = bit("SC", 7);

    /// Translation enable; GSTS.TES.
    public static final BitField GCMD_TE = bit("TE", 31);
    /// Set root table pointer; GSTS.RTPS.
    public static final BitField GCMD_SRTP = bit("SRTP", 30);
    /// Queued invalidation enable; GSTS.QIES.
    public static final BitField GCMD_QIE = bit("QIE", 26);
    /// Interrupt remapping enable; GSTS.IRES.
    public static final BitField GCMD_IRE = bit("IRE", 25);
    /// Set interrupt remapping table pointer; GSTS.IRTPS.
    public static final BitField GCMD_SIRTP = bit("SIRTP", 24);
    /// Compatibility format interrupts are let through; GSTS.CFIS.
    public static final BitField GCMD_CFI = bit("CFI", 23);

    /// Primary fault overflow. Cleared by writing 1.
    public static final BitField FSTS_PFO = bit("PFO", 0);
    /// Primary pending fault: some fault recording register holds a fault.
    public static final BitField FSTS_PPF = bit("PPF", 1);
    /// Invalidation queue error. Cleared by writing 1.
    public static final BitField FSTS_IQE = bit("IQE", 4);
    /// Invalidation time-out: a device did not answer. Cleared by writing 1.
    public static final BitField FSTS_ITE = bit("ITE", 6);
    /// Fault record index: the first one that was written when PPF became set.
    public static final BitField FSTS_FRI = bits("FRI", 15, 8);

    /// Interrupt mask, of FECTL and IECTL. Set after reset.
    public static final BitField CTL_IM = bit("IM", 31);
    /// Interrupt pending, of FECTL and IECTL.
    public static final BitField CTL_IP = bit("IP", 30);

    /// Fault information: the page.
    public static final BitField FRCD_FI = bits("FI", 63, 12);
    /// Source identifier: who asked. In the upper 8 bytes, as what follows.
    public static final BitField FRCD_SID = bits("SID", 15, 0);
    /// Fault reason: see [FaultReason].
    public static final BitField FRCD_FR = bits("FR", 39, 32);
    /// Address type of the request.
    public static final BitField FRCD_AT = bits("AT", 61, 60);
    /// 1 for a read, 0 for a write.
    public static final BitField FRCD_T = bit("T", 62);
    /// There is a fault here. Cleared by writing 1.
    public static final BitField FRCD_F = bit("F", 63);

    /// Queue head, of IQH: the byte offset of the descriptor to be fetched next.
    public static final BitField IQH_QH = bits("QH", 18, 4);
    /// Queue tail, of IQT: the byte offset of the descriptor that software writes next.
    public static final BitField IQT_QT = bits("QT", 18, 4);
    /// Queue size, of IQA: 2^(QS + 8) descriptors of 16 bytes.
    public static final BitField IQA_QS = bits("QS", 2, 0);
    /// Invalidation wait descriptor complete, of ICS. Cleared by writing 1.
    public static final BitField ICS_IWC = bit("IWC", 0);
    /// Extended interrupt mode enable, of IRTA.
    public static final BitField IRTA_EIME = bit("EIME", 11);
    /// Size, of IRTA: 2^(S + 1) entries.
    public static final BitField IRTA_S = bits("S", 3, 0);
    /// The address, of RTADDR, IQA and IRTA.
    public static final BitField TABLE_ADDRESS = bits("ADDR", 63, 12);

    /// The table. The fault recording registers stand behind it: [#FRCD].
    public static final RegisterMap MAP = RegisterMap.titled("VT-d remapping unit")
            .register(VER, 4, READ_ONLY, "VER", bits("MAX", 7, 4), bits("MIN", 3, 0))
            .register(
                    CAP, 8, READ_ONLY, "CAP", CAP_ND, CAP_SAGAW, CAP_MGAW, CAP_FRO, CAP_SLLPS, CAP_PSI, CAP_NFR,
                    CAP_MAMV, CAP_DWD, CAP_DRD)
            .register(ECAP, 8, READ_ONLY, "ECAP", ECAP_C, ECAP_QI, ECAP_DT, ECAP_IR, ECAP_EIM, ECAP_PT, ECAP_SC)
            .register(GCMD, 4, WRITE_ONLY, "GCMD", GCMD_TE, GCMD_SRTP, GCMD_QIE, GCMD_IRE, GCMD_SIRTP, GCMD_CFI)
            .register(
                    GSTS,
                    4,
                    READ_ONLY,
                    "GSTS",
                    bit("TES", 31),
                    bit("RTPS", 30),
                    bit("QIES", 26),
                    bit("IRES", 25),
                    bit("IRTPS", 24),
                    bit("CFIS", 23))
            .register(RTADDR, 8, READ_WRITE, "RTADDR", TABLE_ADDRESS)
            .register(FSTS, 4, READ_WRITE, "FSTS", FSTS_PFO, FSTS_PPF, FSTS_IQE, FSTS_ITE, FSTS_FRI)
            .register(FECTL, 4, READ_WRITE, "FECTL", CTL_IM, CTL_IP)
            .register(FEDATA, 4, READ_WRITE, "FEDATA")
            .register(FEADDR, 4, READ_WRITE, "FEADDR")
            .register(FEUADDR, 4, READ_WRITE, "FEUADDR")
            .register(IQH, 8, READ_ONLY, "IQH", IQH_QH)
            .register(IQT, 8, READ_WRITE, "IQT", IQT_QT)
            .register(IQA, 8, READ_WRITE, "IQA", TABLE_ADDRESS, IQA_QS)
            .register(ICS, 4, READ_WRITE, "ICS", ICS_IWC)
            .register(IECTL, 4, READ_WRITE, "IECTL", CTL_IM, CTL_IP)
            .register(IEDATA, 4, READ_WRITE, "IEDATA")
            .register(IEADDR, 4, READ_WRITE, "IEADDR")
            .register(IEUADDR, 4, READ_WRITE, "IEUADDR")
            .register(IRTA, 8, READ_WRITE, "IRTA", TABLE_ADDRESS, IRTA_EIME, IRTA_S)
            .build();

    private RemappingRegisters() {}
}
