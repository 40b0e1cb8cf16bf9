package flyby.nvme;

import static flyby.nvme.layout.QueueEntries.DPTR1;
import static flyby.nvme.layout.QueueEntries.DPTR2;

import flyby.base.LittleEndian;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvme.layout.SglDescriptor;

/// Follows a command's PRPs (section 4.3) or SGL (section 4.4) to where its data are.
///
/// Lists are read piece by piece, and what they say is bounded: PRP lists by the bytes of the command, as only the
/// first may begin within a page; SGLs by [#DESCRIPTORS_MAX] and [#SEGMENTS_MAX].
final class DataPointer implements HostAccess.Taker {
    static final int DESCRIPTORS_MAX = 1_024;
    static final int SEGMENTS_MAX = 256;

    private static final int ENTRY_BYTES = 8;

    /// What is known of a command's list so far; it goes with the command.
    static final class Cursor {
        boolean isSgl;
        /// Where the list goes on.
        long address;
        /// Bytes left of the segment of an SGL.
        long segmentBytes;

        boolean isLastSegment;
        int descriptors;
        int segments;
    }

    /// Who is told that a command's list is read, or how it failed.
    interface Listener {
        void walked(Command command, int status);
    }

    private final HostMemory memory;
    private final Listener listener;
    private final CommandList waiting = new CommandList();
    private int pageBytes = HostMemory.PAGE_BYTES;

    DataPointer(HostMemory memory, Listener listener) {
        this.memory = memory;
        this.listener = listener;
    }

    void reset(int pageBytes) {
        this.pageBytes = pageBytes;
        waiting.clear();
    }

    /// Begins with `command`, which says how many bytes it wants, 1 or more.
    void walk(Command command) {
        command.stage = Command.Stage.WALK;
        command.places.clear();
        Cursor cursor = command.cursor;
        cursor.isSgl = command.psdt != 0;
        cursor.descriptors = 0;
        cursor.segments = 0;
        int status = cursor.isSgl ? beginSgl(command) : beginPrp(command);
        went(command, status);
    }

    /// Reads lists for which there was no room before; whether there was one.
    boolean advance() {
        boolean any = false;
        while (!waiting.isEmpty()) {
            HostAccess access = memory.control.take();
            if (access == null) {
                break;
            }
            Command command = waiting.poll();
            if (command != null) {
                read(command, access);
                any = true;
            }
        }
        return any;
    }

    private void went(Command command, int status) {
        if (status != NvmeStatus.SUCCESS || left(command) == 0) {
            listener.walked(command, status);
        } else {
            waiting.add(command);
        }
    }

    /// Bytes whose place is not known.
    private static int left(Command command) {
        return command.byteCount - command.places.byteCount();
    }

    private void read(Command command, HostAccess access) {
        Cursor cursor = command.cursor;
        long wanted = cursor.isSgl ? cursor.segmentBytes : prpListBytes(command);
        int toPageEnd = HostMemory.PAGE_BYTES - (int) (cursor.address & (HostMemory.PAGE_BYTES - 1));
        // A descriptor may lie across the end of a page; it is read as a whole.
        int most = toPageEnd < SglDescriptor.BYTES && cursor.isSgl ? SglDescriptor.BYTES : toPageEnd;
        int byteCount = (int) Math.min(wanted, most);
        if (cursor.isSgl && byteCount > SglDescriptor.BYTES) {
            byteCount -= byteCount % SglDescriptor.BYTES;
        }
        access.command = command;
        memory.submit(access, this, Kind.READ, cursor.address, byteCount, command.transfer);
    }

    @Override
    public void done(HostAccess access, Status status) {
        Command command = access.command;
        if (command == null) {
            return;
        }
        if (status != Status.SUCCESS) {
            command.blame(DPTR2, 0);
            listener.walked(command, NvmeStatus.DATA_TRANSFER_ERROR);
        } else {
            int byteCount = access.transaction.byteCount();
            went(
                    command,
                    command.cursor.isSgl
                            ? takeDescriptors(command, access.data(), byteCount)
                            : takeEntries(command, access.data(), byteCount));
        }
    }

    // PRPs.

    private int beginPrp(Command command) {
        if ((command.dptr1 & 3) != 0) {
            command.blame(DPTR1, 0);
            return NvmeStatus.INVALID_PRP_OFFSET | NvmeStatus.DO_NOT_RETRY;
        }
        int inPage = (int) (command.dptr1 & (pageBytes - 1));
        command.places.add(command.dptr1, Math.min(command.byteCount, pageBytes - inPage), false);
        int left = left(command);
        if (left == 0) {
            return NvmeStatus.SUCCESS;
        }
        if (left <= pageBytes) {
            return addPage(command, command.dptr2);
        }
        if ((command.dptr2 & (ENTRY_BYTES - 1)) != 0) {
            command.blame(DPTR2, 0);
            return NvmeStatus.INVALID_PRP_OFFSET | NvmeStatus.DO_NOT_RETRY;
        }
        command.cursor.address = command.dptr2;
        return NvmeStatus.SUCCESS;
    }

    private int addPage(Command command, long address) {
        if ((address & (pageBytes - 1)) != 0) {
            command.blame(DPTR2, 0);
            return NvmeStatus.INVALID_PRP_OFFSET | NvmeStatus.DO_NOT_RETRY;
        }
        command.places.add(address, Math.min(left(command), pageBytes), false);
        return NvmeStatus.SUCCESS;
    }

