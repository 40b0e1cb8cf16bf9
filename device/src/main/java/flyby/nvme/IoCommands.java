package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.CDW10;
import static flyby.nvme.layout.QueueEntries.NSID;

import flyby.base.LittleEndian;
import flyby.fault.DeviceFaults;
import flyby.nvme.BlockStore.Outcome;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import java.util.Arrays;

/// Carries out the commands of I/O queues: section 6.
final class IoCommands implements Engine.Executor {
    /// Force Unit Access: bit 30 of Command Dword 12, section 6.9.
    private static final int FORCE_UNIT_ACCESS = 1 << 30;
    /// Attribute - Deallocate: bit 2 of Command Dword 11, section 6.7.
    private static final int DEALLOCATE = 1 << 2;
    private static final int RANGE_BYTES = 16;
    private static final int INVALID_FIELD = NvmeStatus.INVALID_FIELD | NvmeStatus.DO_NOT_RETRY;

    private final Engine engine;
    private final DeviceFaults faults;
    private final Medium medium;
    private final Namespace namespace;
    private final Features features;
    private final Statistics statistics;
    private final byte[] scratch = new byte[HostMemory.PAGE_BYTES];
    private final int bytesMax;

    IoCommands(
            Engine engine,
            DeviceFaults faults,
            Medium medium,
            Namespace namespace,
            Features features,
            Statistics statistics,
            int bytesMax) {
        this.engine = engine;
        this.faults = faults;
        this.medium = medium;
        this.namespace = namespace;
        this.features = features;
        this.statistics = statistics;
        this.bytesMax = bytesMax;
    }

    @Override
    public void start(Command command) {
        int planned = planned(command);
        int status = planned == NvmeStatus.SUCCESS ? begin(command) : planned;
        if (status != NvmeStatus.SUCCESS) {
            engine.complete(command, status);
        }
    }

    /// The status that somebody who makes faults wants the command to end with: `nvme status 0x281 on read` for
    /// any, `nvme medium-error on read` for those of the medium. By blocks.
    private int planned(Command command) {
        String operation = switch (command.opcode) {
            case NvmeOpcodes.READ -> "read";
            case NvmeOpcodes.WRITE -> "write";
            case NvmeOpcodes.COMPARE -> "compare";
            case NvmeOpcodes.FLUSH -> "flush";
            case NvmeOpcodes.WRITE_ZEROES -> "write-zeroes";
            case NvmeOpcodes.DATASET_MANAGEMENT -> "deallocate";
            default -> "";
        };
        if (operation.isEmpty()) {
            return NvmeStatus.SUCCESS;
        }
        boolean hasBlocks = command.opcode != NvmeOpcodes.FLUSH && command.opcode != NvmeOpcodes.DATASET_MANAGEMENT;
        long first = hasBlocks ? command.dwordPair(10) : 0;
        long count = hasBlocks ? (command.dword(12) & 0xffff) + 1L : 1;
        long status = faults.ask("nvme", "status", operation, first, count);
        if (status != DeviceFaults.NONE) {
            return (int) status & NvmeStatus.CODE_MASK;
        }
        if (faults.ask("nvme", "medium-error", operation, first, count) != DeviceFaults.NONE) {
            boolean isRead = command.opcode == NvmeOpcodes.READ || command.opcode == NvmeOpcodes.COMPARE;
            return isRead ? NvmeStatus.UNRECOVERED_READ_ERROR : NvmeStatus.WRITE_FAULT;
        }
        return NvmeStatus.SUCCESS;
    }

    /// Looks at a command, and begins with it.
    ///
    /// @return a status with which it is over already, or SUCCESS
    private int begin(Command command) {
        if (command.psdt == 3) {
            command.blame(1, 6);
            return INVALID_FIELD;
        }
        if (command.fuse != 0) {
            command.blame(1, 0);
            return INVALID_FIELD;
        }
        boolean isAll = command.nsid == Namespace.ALL && command.opcode == NvmeOpcodes.FLUSH;
        if (command.nsid != Namespace.ID && !isAll) {
            command.blame(NSID, 0);
            return NvmeStatus.INVALID_NAMESPACE | NvmeStatus.DO_NOT_RETRY;
        }
        return switch (command.opcode) {
            case NvmeOpcodes.READ -> read(command);
            case NvmeOpcodes.WRITE, NvmeOpcodes.COMPARE -> fromHost(command);
            case NvmeOpcodes.FLUSH -> flush(command);
            case NvmeOpcodes.WRITE_ZEROES -> writeZeroes(command);
            case NvmeOpcodes.DATASET_MANAGEMENT -> {
                engine.transfer(command, ((command.dword(10) & 0xff) + 1) * RANGE_BYTES, false);
                yield NvmeStatus.SUCCESS;
            }
            default -> {
                command.blame(0, 0);
                yield NvmeStatus.INVALID_OPCODE | NvmeStatus.DO_NOT_RETRY;
            }
        };
    }

    /// The blocks that the command names, which are put into `offset` and `byteCount`.
    private int range(Command command) {
        long first = command.dwordPair(10);
        long count = (command.dword(12) & 0xffff) + 1L;
        if (!namespace.has(first, count)) {
            command.blame(CDW10, 0);
            return NvmeStatus.LBA_OUT_OF_RANGE | NvmeStatus.DO_NOT_RETRY;
        }
        command.offset = first << namespace.blockShift();
        command.byteCount = (int) (count << namespace.blockShift());
        return NvmeStatus.SUCCESS;
    }

