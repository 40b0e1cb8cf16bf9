package flyby.nvmehost;

import flyby.bus.Completion;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.kernel.Errno;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import org.jspecify.annotations.Nullable;

/// What a client asks of a namespace: made once, and used as often as it likes, one time after the other. `struct
/// request` with its `nvme_iod`.
public final class NvmeRequest {
    /// Force Unit Access: NVM Express Base Specification 1.4, section 6.15, bit 30 of Command Dword 12.
    private static final int FORCE_UNIT_ACCESS = 1 << 30;

    final int opcode;
    final long block;
    final int control;
    final @Nullable Scatterlist data;
    final Direction direction;
    private final Completion completion;
    private int status;
    private boolean isMapped;

    private NvmeRequest(int opcode, long block, int control, @Nullable Scatterlist data, Direction direction) {
        this.opcode = opcode;
        this.block = block;
        this.control = control;
        this.data = data;
        this.direction = direction;
        completion = new Completion("an NVMe command");
    }

    /// Reads `count` blocks, 1 to 65,536, from `block` on, to where `data` says.
    public static NvmeRequest read(long block, int count, Scatterlist data) {
        return new NvmeRequest(NvmeOpcodes.READ, block, count - 1, data, Direction.FROM_DEVICE);
    }

    /// Writes `count` blocks from `block` on.
    public static NvmeRequest write(long block, int count, Scatterlist data) {
        return new NvmeRequest(NvmeOpcodes.WRITE, block, count - 1, data, Direction.TO_DEVICE);
    }

    /// Writes, and is over only when the medium has it. `REQ_FUA`.
    public static NvmeRequest writeThrough(long block, int count, Scatterlist data) {
        return new NvmeRequest(NvmeOpcodes.WRITE, block, FORCE_UNIT_ACCESS | (count - 1), data, Direction.TO_DEVICE);
    }

    /// Holds `count` blocks from `block` on against `data`.
    public static NvmeRequest compare(long block, int count, Scatterlist data) {
        return new NvmeRequest(NvmeOpcodes.COMPARE, block, count - 1, data, Direction.TO_DEVICE);
    }

    /// Makes `count` blocks from `block` on zeros. `REQ_OP_WRITE_ZEROES`.
    public static NvmeRequest writeZeroes(long block, int count) {
        return new NvmeRequest(NvmeOpcodes.WRITE_ZEROES, block, count - 1, null, Direction.NONE);
    }

    /// Makes the medium keep all that was written. `REQ_OP_FLUSH`.
    public static NvmeRequest flush() {
        return new NvmeRequest(NvmeOpcodes.FLUSH, 0, 0, null, Direction.NONE);
    }

    /// Maps its data for the device.
    ///
    /// @return 0, or an error
    int map(Dma dma) {
        completion.reset();
        status = NvmeStatus.SUCCESS;
        Scatterlist list = data;
        if (list == null) {
            return 0;
        }
        int error = dma.mapSgtable(list, direction, 0);
        isMapped = error == 0;
        return error;
    }

    /// It is over, however it went.
    void end(Dma dma, int how) {
        Scatterlist list = data;
        if (list != null && isMapped) {
            dma.unmapSgtable(list, direction, 0);
            isMapped = false;
        }
        status = how;
        completion.complete();
    }

    Completion completion() {
        return completion;
    }

    public boolean isOver() {
        return completion.isComplete();
    }

    /// What the controller said: one of [NvmeStatus], with its flags.
    public int status() {
        return status;
    }

    /// The same as an error of Linux: 0, or a negative number. `nvme_error_status`.
    public int error() {
        return switch (status & NvmeStatus.CODE_MASK) {
            case NvmeStatus.SUCCESS -> 0;
            case NvmeStatus.LBA_OUT_OF_RANGE -> -Errno.ENOSPC;
            case NvmeStatus.INVALID_OPCODE, NvmeStatus.INVALID_FIELD, NvmeStatus.INVALID_NAMESPACE -> -Errno.EOPNOTSUPP;
            default -> -Errno.EIO;
        };
    }
}
