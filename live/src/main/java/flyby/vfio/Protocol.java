package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static flyby.vfio.Wire.LONG;
import static flyby.vfio.Wire.SHORT;

import flyby.posix.Descriptor;
import flyby.posix.Errors;
import flyby.posix.PosixException;
import flyby.posix.SharedMemory;
import flyby.vfio.layout.Commands;
import flyby.vfio.layout.DeviceMessages;
import flyby.vfio.layout.MemoryMessages;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the messages of a client mean. Whatever they say, each is answered or refused, and the device sees only
/// accesses
/// that lie within its regions.
final class Protocol {
    /// The most windows: what QEMU, too, takes to be enough.
    private static final int WINDOWS_MAX = 65_535;

    private static final int PAGE_BYTES = 4_096;

    private static final Pattern TRANSFER_SIZE = Pattern.compile("\"max_data_xfer_size\"\\s*:\\s*([0-9]{1,9})");

    private static final String CAPABILITIES = "{\"capabilities\":{\"max_msg_fds\":" + 16
            + ",\"max_data_xfer_size\":" + Session.TRANSFER_BYTES_MAX + ",\"max_dma_maps\":" + WINDOWS_MAX
            + ",\"pgsizes\":" + PAGE_BYTES + ",\"write_multiple\":true}}";

    /// The most of it that a client may have.
    private static final int TRANSFER_BYTES_LEAST = 64;

    private final FunctionRegions regions;
    private final ClientMemory memory;
    private final Interrupts interrupts;
    private final InterruptRequests interruptRequests;
    private final List<Unmapping> unmappings = new ArrayList<>();
    private boolean isIntroduced;

    /// An unmapping that waits until the device has let go of `windows`.
    private record Unmapping(Session.Request request, List<Window> windows, long address, long byteCount) {}

    Protocol(FunctionRegions regions, ClientMemory memory, Interrupts interrupts) {
        this.regions = regions;
        this.memory = memory;
        this.interrupts = interrupts;
        interruptRequests = new InterruptRequests(interrupts);
    }

    ClientMemory memory() {
        return memory;
    }

    /// The client has gone.
    void disconnected() {
        isIntroduced = false;
        unmappings.clear();
        memory.disconnect();
        interrupts.close();
    }

    /// Acts on `request`.
    void act(Session session, Session.Request request) throws PosixException {
        if (!isIntroduced && request.command() != Commands.VERSION) {
            session.refuse(request, Errors.INVALID);
            session.hangUp();
            return;
        }
        if (!request.wantsReply() && isQuestion(request.command())) {
            return;
        }
        int errno = switch (request.command()) {
            case Commands.VERSION -> introduce(session, request);
            case Commands.DMA_MAP -> map(session, request);
            case Commands.DMA_UNMAP -> unmap(session, request);
            case Commands.DEVICE_GET_INFO -> describe(session, request);
            case Commands.DEVICE_GET_REGION_INFO -> regions.describe(session, request);
            case Commands.DEVICE_GET_IRQ_INFO -> interruptRequests.describe(session, request);
            case Commands.DEVICE_SET_IRQS -> interruptRequests.set(session, request);
            case Commands.REGION_READ -> read(session, request);
            case Commands.REGION_WRITE -> write(session, request);
            case Commands.REGION_WRITE_MULTI -> writeMany(session, request);
            case Commands.DEVICE_RESET -> reset(session, request);
            default -> Errors.NOT_SUPPORTED;
        };
        if (errno != 0) {
            session.refuse(request, errno);
        }
    }

    /// Whether a command makes no sense without its reply.
    private static boolean isQuestion(int command) {
        return switch (command) {
            case Commands.VERSION,
                    Commands.DEVICE_GET_INFO,
                    Commands.DEVICE_GET_REGION_INFO,
                    Commands.DEVICE_GET_IRQ_INFO,
                    Commands.REGION_READ -> true;
            default -> false;
        };
    }

    private int introduce(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < MemoryMessages.VERSION_BYTES || isIntroduced) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        int major = inbox.get(SHORT, request.body() + MemoryMessages.VERSION_MAJOR) & 0xffff;
        int minor = inbox.get(SHORT, request.body() + MemoryMessages.VERSION_MINOR) & 0xffff;
        if (major != 0) {
            session.hangUp();
            return Errors.INVALID;
        }
        byte[] text = inbox.asSlice(
                        request.body() + MemoryMessages.VERSION_BYTES,
                        request.byteCount() - MemoryMessages.VERSION_BYTES)
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        Matcher limit = TRANSFER_SIZE.matcher(new String(text, StandardCharsets.UTF_8));
        int transferBytes = limit.find() ? Integer.parseInt(limit.group(1)) : Session.TRANSFER_BYTES_MAX;
        isIntroduced = true;
        memory.connect(session, Math.clamp(transferBytes, TRANSFER_BYTES_LEAST, Session.TRANSFER_BYTES_MAX));

