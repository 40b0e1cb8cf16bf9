package flyby.nvme.layout;

import static flyby.register.BitField.bit;
import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// The entries of submission and completion queues: NVM Express Base Specification 1.4, sections 4.2 and 4.6.
public final class QueueEntries {
    /// Bytes of an entry of a Submission Queue.
    public static final int SUBMISSION_BYTES = 64;
    /// Bytes of an entry of a Completion Queue.
    public static final int COMPLETION_BYTES = 16;

    /// Command Dword 0.
    public static final int CDW0 = 0;
    /// Namespace Identifier.
    public static final int NSID = 4;
    /// Metadata Pointer.
    public static final int MPTR = 16;
    /// Data Pointer: PRP Entry 1, or the first half of an SGL descriptor.
    public static final int DPTR1 = 24;
    /// Data Pointer: PRP Entry 2, or the second half of an SGL descriptor.
    public static final int DPTR2 = 32;
    /// Command Dwords 10 to 15 follow each other from here.
    public static final int CDW10 = 40;

    /// Of CDW0: what is to be done.
    public static final BitField OPC = bits("OPC", 7, 0);
    /// Of CDW0: Fused Operation.
    public static final BitField FUSE = bits("FUSE", 9, 8);
    /// Of CDW0: PRP or SGL for Data Transfer.
    public static final BitField PSDT = bits("PSDT", 15, 14);
    /// Of CDW0: Command Identifier.
    public static final BitField CID = bits("CID", 31, 16);

    /// Of the entry's second 8 bytes: how far the controller has taken entries.
    public static final BitField SQHD = bits("SQHD", 15, 0);
    /// Of the entry's second 8 bytes: whose command it was.
    public static final BitField SQID = bits("SQID", 31, 16);
    /// Of the entry's second 8 bytes: which command it was.
    public static final BitField COMPLETED_CID = bits("CID", 47, 32);
    /// Of the entry's second 8 bytes: Phase Tag.
    public static final BitField PHASE = bit("P", 48);
    /// Of the entry's second 8 bytes: one of [NvmeStatus].
    public static final BitField STATUS = bits("SF", 63, 49);

    private QueueEntries() {}
}
