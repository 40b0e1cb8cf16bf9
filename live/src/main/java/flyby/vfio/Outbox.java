package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static flyby.vfio.Wire.SHORT;

import flyby.posix.Descriptor;
import flyby.posix.PosixException;
import flyby.posix.UnixSocket;
import flyby.vfio.layout.MessageHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Messages that are to be sent, put together so that one call sends many of them.
final class Outbox {
    private final UnixSocket socket;
    private final MemorySegment bytes;
    private long end;

    /// @param byteCountMax of one message
    Outbox(UnixSocket socket, long byteCountMax) {
        this.socket = socket;
        bytes = Arena.ofAuto().allocate(2 * byteCountMax, 8);
    }

    /// Where messages are written.
    MemorySegment bytes() {
        return bytes;
    }

    /// Begins a message.
    ///
    /// @param bodyBytes how many come behind the header
    /// @return where in [#bytes] they are to be written; they are zero
    long message(int id, int command, int flags, int error, long bodyBytes) throws PosixException {
        long size = MessageHeader.BYTES + bodyBytes;
        if (end + size > bytes.byteSize()) {
            send(List.of());
        }
        bytes.set(SHORT, end + MessageHeader.ID, (short) id);
        bytes.set(SHORT, end + MessageHeader.COMMAND, (short) command);
        bytes.set(INT, end + MessageHeader.SIZE, (int) size);
        bytes.set(INT, end + MessageHeader.FLAGS, flags);
        bytes.set(INT, end + MessageHeader.ERROR, error);
        long body = end + MessageHeader.BYTES;
        bytes.asSlice(body, bodyBytes).fill((byte) 0);
        end += size;
        return body;
    }

    /// Sends what there is.
    ///
    /// @param descriptors to go with it
    void send(List<Descriptor> descriptors) throws PosixException {
        long count = end;
        end = 0;
        socket.send(bytes, count, descriptors);
    }
}
