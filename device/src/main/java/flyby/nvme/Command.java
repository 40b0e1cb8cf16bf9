package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.CDW0;
import static flyby.nvme.layout.QueueEntries.CDW10;
import static flyby.nvme.layout.QueueEntries.CID;
import static flyby.nvme.layout.QueueEntries.DPTR1;
import static flyby.nvme.layout.QueueEntries.DPTR2;
import static flyby.nvme.layout.QueueEntries.FUSE;
import static flyby.nvme.layout.QueueEntries.NSID;
import static flyby.nvme.layout.QueueEntries.OPC;
import static flyby.nvme.layout.QueueEntries.PSDT;

import flyby.base.LittleEndian;
import flyby.nvme.layout.NvmeOpcodes;
import org.jspecify.annotations.Nullable;

/// A command from its fetch until its completion is written. Made once, and used again and again.
final class Command {
    /// What it waits for, or does next.
    enum Stage {
        FREE,
        /// To be looked at.
        START,
        /// For its PRPs or SGL to be read.
        WALK,
        /// For room for its data.
        ROOM,
        /// For its data to come, or to have gone.
        MOVE,
        /// For the medium.
        MEDIUM,
        /// For an event, or for commands before it.
        PARKED,
        /// For its completion to be written.
        DONE
    }

    Stage stage = Stage.FREE;

    @Nullable
    SubmissionQueue queue;

    // What the entry says.
    int opcode;
    int fuse;
    int psdt;
    int cid;
    int nsid;
    long dptr1;
    long dptr2;
    private final int[] dwords = new int[6];

    final DataPlaces places = new DataPlaces();
    final DataPointer.Cursor cursor = new DataPointer.Cursor();
    /// Bytes of data, and which way they go.
    int byteCount;
    boolean toHost;
    /// Where the data are: `direct`'s own or `staging`.
    byte @Nullable [] buffer;
    /// The only access of data that lie in one piece, which are moved without a copy.
    @Nullable
    HostAccess direct;
    /// The next piece to move, and where its data are.
    int nextPiece;
    int nextPieceAt;
    /// Accesses under way.
    int underWay;

    /// Where the medium has its data.
    long offset;
    long readyPicos;
    long transfer;

    int status;
    /// Dwords 0 and 1 of the completion.
    long result;
    /// What of the command was wrong, for the Error Information Log: section 5.14.1.1.
    int wrongByte;
    int wrongBit;
    boolean isBlamed;

    @Nullable
    Command next;

    /// Command Dword `number`, 10 to 15.
    int dword(int number) {
        return dwords[number - 10];
    }

    /// Dwords `number` and the one behind it as one number.
    long dwordPair(int number) {
        return Integer.toUnsignedLong(dword(number)) | ((long) dword(number + 1) << 32);
    }

    void decode(SubmissionQueue from, byte[] data, int at) {
        queue = from;
        long cdw0 = LittleEndian.get(data, at + CDW0, 4);
        opcode = (int) OPC.of(cdw0);
        fuse = (int) FUSE.of(cdw0);
        psdt = (int) PSDT.of(cdw0);
        cid = (int) CID.of(cdw0);
        nsid = (int) LittleEndian.get(data, at + NSID, 4);
        dptr1 = LittleEndian.get(data, at + DPTR1, 8);
        dptr2 = LittleEndian.get(data, at + DPTR2, 8);
        for (int i = 0; i < dwords.length; i++) {
            dwords[i] = (int) LittleEndian.get(data, at + CDW10 + 4 * i, 4);
        }
        stage = Stage.START;
        byteCount = 0;
        toHost = false;
        nextPiece = 0;
        nextPieceAt = 0;
        underWay = 0;
        offset = 0;
        status = 0;
        result = 0;
        isBlamed = false;
        places.clear();
    }

    /// What it is, in words.
    String describe() {
        SubmissionQueue from = queue;
        boolean isAdmin = from == null || from.id == 0;
        String name = NvmeOpcodes.name(isAdmin, opcode);
        String where = isAdmin || opcode == NvmeOpcodes.FLUSH || opcode == NvmeOpcodes.DATASET_MANAGEMENT
                ? ""
                : " of %d blocks at %d".formatted((dword(12) & 0xffff) + 1, dwordPair(10));
        return "%s%s, CID 0x%x of queue %d".formatted(name, where, cid, from == null ? 0 : from.id);
    }

    /// Says which byte and bit of the command is wrong.
    void blame(int at, int bit) {
        isBlamed = true;
        wrongByte = at;
        wrongBit = bit;
    }
}