    private long prpListBytes(Command command) {
        long inList = pageBytes - (command.cursor.address & (pageBytes - 1));
        return Math.min(inList, (long) ENTRY_BYTES * Math.ceilDiv(left(command), pageBytes));
    }

    private int takeEntries(Command command, byte[] data, int byteCount) {
        Cursor cursor = command.cursor;
        for (int at = 0; at < byteCount; at += ENTRY_BYTES) {
            long entry = LittleEndian.get(data, at, ENTRY_BYTES);
            cursor.address += ENTRY_BYTES;
            boolean isLastOfList = (cursor.address & (pageBytes - 1)) == 0;
            if (isLastOfList && left(command) > pageBytes) {
                if ((entry & (pageBytes - 1)) != 0) {
                    command.blame(DPTR2, 0);
                    return NvmeStatus.INVALID_PRP_OFFSET | NvmeStatus.DO_NOT_RETRY;
                }
                cursor.address = entry;
                return NvmeStatus.SUCCESS;
            }
            int status = addPage(command, entry);
            if (status != NvmeStatus.SUCCESS) {
                return status;
            }
        }
        return NvmeStatus.SUCCESS;
    }

    // SGLs.

    private int beginSgl(Command command) {
        command.cursor.isLastSegment = false;
        command.cursor.segmentBytes = 0;
        int type = (int) SglDescriptor.TYPE.of(command.dptr2);
        int status = takeDescriptor(command, command.dptr1, command.dptr2, true);
        if (status == NvmeStatus.SUCCESS && !isSegment(type) && left(command) > 0) {
            command.blame(DPTR2, 0);
            return NvmeStatus.SGL_LENGTH_INVALID | NvmeStatus.DO_NOT_RETRY;
        }
        return status;
    }

    private static boolean isSegment(int type) {
        return type == SglDescriptor.TYPE_SEGMENT || type == SglDescriptor.TYPE_LAST_SEGMENT;
    }

    private int takeDescriptors(Command command, byte[] data, int byteCount) {
        Cursor cursor = command.cursor;
        for (int at = 0; at < byteCount && left(command) > 0; at += SglDescriptor.BYTES) {
            cursor.address += SglDescriptor.BYTES;
            cursor.segmentBytes -= SglDescriptor.BYTES;
            boolean isLast = cursor.segmentBytes == 0;
            boolean endsList = isLast && cursor.isLastSegment;
            int status = takeDescriptor(
                    command,
                    LittleEndian.get(data, at + SglDescriptor.ADDRESS, 8),
                    LittleEndian.get(data, at + SglDescriptor.LENGTH_AND_TYPE, 8),
                    isLast && !cursor.isLastSegment);
            if (status != NvmeStatus.SUCCESS) {
                return status;
            }
            if (left(command) > 0 && (endsList || cursor.segmentBytes == 0)) {
                command.blame(DPTR2, 0);
                return NvmeStatus.DO_NOT_RETRY
                        | (endsList ? NvmeStatus.SGL_LENGTH_INVALID : NvmeStatus.INVALID_SGL_SEGMENT);
            }
        }
        return NvmeStatus.SUCCESS;
    }

    /// Takes one descriptor.
    ///
    /// @param mayLead whether it may lead to a segment: that in the command, and the last of a segment
    private static int takeDescriptor(Command command, long address, long lengthAndType, boolean mayLead) {
        Cursor cursor = command.cursor;
        long length = SglDescriptor.LENGTH.of(lengthAndType);
        int type = (int) SglDescriptor.TYPE.of(lengthAndType);
        int error = NvmeStatus.SUCCESS;
        if (++cursor.descriptors > DESCRIPTORS_MAX) {
            error = NvmeStatus.INVALID_SGL_COUNT;
        } else if (SglDescriptor.SUB_TYPE.of(lengthAndType) != 0) {
            error = NvmeStatus.SGL_TYPE_INVALID;
        } else {
            switch (type) {
                case SglDescriptor.TYPE_DATA_BLOCK ->
                    command.places.add(address, (int) Math.min(length, left(command)), false);
                case SglDescriptor.TYPE_BIT_BUCKET -> {
                    if (command.toHost) {
                        command.places.add(0, (int) Math.min(length, left(command)), true);
                    }
                }
                case SglDescriptor.TYPE_SEGMENT, SglDescriptor.TYPE_LAST_SEGMENT -> {
                    boolean isSound = mayLead && length > 0 && length % SglDescriptor.BYTES == 0 && (address & 7) == 0;
                    if (!isSound) {
                        error = NvmeStatus.INVALID_SGL_SEGMENT;
                    } else if (++cursor.segments > SEGMENTS_MAX) {
                        error = NvmeStatus.INVALID_SGL_COUNT;
                    } else {
                        cursor.address = address;
                        cursor.segmentBytes = length;
                        cursor.isLastSegment = type == SglDescriptor.TYPE_LAST_SEGMENT;
                    }
                }
                default -> error = NvmeStatus.SGL_TYPE_INVALID;
            }
        }
        if (error != NvmeStatus.SUCCESS) {
            command.blame(DPTR2, 0);
            return error | NvmeStatus.DO_NOT_RETRY;
        }
        return NvmeStatus.SUCCESS;
    }
}
