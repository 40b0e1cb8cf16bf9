package flyby.vfio;

import static flyby.vfio.Wire.INT;
import static flyby.vfio.Wire.LONG;
import static flyby.vfio.Wire.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.bus.Device;
import flyby.configuration.ConfigurationSpace;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.posix.Errors;
import flyby.posix.PosixException;
import flyby.vfio.layout.DeviceMessages;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The regions of a function: its BARs, behind which the device is, and its configuration space.
final class FunctionRegions {
    /// What an access to the device has at most.
    private static final int ACCESS_BYTES_MAX = 8;

    private static final int CONFIGURATION_ACCESS_BYTES_MAX = 4;

    private final long[] bytes = new long[DeviceMessages.REGION_COUNT];
    private final LiveHost host;
    private final Device device;
    private final @Nullable DoorbellPages doorbells;

    FunctionRegions(FunctionDescription description, LiveHost host, Device device, @Nullable DoorbellPages doorbells) {
        this.host = host;
        this.device = device;
        this.doorbells = doorbells;
        for (BaseAddress base : description.baseAddresses()) {
            bytes[base.index()] = base.bytes();
        }
        bytes[DeviceMessages.CONFIGURATION_REGION] = ConfigurationSpace.BYTES;
    }

    int describe(Session session, Session.Request request) throws PosixException {
        if (request.byteCount() < DeviceMessages.REGION_BYTES) {
            return Errors.INVALID;
        }
        int room = session.inbox().get(INT, request.body() + DeviceMessages.ARGUMENT_SIZE);
        int index = session.inbox().get(INT, request.body() + DeviceMessages.REGION_INDEX);
        if (index < 0 || index >= DeviceMessages.REGION_COUNT) {
            return Errors.INVALID;
        }
        int flags = bytes[index] == 0 ? 0 : DeviceMessages.REGION_FLAG_READ | DeviceMessages.REGION_FLAG_WRITE;
        DoorbellPages pages = doorbells != null && doorbells.region() == index ? doorbells : null;
        int whole = DeviceMessages.REGION_BYTES;
        if (pages != null) {
            whole += DeviceMessages.SPARSE_HEADER_BYTES + DeviceMessages.SPARSE_AREA_BYTES;
            flags |= DeviceMessages.REGION_FLAG_MMAP | DeviceMessages.REGION_FLAG_CAPABILITIES;
            // What has been said before goes first, so that the descriptor comes with this reply.
            session.send(List.of());
        }
        boolean isWhole = room >= whole;
        long body = session.reply(request, isWhole ? whole : DeviceMessages.REGION_BYTES);
        MemorySegment replies = session.replies();
        replies.set(INT, body + DeviceMessages.ARGUMENT_SIZE, whole);
        replies.set(INT, body + DeviceMessages.FLAGS, flags);
        replies.set(INT, body + DeviceMessages.REGION_INDEX, index);
        replies.set(LONG, body + DeviceMessages.REGION_SIZE, bytes[index]);
        if (pages != null) {
            replies.set(INT, body + DeviceMessages.REGION_CAPABILITY_OFFSET, DeviceMessages.REGION_BYTES);
            if (isWhole) {
                sparse(replies, body + DeviceMessages.REGION_BYTES, pages);
            }
            session.send(isWhole ? List.of(pages.descriptor()) : List.of());
        }
        return 0;
    }

    private static void sparse(MemorySegment replies, long at, DoorbellPages doorbells) {
        replies.set(SHORT, at, (short) DeviceMessages.SPARSE_ID);
        replies.set(SHORT, at + 2, (short) 1);
        replies.set(INT, at + 8, 1);
        replies.set(LONG, at + DeviceMessages.SPARSE_HEADER_BYTES, doorbells.offset());
        replies.set(LONG, at + DeviceMessages.SPARSE_HEADER_BYTES + 8, doorbells.byteCount());
    }

    /// Whether all of `count` bytes (not more than a message has) at `offset` are in region `region`.
    boolean isWithin(int region, long offset, int count) {
        return region >= 0
                && region < bytes.length
                && count >= 0
                && count <= Session.TRANSFER_BYTES_MAX
                && offset >= 0
                && offset <= bytes[region] - count;
    }

    /// Reads registers, each by one access as large as it can be.
    void read(int region, long offset, MemorySegment into, long at, int count) {
        boolean isConfiguration = region == DeviceMessages.CONFIGURATION_REGION;
        int done = 0;
        while (done < count) {
            int byteCount = accessBytes(offset + done, count - done, isConfiguration);
            long value = isConfiguration
                    ? host.space().registers().read((int) offset + done, byteCount)
                    : device.readRegister(region, offset + done, byteCount);
            for (int i = 0; i < byteCount; i++) {
                into.set(JAVA_BYTE, at + done + i, (byte) (value >>> (8 * i)));
            }
            done += byteCount;
        }
    }

    /// Writes registers, each by one access as large as it can be.
    void write(int region, long offset, MemorySegment from, long at, int count) {
        boolean isConfiguration = region == DeviceMessages.CONFIGURATION_REGION;
        int done = 0;
        while (done < count) {
            int byteCount = accessBytes(offset + done, count - done, isConfiguration);
            long value = 0;
            for (int i = 0; i < byteCount; i++) {
                value |= (from.get(JAVA_BYTE, at + done + i) & 0xffL) << (8 * i);
            }
            if (isConfiguration) {
                host.space().registers().write((int) offset + done, byteCount, value);
            } else {
                device.writeRegister(region, offset + done, byteCount, value);
            }
            done += byteCount;
        }
        if (isConfiguration) {
            configured();
        }
    }

    private void configured() {
        if (host.space().takeResetRequest()) {
            reset();
        }
        host.interrupts().disableWire(host.space().isIntxDisabled());
    }

    private static int accessBytes(long offset, int left, boolean isConfiguration) {
        int most = isConfiguration ? CONFIGURATION_ACCESS_BYTES_MAX : ACCESS_BYTES_MAX;
        int aligned = (int) Long.lowestOneBit(offset | most);
        return Math.min(aligned, Integer.highestOneBit(left));
    }

    /// The function is as after power-on.
    void reset() {
        host.reset(device);
        if (doorbells != null) {
            doorbells.reset();
        }
    }

    /// What the guest has written to doorbells without anybody's help.
    ///
    /// @return whether there was anything
    boolean ring() {
        return doorbells != null && doorbells.ring(device);
    }
}
