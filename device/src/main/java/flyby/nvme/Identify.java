package flyby.nvme;

import flyby.base.LittleEndian;
import flyby.nvme.layout.IdentifyData;
import flyby.nvme.layout.NvmeRegisters;
import java.util.Arrays;
import java.util.Locale;

/// Builds what Identify tells: section 5.15.
final class Identify {
    /// Maximum Data Transfer Size: 2 to its power of 4 KiB pages.
    static final int MDTS = 7;
    /// The most bytes of a command.
    static final int TRANSFER_BYTES_MAX = HostMemory.PAGE_BYTES << MDTS;
    /// Aborts at once, less 1: they are carried out as they come.
    private static final int ABORT_LIMIT = 3;

    /// Format NVM and Doorbell Buffer Config.
    private static final int OACS = 1 << 1 | 1 << 8;
    /// Compare, Dataset Management, Write Zeroes, Select of Get Features, Timestamp.
    private static final int ONCS = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 6;
    /// Namespace Attribute Notices.
    private static final int OAES = 1 << 8;
    /// One slot for firmware, which can only be read.
    private static final int FRMW = 1 << 1 | 1;
    /// Commands Supported and Effects, and offsets in log pages.
    private static final int LPA = 1 << 1 | 1 << 2;
    /// There is a volatile cache, and a Flush may name all namespaces.
    private static final int VWC = 1 | 3 << 1;
    /// SGLs without alignment, bit buckets, and more places than data.
    private static final int SGLS = 1 | 1 << 16 | 1 << 18;
    /// An I/O controller.
    private static final int CONTROLLER_TYPE_IO = 1;
    /// What was deallocated reads as zeros, also by Write Zeroes.
    private static final int DLFEAT = 1 | 1 << 3;

    private static final int SUBMISSION_POWER = 6;
    private static final int COMPLETION_POWER = 4;
    private static final int DESCRIPTOR_EUI64 = 1;
    private static final int DESCRIPTOR_NGUID = 2;
    private static final long HASH_BASIS = 0xcbf2_9ce4_8422_2325L;
    private static final long HASH_PRIME = 0x0000_0100_0000_01b3L;

    static final int VENDOR = 0xf1b0;
    static final String FIRMWARE = "1.4";
    private static final String MODEL = "Flyby NVMe controller";

    private final Namespace namespace;
    /// Differs where names do: by FNV-1a of the name.
    private final long unique;

    private final String serial;

    Identify(String name, Namespace namespace) {
        this.namespace = namespace;
        long hash = HASH_BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * HASH_PRIME;
        }
        unique = hash;
        serial = "FLYBY" + Long.toHexString(hash | 1L << 63).substring(1).toUpperCase(Locale.ROOT);
    }

    /// Whether there is such a structure.
    static boolean knows(int cns) {
        return cns >= IdentifyData.CNS_NAMESPACE && cns <= IdentifyData.CNS_DESCRIPTORS;
    }

    /// Builds structure `cns` in `page`.
    void build(int cns, int nsid, byte[] page) {
        Arrays.fill(page, 0, IdentifyData.BYTES, (byte) 0);
        switch (cns) {
            case IdentifyData.CNS_NAMESPACE -> buildNamespace(page);
            case IdentifyData.CNS_CONTROLLER -> buildController(page);
            case IdentifyData.CNS_ACTIVE_NAMESPACES -> {
                if (Integer.compareUnsigned(nsid, Namespace.ID) < 0) {
                    LittleEndian.put(Namespace.ID, page, 0, 4);
                }
            }
            default -> buildDescriptors(page);
        }
    }

    private void buildController(byte[] page) {
        LittleEndian.put(VENDOR, page, IdentifyData.VID, 2);
        LittleEndian.put(VENDOR, page, IdentifyData.SSVID, 2);
        text(serial, page, IdentifyData.SN, IdentifyData.SN_BYTES);
        text(MODEL, page, IdentifyData.MN, IdentifyData.MN_BYTES);
        text(FIRMWARE, page, IdentifyData.FR, IdentifyData.FR_BYTES);
        page[IdentifyData.MDTS] = MDTS;
        LittleEndian.put(NvmeRegisters.VERSION_1_4, page, IdentifyData.VER, 4);
        LittleEndian.put(OAES, page, IdentifyData.OAES, 4);
        page[IdentifyData.CNTRLTYPE] = CONTROLLER_TYPE_IO;
        LittleEndian.put(OACS, page, IdentifyData.OACS, 2);
        page[IdentifyData.ACL] = ABORT_LIMIT;
        page[IdentifyData.AERL] = Events.LIMIT;
        page[IdentifyData.FRMW] = FRMW;
        page[IdentifyData.LPA] = LPA;
        page[IdentifyData.ELPE] = Errors.ENTRIES - 1;
        LittleEndian.put(Health.WARNING, page, IdentifyData.WCTEMP, 2);
        LittleEndian.put(Health.CRITICAL, page, IdentifyData.CCTEMP, 2);
        LittleEndian.put(namespace.store.byteCount(), page, IdentifyData.TNVMCAP, 8);
        page[IdentifyData.SQES] = SUBMISSION_POWER << 4 | SUBMISSION_POWER;
        page[IdentifyData.CQES] = COMPLETION_POWER << 4 | COMPLETION_POWER;
        LittleEndian.put(Namespace.ID, page, IdentifyData.NN, 4);
        LittleEndian.put(ONCS, page, IdentifyData.ONCS, 2);
        page[IdentifyData.VWC] = VWC;
        LittleEndian.put(SGLS, page, IdentifyData.SGLS, 4);
        String name = "nqn.2026-11.org.flyby:" + serial;
        for (int i = 0; i < name.length(); i++) {
            page[IdentifyData.SUBNQN + i] = (byte) name.charAt(i);
        }
    }

    private void buildNamespace(byte[] page) {
        long blocks = namespace.blocks();
        LittleEndian.put(blocks, page, IdentifyData.NSZE, 8);
        LittleEndian.put(blocks, page, IdentifyData.NCAP, 8);
        LittleEndian.put(blocks, page, IdentifyData.NUSE, 8);
        page[IdentifyData.NLBAF] = (byte) (Namespace.formats() - 1);
        page[IdentifyData.FLBAS] = (byte) namespace.format();
        page[IdentifyData.DLFEAT] = DLFEAT;
        LittleEndian.put(blocks << namespace.blockShift(), page, IdentifyData.NVMCAP, 8);
        putGloballyUnique(page, IdentifyData.NGUID);
        LittleEndian.put(unique, page, IdentifyData.EUI64, 8);
        for (int format = 0; format < Namespace.formats(); format++) {
            long says = IdentifyData.LBADS.to(Namespace.blockShift(format));
            LittleEndian.put(says, page, IdentifyData.LBAF0 + 4 * format, 4);
        }
    }

    private void buildDescriptors(byte[] page) {
        page[0] = DESCRIPTOR_EUI64;
        page[1] = 8;
        LittleEndian.put(unique, page, 4, 8);
        page[12] = DESCRIPTOR_NGUID;
        page[13] = 16;
        putGloballyUnique(page, 16);
    }

    private void putGloballyUnique(byte[] page, int at) {
        LittleEndian.put(unique * HASH_PRIME, page, at, 8);
        LittleEndian.put(unique, page, at + 8, 8);
    }

    /// ASCII, filled with spaces: section 1.5.
    static void text(String text, byte[] page, int at, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            page[at + i] = (byte) (i < text.length() ? text.charAt(i) : ' ');
        }
    }
}
