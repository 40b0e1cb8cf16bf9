package flyby.nvme;

import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.nvme.layout.NvmeStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Moves the data of commands between the host's memory and buffers. Data that lie in one piece are moved straight out
/// of, or into, the access that carries them; others are gathered.
final class DataMover implements HostAccess.Taker {
    private static final int LARGE_BUFFERS = 16;
    private static final int SMALL_BUFFERS = 256;

    /// Who goes on with a command.
    interface Listener {
        /// There is room for the data: they are to be put into the buffer now, if they go to the host.
        int fill(Command command);

        /// The data are in the buffer, or in the host's memory; or they are not.
        void moved(Command command, int status);
    }

    private final HostMemory memory;
    private final Listener listener;
    private final int largeBytes;
    private final ArrayDeque<byte[]> small = new ArrayDeque<>();
    private final ArrayDeque<byte[]> large = new ArrayDeque<>();
    private int smallMade;
    private int largeMade;
    private final CommandList forRoom = new CommandList();
    private final CommandList moving = new CommandList();

    /// @param largeBytes the most bytes of a command
    DataMover(HostMemory memory, Listener listener, int largeBytes) {
        this.memory = memory;
        this.listener = listener;
        this.largeBytes = largeBytes;
    }

    void reset() {
        forRoom.clear();
        moving.clear();
    }

    /// Moves what `command` wants, whose places are known.
    void move(Command command) {
        command.stage = Command.Stage.ROOM;
        forRoom.add(command);
    }

    /// Goes on as far as there is room; whether there was any.
    boolean advance() {
        boolean any = false;
        for (Command command = forRoom.first(); command != null; command = forRoom.first()) {
            if (!makeRoom(command)) {
                break;
            }
            forRoom.poll();
            any = true;
            begin(command);
        }
        for (Command command = moving.first(); command != null; command = moving.first()) {
            if (!submitAll(command)) {
                break;
            }
            moving.poll();
            any = true;
            over(command);
        }
        return any;
    }

    /// Gives the command's buffer back.
    void release(Command command) {
        HostAccess direct = command.direct;
        byte[] buffer = command.buffer;
        command.direct = null;
        command.buffer = null;
        if (direct != null) {
            direct.pool.give(direct);
        } else if (buffer != null) {
            (buffer.length == largeBytes ? large : small).push(buffer);
        }
    }

    private boolean makeRoom(Command command) {
        if (command.places.count() == 1 && !command.places.isBucket(0)) {
            HostAccess access = memory.takeData(command.byteCount);
            if (access == null) {
                return false;
            }
            command.direct = access;
            command.buffer = access.data();
            return true;
        }
        command.buffer = staging(command.byteCount);
        return command.buffer != null;
    }

    private byte @Nullable [] staging(int byteCount) {
        boolean isSmall = byteCount <= HostMemory.PAGE_BYTES;
        byte[] buffer = (isSmall ? small : large).poll();
        if (buffer == null && isSmall && smallMade < SMALL_BUFFERS) {
            smallMade++;
            return new byte[HostMemory.PAGE_BYTES];
        }
        if (buffer == null && !isSmall && largeMade < LARGE_BUFFERS) {
            largeMade++;
            return new byte[largeBytes];
        }
        return buffer;
    }

    private void begin(Command command) {
        command.stage = Command.Stage.MOVE;
        command.nextPiece = 0;
        command.nextPieceAt = 0;
        command.underWay = 0;
        command.status = NvmeStatus.SUCCESS;
        if (command.toHost) {
            command.status = listener.fill(command);
            if (command.status != NvmeStatus.SUCCESS) {
                command.nextPiece = command.places.count();
            }
        }
        moving.add(command);
    }

    /// Whether all of the command's accesses are submitted.
    private boolean submitAll(Command command) {
        DataPlaces places = command.places;
        while (command.nextPiece < places.count()) {
            int piece = command.nextPiece;
            int byteCount = places.byteCount(piece);
            if (!places.isBucket(piece) && !submit(command, piece, byteCount)) {
                return false;
            }
            command.nextPiece++;
            command.nextPieceAt += byteCount;
        }
        return true;
    }

    private boolean submit(Command command, int piece, int byteCount) {
        HostAccess direct = command.direct;
        HostAccess access = direct == null ? memory.takeData(byteCount) : direct;
        byte[] buffer = command.buffer;
        if (access == null || buffer == null) {
            return false;
        }
        access.command = command;
        access.at = command.nextPieceAt;
        access.isKept = direct != null;
        if (command.toHost && direct == null) {
            System.arraycopy(buffer, access.at, access.data(), 0, byteCount);
        }
        command.underWay++;
        Kind kind = command.toHost ? Kind.WRITE : Kind.READ;
        memory.submit(access, this, kind, command.places.address(piece), byteCount, command.transfer);
        return true;
    }

    @Override
    public void done(HostAccess access, Status status) {
        Command command = access.command;
        if (command == null) {
            return;
        }
        command.underWay--;
        byte[] buffer = command.buffer;
        if (status != Status.SUCCESS) {
            command.status = NvmeStatus.DATA_TRANSFER_ERROR;
        } else if (!command.toHost && command.direct == null && buffer != null) {
            System.arraycopy(access.data(), 0, buffer, access.at, access.transaction.byteCount());
        }
        if (command.stage == Command.Stage.PARKED) {
            over(command);
        }
    }

    /// All accesses are submitted: it is done if they are over.
    private void over(Command command) {
        command.stage = Command.Stage.PARKED;
        if (command.underWay == 0) {
            listener.moved(command, command.status);
        }
    }
}