        byte[] answer = CAPABILITIES.getBytes(StandardCharsets.UTF_8);
        long body = session.reply(request, MemoryMessages.VERSION_BYTES + answer.length + 1L);
        MemorySegment replies = session.replies();
        replies.set(SHORT, body + MemoryMessages.VERSION_MAJOR, (short) 0);
        replies.set(SHORT, body + MemoryMessages.VERSION_MINOR, (short) Math.min(minor, 1));
        MemorySegment.copy(
                MemorySegment.ofArray(answer), 0, replies, body + MemoryMessages.VERSION_BYTES, answer.length);
        return 0;
    }

    private static int describe(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < DeviceMessages.INFO_BYTES) {
            return Errors.INVALID;
        }
        long body = session.reply(request, DeviceMessages.INFO_BYTES);
        MemorySegment replies = session.replies();
        replies.set(INT, body + DeviceMessages.ARGUMENT_SIZE, DeviceMessages.INFO_BYTES);
        replies.set(INT, body + DeviceMessages.FLAGS, DeviceMessages.INFO_FLAG_RESET | DeviceMessages.INFO_FLAG_PCI);
        replies.set(INT, body + DeviceMessages.INFO_REGIONS, DeviceMessages.REGION_COUNT);
        replies.set(INT, body + DeviceMessages.INFO_INTERRUPTS, DeviceMessages.INDEX_COUNT);
        return 0;
    }

    private int map(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < MemoryMessages.MAP_BYTES) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        int flags = inbox.get(INT, request.body() + MemoryMessages.MAP_FLAGS);
        long offset = inbox.get(LONG, request.body() + MemoryMessages.MAP_OFFSET);
        long address = inbox.get(LONG, request.body() + MemoryMessages.MAP_ADDRESS);
        long byteCount = inbox.get(LONG, request.body() + MemoryMessages.MAP_SIZE);
        if (address < 0 || byteCount <= 0 || address > Long.MAX_VALUE - byteCount) {
            return Errors.INVALID;
        }
        if (memory.windowCount() >= WINDOWS_MAX) {
            return Errors.NO_SPACE;
        }
        boolean canRead = (flags & MemoryMessages.MAP_FLAG_READ) != 0;
        boolean canWrite = (flags & MemoryMessages.MAP_FLAG_WRITE) != 0;
        SharedMemory shared = null;
        Descriptor file = session.takeDescriptor();
        if (file != null) {
            try (file) {
                shared = shared(file, offset, byteCount, canRead, canWrite);
            } catch (PosixException refused) {
                return refused.errno();
            }
            if (shared == null) {
                return Errors.INVALID;
            }
        }
        memory.map(new Window(address, byteCount, canRead, canWrite, shared));
        if (request.wantsReply()) {
            session.reply(request, 0);
        }
        return 0;
    }

    /// @return null if the file does not have these bytes, so that nobody meets its end later
    private static @Nullable SharedMemory shared(
            Descriptor file, long offset, long byteCount, boolean canRead, boolean canWrite) throws PosixException {
        long length = file.byteCount();
        if (offset < 0 || offset % PAGE_BYTES != 0 || byteCount > length || offset > length - byteCount) {
            return null;
        }
        return SharedMemory.map(file, offset, byteCount, canRead, canWrite);
    }

    private int unmap(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < MemoryMessages.UNMAP_BYTES) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        int flags = inbox.get(INT, request.body() + MemoryMessages.UNMAP_FLAGS);
        long address = inbox.get(LONG, request.body() + MemoryMessages.UNMAP_ADDRESS);
        long byteCount = inbox.get(LONG, request.body() + MemoryMessages.UNMAP_SIZE);
        if ((flags & ~MemoryMessages.UNMAP_FLAG_ALL) != 0) {
            return Errors.NOT_SUPPORTED;
        }
        int before = memory.windowCount();
        List<Window> inUse;
        if (flags == MemoryMessages.UNMAP_FLAG_ALL) {
            if (address != 0 || byteCount != 0) {
                return Errors.INVALID;
            }
            inUse = memory.unmapAll();
        } else {
            if (address < 0 || byteCount <= 0 || address > Long.MAX_VALUE - byteCount) {
                return Errors.INVALID;
            }
            inUse = memory.unmap(address, byteCount);
            if (memory.windowCount() == before) {
                return Errors.NO_ENTRY;
            }
        }
        Unmapping unmapping = new Unmapping(request, inUse, address, byteCount);
        if (inUse.isEmpty()) {
            answer(session, unmapping);
        } else {
            unmappings.add(unmapping);
        }
        return 0;
    }

    private static void answer(Session session, Unmapping unmapping) throws PosixException {
        if (!unmapping.request().wantsReply()) {
            return;
        }
        long body = session.reply(unmapping.request(), MemoryMessages.UNMAP_BYTES);
        MemorySegment replies = session.replies();
        replies.set(INT, body, MemoryMessages.UNMAP_BYTES);
        replies.set(LONG, body + MemoryMessages.UNMAP_ADDRESS, unmapping.address());
        replies.set(LONG, body + MemoryMessages.UNMAP_SIZE, unmapping.byteCount());
    }

    /// Answers the unmappings whose windows the device has let go of by now.
    void released(Session session) throws PosixException {
        Iterator<Unmapping> each = unmappings.iterator();
        while (each.hasNext()) {
            Unmapping unmapping = each.next();
            if (unmapping.windows().stream().noneMatch(Window::isInUse)) {
                each.remove();
                answer(session, unmapping);
            }
        }
    }

    private int read(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < MemoryMessages.ACCESS_BYTES) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        long offset = inbox.get(LONG, request.body() + MemoryMessages.ACCESS_OFFSET);
        int region = inbox.get(INT, request.body() + MemoryMessages.ACCESS_REGION);
        int count = inbox.get(INT, request.body() + MemoryMessages.ACCESS_COUNT);
        if (!regions.isWithin(region, offset, count)) {
            return Errors.INVALID;
        }
        long body = session.reply(request, MemoryMessages.ACCESS_BYTES + (long) count);
        MemorySegment replies = session.replies();
        replies.set(LONG, body + MemoryMessages.ACCESS_OFFSET, offset);
        replies.set(INT, body + MemoryMessages.ACCESS_REGION, region);
        replies.set(INT, body + MemoryMessages.ACCESS_COUNT, count);
        regions.read(region, offset, replies, body + MemoryMessages.ACCESS_BYTES, count);
        return 0;
    }

    private int write(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < MemoryMessages.ACCESS_BYTES) {
            return Errors.INVALID;
        }
        MemorySegment inbox = session.inbox();
        long offset = inbox.get(LONG, request.body() + MemoryMessages.ACCESS_OFFSET);
        int region = inbox.get(INT, request.body() + MemoryMessages.ACCESS_REGION);
        int count = inbox.get(INT, request.body() + MemoryMessages.ACCESS_COUNT);
        if (!regions.isWithin(region, offset, count) || count > request.byteCount() - MemoryMessages.ACCESS_BYTES) {
            return Errors.INVALID;
        }
        regions.write(region, offset, inbox, request.body() + MemoryMessages.ACCESS_BYTES, count);
        if (request.wantsReply()) {
            long body = session.reply(request, MemoryMessages.ACCESS_BYTES);
            MemorySegment replies = session.replies();
            replies.set(LONG, body + MemoryMessages.ACCESS_OFFSET, offset);
            replies.set(INT, body + MemoryMessages.ACCESS_REGION, region);
            replies.set(INT, body + MemoryMessages.ACCESS_COUNT, count);
        }
        return 0;
    }

    private int writeMany(Session session, Session.Request request) throws PosixException {
        MemorySegment inbox = session.inbox();
        long room = (long) request.byteCount() - MemoryMessages.MULTI_BYTES;
        long writes = room < 0 ? -1 : inbox.get(LONG, request.body() + MemoryMessages.MULTI_COUNT);
        if (writes < 0 || writes > room / MemoryMessages.MULTI_WRITE_BYTES) {
            return Errors.INVALID;
        }
        long at = request.body() + MemoryMessages.MULTI_BYTES;
        int errno = 0;
        for (long i = 0; i < writes; i++) {
            long offset = inbox.get(LONG, at + MemoryMessages.ACCESS_OFFSET);
            int region = inbox.get(INT, at + MemoryMessages.ACCESS_REGION);
            int count = inbox.get(INT, at + MemoryMessages.ACCESS_COUNT);
            if (count <= Long.BYTES && regions.isWithin(region, offset, count)) {
                regions.write(region, offset, inbox, at + MemoryMessages.ACCESS_BYTES, count);
            } else {
                errno = Errors.INVALID;
            }
            at += MemoryMessages.MULTI_WRITE_BYTES;
        }
        if (errno == 0 && request.wantsReply()) {
            long body = session.reply(request, MemoryMessages.MULTI_BYTES);
            session.replies().set(LONG, body, writes);
        }
        return errno;
    }

    private int reset(Session session, Session.Request request) throws PosixException {
        regions.reset();
        if (request.wantsReply()) {
            session.reply(request, 0);
        }
        return 0;
    }
}
