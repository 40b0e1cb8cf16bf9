package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static flyby.vfio.Wire.LONG;
import static flyby.vfio.Wire.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.posix.Descriptor;
import flyby.posix.PosixException;
import flyby.posix.UnixSocket;
import flyby.vfio.layout.Commands;
import flyby.vfio.layout.MemoryMessages;
import flyby.vfio.layout.MessageHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client: takes its messages apart and puts together what it is told. What the messages mean, the [Protocol]
/// knows.
final class Session implements ClientMemory.Messenger, AutoCloseable {
    /// The most bytes that one message moves.
    static final int TRANSFER_BYTES_MAX = 1 << 20;

    private static final int MESSAGE_BYTES_MAX = MessageHeader.BYTES + MemoryMessages.ACCESS_BYTES + TRANSFER_BYTES_MAX;

    /// The first ID of a message of ours; a client's own IDs are another matter.
    private static final int FIRST_ID = 1;

    private final UnixSocket socket;
    private final Outbox outbox;
    private final Protocol protocol;
    private final MemorySegment inbox = Arena.ofAuto().allocate(2L * MESSAGE_BYTES_MAX, 8);
    private long begin;
    private long end;
    private boolean isOpen = true;
    /// Came with the message that is being received, or handled.
    private final List<Descriptor> descriptors = new ArrayList<>();

    private int nextId = FIRST_ID;
    private int askedId;
    private long messageCount;

    Session(UnixSocket socket, Protocol protocol) {
        this.socket = socket;
        this.protocol = protocol;
        outbox = new Outbox(socket, MESSAGE_BYTES_MAX);
    }

    Descriptor descriptor() {
        return socket.descriptor();
    }

    long messageCount() {
        return messageCount;
    }

    /// Receives what there is and acts on it.
    ///
    /// @return whether the client is still there
    boolean receive() throws PosixException {
        if (begin > 0 && inbox.byteSize() - end < MESSAGE_BYTES_MAX) {
            MemorySegment.copy(inbox, begin, inbox, 0, end - begin);
            end -= begin;
            begin = 0;
        }
        List<Descriptor> came = new ArrayList<>(0);
        int count = socket.receive(inbox, end, inbox.byteSize() - end, came);
        if (count == 0) {
            closeAll(came);
            return false;
        }
        end += Math.max(0, count);
        while (isOpen && isWhole()) {
            // They come with the last message of which these bytes have the beginning.
            if (begin + size() >= end) {
                descriptors.addAll(came);
                came.clear();
            }
            act();
            closeAll(descriptors);
        }
        descriptors.addAll(came);
        if (descriptors.size() > UnixSocket.DESCRIPTORS_MAX) {
            isOpen = false;
        }
        if (begin == end) {
            begin = 0;
            end = 0;
        }
        return isOpen;
    }

    private static void closeAll(List<Descriptor> unwanted) {
        unwanted.forEach(Descriptor::close);
        unwanted.clear();
    }

    /// Whether all of the next message is there. Sizes that no message can have end the session, as nobody knows
    /// where the next one begins.
    private boolean isWhole() {
        if (end - begin < MessageHeader.BYTES) {
            return false;
        }
        long size = size();
        if (size < MessageHeader.BYTES || size > MESSAGE_BYTES_MAX) {
            isOpen = false;
            return false;
        }
        return end - begin >= size;
    }

    private long size() {
        return inbox.get(INT, begin + MessageHeader.SIZE) & 0xffff_ffffL;
    }

    private void act() throws PosixException {
        int size = (int) size();
        int id = inbox.get(SHORT, begin + MessageHeader.ID) & 0xffff;
        int command = inbox.get(SHORT, begin + MessageHeader.COMMAND) & 0xffff;
        int flags = inbox.get(INT, begin + MessageHeader.FLAGS);
        long body = begin + MessageHeader.BYTES;
        begin += size;
        messageCount++;
        if ((flags & MessageHeader.FLAGS_TYPE) == MessageHeader.FLAGS_REPLY) {
            replied(id, flags, body, size - MessageHeader.BYTES);
        } else {
            boolean wantsReply = (flags & MessageHeader.FLAGS_NO_REPLY) == 0;
            Request request = new Request(id, command, body, size - MessageHeader.BYTES, wantsReply);
            protocol.act(this, request);
        }
    }

    /// A command of the client.
    ///
    /// @param body where in [#inbox] it begins
    /// @param byteCount of the body
    record Request(int id, int command, long body, int byteCount, boolean wantsReply) {}

    /// What has been received.
    MemorySegment inbox() {
        return inbox;
    }

    /// Takes a descriptor that came with the message that is being handled: the first of those that are left.
    @Nullable
    Descriptor takeDescriptor() {
        return descriptors.isEmpty() ? null : descriptors.removeFirst();
    }

    int descriptorCount() {
        return descriptors.size();
    }

    /// Where replies are written.
    MemorySegment replies() {
        return outbox.bytes();
    }

    /// Begins the reply to `request`, whose body is yet to be written and is zero.
    ///
    /// @return where in [#replies] the body is
    long reply(Request request, long byteCount) throws PosixException {
        return outbox.message(request.id(), request.command(), MessageHeader.FLAGS_REPLY, 0, byteCount);
    }

    /// Tells the client that it could not be done.
    void refuse(Request request, int errno) throws PosixException {
        if (request.wantsReply()) {
            int flags = MessageHeader.FLAGS_REPLY | MessageHeader.FLAGS_ERROR;
            outbox.message(request.id(), request.command(), flags, errno, 0);
        }
    }

    /// Sends what has been said; `with` goes along with the last message.
    void send(List<Descriptor> with) throws PosixException {
        outbox.send(with);
    }

    /// The client has said something that makes going on impossible.
    void hangUp() {
        isOpen = false;
    }

    @Override
    public boolean ask(Transaction transaction, long address, int from, int byteCount) {
        boolean isRead = transaction.kind() == Kind.READ;
        int command = isRead ? Commands.DMA_READ : Commands.DMA_WRITE;
        askedId = nextId;
        nextId = nextId == 0xffff ? FIRST_ID : nextId + 1;
        try {
            long body = outbox.message(askedId, command, 0, 0, MemoryMessages.DMA_BYTES + (isRead ? 0 : byteCount));
            MemorySegment bytes = outbox.bytes();
            bytes.set(LONG, body + MemoryMessages.DMA_ADDRESS, address);
            bytes.set(LONG, body + MemoryMessages.DMA_COUNT, byteCount);
            if (!isRead) {
                MemorySegment.copy(
                        transaction.data(), from, bytes, JAVA_BYTE, body + MemoryMessages.DMA_BYTES, byteCount);
            }
            return true;
        } catch (PosixException _) {
            isOpen = false;
            return false;
        }
    }

    /// A reply: to the only thing that the client is asked for at a time.
    private void replied(int id, int flags, long body, int byteCount) throws PosixException {
        ClientMemory memory = protocol.memory();
        if (!memory.isAsked() || id != askedId) {
            isOpen = false;
            return;
        }
        boolean isSuccess = (flags & MessageHeader.FLAGS_ERROR) == 0;
        memory.answered(inbox, body + MemoryMessages.DMA_BYTES, byteCount - MemoryMessages.DMA_BYTES, isSuccess);
        protocol.released(this);
    }

    @Override
    public void close() {
        closeAll(descriptors);
        socket.close();
    }
}
