package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static flyby.vfio.Wire.LONG;
import static flyby.vfio.Wire.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.posix.Descriptor;
import flyby.posix.Errors;
import flyby.posix.EventFd;
import flyby.posix.Poll;
import flyby.posix.PosixException;
import flyby.posix.SharedMemory;
import flyby.posix.UnixSocket;
import flyby.vfio.layout.Commands;
import flyby.vfio.layout.DeviceMessages;
import flyby.vfio.layout.MemoryMessages;
import flyby.vfio.layout.MessageHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The client's side of vfio-user, as a virtual machine has it, for tests and measurements without one: has memory,
/// gives the device windows of it, reads and writes registers, and waits for interrupts. One thread's.
public final class DeviceClient implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 1 << 21;
    private static final int REPLY_SECONDS = 20;

    private final UnixSocket socket;
    private final Poll poll;
    private final Descriptor file;
    private final SharedMemory memory;
    private final MemorySegment out = Arena.ofAuto().allocate(MESSAGE_BYTES_MAX, 8);
    private final MemorySegment in = Arena.ofAuto().allocate(MESSAGE_BYTES_MAX, 8);
    private long end;
    private int nextId;
    private int servedReads;
    private int servedWrites;

    /// A client of whoever serves at `path`, with `memoryBytes` bytes of memory, whole pages.
    public DeviceClient(Path path, long memoryBytes) throws PosixException {
        socket = UnixSocket.connect(path);
        poll = new Poll(socket.descriptor());
        file = Descriptor.sharedMemory("guest", memoryBytes);
        memory = SharedMemory.map(file, 0, memoryBytes, true, true);
        byte[] capabilities = "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}"
                .getBytes(StandardCharsets.UTF_8);
        long body = begin(Commands.VERSION, 0, MemoryMessages.VERSION_BYTES + capabilities.length + 1);
        out.set(SHORT, body + MemoryMessages.VERSION_MAJOR, (short) 0);
        out.set(SHORT, body + MemoryMessages.VERSION_MINOR, (short) 1);
        MemorySegment.copy(
                MemorySegment.ofArray(capabilities), 0, out, body + MemoryMessages.VERSION_BYTES, capabilities.length);
        exchange(List.of());
    }

    /// The memory, from the device's address 0 on as far as it is mapped there.
    public MemorySegment memory() {
        return memory.memory();
    }

    /// Lets the device reach `byteCount` bytes of the memory from `offset` on, at `address`.
    ///
    /// @param isShared whether it gets them by descriptor, or has to ask for each access
    public void map(long address, long offset, long byteCount, boolean isShared) throws PosixException {
        map(address, offset, byteCount, isShared, true, true);
    }

    /// The same for one direction, or both.
    public void map(long address, long offset, long byteCount, boolean isShared, boolean canRead, boolean canWrite)
            throws PosixException {
        long body = begin(Commands.DMA_MAP, 0, MemoryMessages.MAP_BYTES);
        out.set(INT, body, MemoryMessages.MAP_BYTES);
        out.set(
                INT,
                body + MemoryMessages.MAP_FLAGS,
                (canRead ? MemoryMessages.MAP_FLAG_READ : 0) | (canWrite ? MemoryMessages.MAP_FLAG_WRITE : 0));
        out.set(LONG, body + MemoryMessages.MAP_OFFSET, offset);
        out.set(LONG, body + MemoryMessages.MAP_ADDRESS, address);
        out.set(LONG, body + MemoryMessages.MAP_SIZE, byteCount);
        check(exchange(isShared ? List.of(file) : List.of()));
    }

    /// Takes a window away; when this returns, the device has let go of it.
    public void unmap(long address, long byteCount) throws PosixException {
        long body = begin(Commands.DMA_UNMAP, 0, MemoryMessages.UNMAP_BYTES);
        out.set(INT, body, MemoryMessages.UNMAP_BYTES);
        out.set(LONG, body + MemoryMessages.UNMAP_ADDRESS, address);
        out.set(LONG, body + MemoryMessages.UNMAP_SIZE, byteCount);
        check(exchange(List.of()));
    }

    /// Reads a register of 1, 2, 4 or 8 bytes; region 7 is configuration space.
    public long read(int region, long offset, int byteCount) throws PosixException {
        access(Commands.REGION_READ, 0, region, offset, byteCount, 0);
        check(exchange(List.of()));
        long at = MessageHeader.BYTES + MemoryMessages.ACCESS_BYTES;
        long value = 0;
        for (int i = 0; i < byteCount; i++) {
            value |= (in.get(JAVA_BYTE, at + i) & 0xffL) << (8 * i);
        }
        return value;
    }

    /// Writes a register and waits until that is done.
    public void write(int region, long offset, int byteCount, long value) throws PosixException {
        write(Commands.REGION_WRITE, 0, region, offset, byteCount, value);
        check(exchange(List.of()));
    }

    /// Writes a register, posted: nobody answers.
    public void post(int region, long offset, int byteCount, long value) throws PosixException {
        long size = write(Commands.REGION_WRITE, MessageHeader.FLAGS_NO_REPLY, region, offset, byteCount, value);
        socket.send(out, size, List.of());
    }

    private long write(int command, int flags, int region, long offset, int byteCount, long value) {
        long body = access(command, flags, region, offset, byteCount, byteCount);
        for (int i = 0; i < byteCount; i++) {
            out.set(JAVA_BYTE, body + MemoryMessages.ACCESS_BYTES + i, (byte) (value >>> (8 * i)));
        }
        return MessageHeader.BYTES + MemoryMessages.ACCESS_BYTES + (long) byteCount;
    }

    private long access(int command, int flags, int region, long offset, int byteCount, int dataBytes) {
        long body = begin(command, flags, MemoryMessages.ACCESS_BYTES + dataBytes);
        out.set(LONG, body + MemoryMessages.ACCESS_OFFSET, offset);
        out.set(INT, body + MemoryMessages.ACCESS_REGION, region);
        out.set(INT, body + MemoryMessages.ACCESS_COUNT, byteCount);
        return body;
    }

    /// Listens to all vectors of `index` (0 INTx, 1 MSI, 2 MSI-X).
    public List<EventFd> listen(int index, int vectors) throws PosixException {
        List<EventFd> listeners = new ArrayList<>();
        for (int i = 0; i < vectors; i++) {
            listeners.add(EventFd.create());
        }
        setInterrupts(index, DeviceMessages.SET_DATA_EVENTFD | DeviceMessages.SET_ACTION_TRIGGER, vectors, listeners);
        return listeners;
    }

    /// Unmasks INTx, as a client does when the interrupt has been handled.
    public void unmaskWire() throws PosixException {
        setInterrupts(
                DeviceMessages.INTX, DeviceMessages.SET_DATA_NONE | DeviceMessages.SET_ACTION_UNMASK, 1, List.of());
    }

    private void setInterrupts(int index, int flags, int count, List<EventFd> listeners) throws PosixException {
        long body = begin(Commands.DEVICE_SET_IRQS, 0, DeviceMessages.SET_BYTES);
        out.set(INT, body, DeviceMessages.SET_BYTES);
        out.set(INT, body + DeviceMessages.FLAGS, flags);
        out.set(INT, body + DeviceMessages.SET_INDEX, index);
        out.set(INT, body + DeviceMessages.SET_COUNT, count);
        check(exchange(listeners.stream().map(EventFd::descriptor).toList()));
    }

    /// Resets the device.
    public void reset() throws PosixException {
        begin(Commands.DEVICE_RESET, 0, 0);
        check(exchange(List.of()));
    }

    /// Lets the function ask for memory and answer at its BARs: Bus Master Enable and Memory Space Enable.
    public void enable() throws PosixException {
        write(DeviceMessages.CONFIGURATION_REGION, 4, 2, 6);
    }

    /// Makes the memory shorter than what has been mapped, as a client must not.
    void truncate(long byteCount) throws PosixException {
        file.truncate(byteCount);
    }

    /// How many reads and writes of memory the device has asked for by message.
    public int served() {
        return servedReads + servedWrites;
    }

    /// Answers what the device asks for, for as long as nothing else has to be done, at most `nanos`.
    public void serve(long nanos) throws PosixException {
        long limit = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0) {
            poll.await(left);
            if (poll.isReadable(0)) {
                receive();
                while (isWhole() && !isReply()) {
                    answer();
                }
            }
            left = limit - System.nanoTime();
        }
    }

    private long begin(int command, int flags, int bodyBytes) {
        nextId = (nextId + 1) & 0xffff;
        out.asSlice(0, (long) MessageHeader.BYTES + bodyBytes).fill((byte) 0);
        out.set(SHORT, MessageHeader.ID, (short) nextId);
        out.set(SHORT, MessageHeader.COMMAND, (short) command);
        out.set(INT, MessageHeader.SIZE, MessageHeader.BYTES + bodyBytes);
        out.set(INT, MessageHeader.FLAGS, flags);
        return MessageHeader.BYTES;
    }

    /// Sends what has been put together and waits for its reply, which stays in [#in].
    ///
    /// @return the error of the reply, 0 if there is none
    private int exchange(List<Descriptor> with) throws PosixException {
        dropReply();
        socket.send(out, out.get(INT, MessageHeader.SIZE), with);
        while (true) {
            while (isWhole()) {
                if (isReply()) {
                    boolean isError = (in.get(INT, MessageHeader.FLAGS) & MessageHeader.FLAGS_ERROR) != 0;
                    return isError ? in.get(INT, MessageHeader.ERROR) : 0;
                }
                answer();
            }
            poll.await(REPLY_SECONDS * 1_000_000_000L);
            if (!poll.isReadable(0)) {
                throw new PosixException("no answer in " + REPLY_SECONDS + " s", Errors.AGAIN);
            }
            receive();
        }
    }

    private static void check(int errno) throws PosixException {
        if (errno != 0) {
            throw new PosixException("the server refuses", errno);
        }
    }

    private void receive() throws PosixException {
        List<Descriptor> came = new ArrayList<>();
        int count = socket.receive(in, end, in.byteSize() - end, came);
        came.forEach(Descriptor::close);
        if (count == 0) {
            throw new PosixException("the server", Errors.CONNECTION_RESET);
        }
        end += Math.max(0, count);
    }

    private boolean isWhole() {
        return end >= MessageHeader.BYTES && end >= in.get(INT, MessageHeader.SIZE);
    }

    private boolean isReply() {
        return (in.get(INT, MessageHeader.FLAGS) & MessageHeader.FLAGS_TYPE) == MessageHeader.FLAGS_REPLY;
    }

    /// The reply before is no longer needed.
    private void dropReply() {
        if (isWhole() && isReply()) {
            drop();
        }
    }

    private void drop() {
        int size = in.get(INT, MessageHeader.SIZE);
        MemorySegment.copy(in, size, in, 0, end - size);
        end -= size;
    }

    /// Gives the device memory, or takes some of it. Addresses are those of the memory.
    private void answer() throws PosixException {
        boolean isRead = in.get(SHORT, MessageHeader.COMMAND) == Commands.DMA_READ;
        long address = in.get(LONG, MessageHeader.BYTES + MemoryMessages.DMA_ADDRESS);
        int count = (int) in.get(LONG, MessageHeader.BYTES + MemoryMessages.DMA_COUNT);
        int body = MemoryMessages.DMA_BYTES + (isRead ? count : 0);
        MemorySegment reply = Arena.ofAuto().allocate(MessageHeader.BYTES + body, 8);
        boolean isMine = address >= 0 && address <= memory().byteSize() - count;
        MemorySegment.copy(in, 0, reply, 0, MessageHeader.BYTES + MemoryMessages.DMA_BYTES);
        reply.set(INT, MessageHeader.SIZE, (int) reply.byteSize());
        reply.set(INT, MessageHeader.FLAGS, MessageHeader.FLAGS_REPLY | (isMine ? 0 : MessageHeader.FLAGS_ERROR));
        reply.set(INT, MessageHeader.ERROR, isMine ? 0 : Errors.INVALID);
        long data = MessageHeader.BYTES + MemoryMessages.DMA_BYTES;
        if (isMine && isRead) {
            servedReads++;
            MemorySegment.copy(memory(), address, reply, data, count);
        } else if (isMine) {
            servedWrites++;
            MemorySegment.copy(in, data, memory(), address, count);
        }
        drop();
        socket.send(reply, reply.byteSize(), List.of());
    }

    @Override
    public void close() {
        socket.close();
        memory.close();
        file.close();
    }
}