    private int dataRange(Command command) {
        if ((command.dword(12) & 0xffff) + 1 > bytesMax >>> namespace.blockShift()) {
            command.blame(CDW10 + 8, 0);
            return INVALID_FIELD;
        }
        return range(command);
    }

    private int read(Command command) {
        int status = dataRange(command);
        if (status == NvmeStatus.SUCCESS) {
            medium.wait(command, medium.reads);
        }
        return status;
    }

    private int fromHost(Command command) {
        int status = dataRange(command);
        if (status == NvmeStatus.SUCCESS) {
            engine.transfer(command, command.byteCount, false);
        }
        return status;
    }

    private int flush(Command command) {
        command.status = status(namespace.store.flush(), NvmeStatus.WRITE_FAULT);
        medium.wait(command, medium.flushes);
        return NvmeStatus.SUCCESS;
    }

    private int writeZeroes(Command command) {
        // No data, so that 65,536 blocks of 4 KiB are not too many: 256 MiB.
        int status = range(command);
        if (status != NvmeStatus.SUCCESS) {
            return status;
        }
        written(command, namespace.store.zero(command.offset, command.byteCount));
        return NvmeStatus.SUCCESS;
    }

    private int status(Outcome outcome, int failure) {
        int status = outcome == Outcome.DONE ? NvmeStatus.SUCCESS : failure;
        statistics.ended(status);
        return status;
    }

    @Override
    public void waited(Command command) {
        if (command.opcode == NvmeOpcodes.READ) {
            engine.transfer(command, command.byteCount, true);
        } else {
            engine.complete(command, command.status);
        }
    }

    @Override
    public int fill(Command command) {
        byte[] buffer = command.buffer;
        if (buffer == null) {
            return NvmeStatus.INTERNAL_ERROR;
        }
        statistics.read(command.byteCount);
        return status(
                namespace.store.read(command.offset, buffer, 0, command.byteCount), NvmeStatus.UNRECOVERED_READ_ERROR);
    }

    @Override
    public void received(Command command) {
        byte[] buffer = command.buffer;
        if (buffer == null) {
            engine.complete(command, NvmeStatus.INTERNAL_ERROR);
            return;
        }
        switch (command.opcode) {
            case NvmeOpcodes.WRITE -> {
                statistics.written(command.byteCount);
                written(command, namespace.store.write(command.offset, buffer, 0, command.byteCount));
            }
            case NvmeOpcodes.COMPARE -> {
                command.status = compare(command, buffer);
                engine.release(command);
                medium.wait(command, medium.reads);
            }
            default -> deallocate(command, buffer);
        }
    }

    /// The store has it, and is to keep it if the host wants to be sure.
    private void written(Command command, Outcome outcome) {
        boolean isThrough = (command.dword(12) & FORCE_UNIT_ACCESS) != 0 || !features.isCacheEnabled();
        command.status = status(outcome, NvmeStatus.WRITE_FAULT);
        if (isThrough && outcome == Outcome.DONE) {
            command.status = status(namespace.store.flush(), NvmeStatus.WRITE_FAULT);
        }
        engine.release(command);
        medium.wait(command, isThrough ? medium.flushes : medium.writes);
    }

    private int compare(Command command, byte[] buffer) {
        for (int at = 0; at < command.byteCount; at += scratch.length) {
            int part = Math.min(scratch.length, command.byteCount - at);
            if (namespace.store.read(command.offset + at, scratch, 0, part) != Outcome.DONE) {
                return status(Outcome.MEDIUM_ERROR, NvmeStatus.UNRECOVERED_READ_ERROR);
            }
            if (!Arrays.equals(buffer, at, at + part, scratch, 0, part)) {
                return NvmeStatus.COMPARE_FAILURE;
            }
        }
        return NvmeStatus.SUCCESS;
    }

    private void deallocate(Command command, byte[] buffer) {
        int shift = namespace.blockShift();
        for (int at = 0; at < command.byteCount; at += RANGE_BYTES) {
            if (!namespace.has(first(buffer, at), blocks(buffer, at))) {
                command.blame(CDW10, 0);
                engine.complete(command, NvmeStatus.LBA_OUT_OF_RANGE | NvmeStatus.DO_NOT_RETRY);
                return;
            }
        }
        boolean deallocates = (command.dword(11) & DEALLOCATE) != 0;
        Outcome outcome = Outcome.DONE;
        for (int at = 0; at < command.byteCount && deallocates && outcome == Outcome.DONE; at += RANGE_BYTES) {
            long count = blocks(buffer, at);
            if (count > 0) {
                outcome = namespace.store.zero(first(buffer, at) << shift, count << shift);
            }
        }
        command.status = status(outcome, NvmeStatus.WRITE_FAULT);
        engine.release(command);
        medium.wait(command, medium.writes);
    }

    private static long blocks(byte[] ranges, int at) {
        return LittleEndian.get(ranges, at + 4, 4);
    }

    private static long first(byte[] ranges, int at) {
        return LittleEndian.get(ranges, at + 8, 8);
    }
}
