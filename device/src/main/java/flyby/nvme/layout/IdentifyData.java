package flyby.nvme.layout;

import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// What Identify tells, 4096 bytes: NVM Express Base Specification 1.4, section 5.15.
public final class IdentifyData {
    public static final int BYTES = 4_096;

    /// Controller or Namespace Structure: in Command Dword 10.
    public static final BitField CNS = bits("CNS", 7, 0);

    public static final int CNS_NAMESPACE = 0x00;
    public static final int CNS_CONTROLLER = 0x01;
    public static final int CNS_ACTIVE_NAMESPACES = 0x02;
    public static final int CNS_DESCRIPTORS = 0x03;

    // Of a controller.
    public static final int VID = 0;
    public static final int SSVID = 2;
    public static final int SN = 4;
    public static final int SN_BYTES = 20;
    public static final int MN = 24;
    public static final int MN_BYTES = 40;
    public static final int FR = 64;
    public static final int FR_BYTES = 8;
    public static final int RAB = 72;
    public static final int IEEE = 73;
    /// Maximum Data Transfer Size, as a power of 2 of the smallest page.
    public static final int MDTS = 77;
    public static final int CNTLID = 78;
    public static final int VER = 80;
    public static final int OAES = 92;
    public static final int CNTRLTYPE = 111;
    public static final int OACS = 256;
    public static final int ACL = 258;
    public static final int AERL = 259;
    public static final int FRMW = 260;
    public static final int LPA = 261;
    public static final int ELPE = 262;
    public static final int WCTEMP = 266;
    public static final int CCTEMP = 268;
    public static final int TNVMCAP = 280;
    public static final int SQES = 512;
    public static final int CQES = 513;
    public static final int MAXCMD = 514;
    public static final int NN = 516;
    public static final int ONCS = 520;
    public static final int FNA = 524;
    public static final int VWC = 525;
    public static final int SGLS = 536;
    public static final int SUBNQN = 768;
    public static final int PSD0 = 2_048;

    // Of a namespace.
    /// Namespace Size in blocks.
    public static final int NSZE = 0;
    public static final int NCAP = 8;
    public static final int NUSE = 16;
    public static final int NSFEAT = 24;
    public static final int NLBAF = 25;
    public static final int FLBAS = 26;
    public static final int DLFEAT = 33;
    public static final int NVMCAP = 48;
    public static final int NGUID = 104;
    public static final int EUI64 = 120;
    /// The first of the LBA formats, 4 bytes each.
    public static final int LBAF0 = 128;
    /// Of an LBA format: bytes of a block, as a power of 2.
    public static final BitField LBADS = bits("LBADS", 23, 16);
    /// Of an LBA format: the lower, the faster.
    public static final BitField RP = bits("RP", 25, 24);

    private IdentifyData() {}
}
