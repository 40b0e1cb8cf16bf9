package flyby.vfio;

import flyby.bus.Device;
import flyby.posix.Descriptor;
import flyby.posix.PosixException;
import flyby.posix.SharedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Doorbells that the guest writes to as to memory, with nobody told: whoever wants to know has to look. Registers
/// of which only the value that was written last matters, four bytes each, never all ones.
///
/// What has been seen is replaced by all ones, so that the same value is seen when it is written again: after a
/// reset, or when others have been written in between by accesses that were told.
final class DoorbellPages implements AutoCloseable {
    private static final int DOORBELL_BYTES = 4;
    private static final int NOTHING = -1;
    private static final VarHandle VALUE = ValueLayout.JAVA_INT.varHandle();

    private final int region;
    private final long offset;
    private final Descriptor file;
    private final SharedMemory shared;
    private final int count;

    private DoorbellPages(int region, long offset, Descriptor file, SharedMemory shared, int count) {
        this.region = region;
        this.offset = offset;
        this.file = file;
        this.shared = shared;
        this.count = count;
        reset();
    }

    /// `byteCount` bytes, whole pages, from `offset` on in region `region`.
    static DoorbellPages create(int region, long offset, long byteCount) throws PosixException {
        // The client maps the file at the offset that the area has in the region.
        Descriptor file = Descriptor.sharedMemory("doorbells", offset + byteCount);
        try {
            SharedMemory shared = SharedMemory.map(file, offset, byteCount, true, true);
            return new DoorbellPages(region, offset, file, shared, (int) (byteCount / DOORBELL_BYTES));
        } catch (PosixException refused) {
            file.close();
            throw refused;
        }
    }

    int region() {
        return region;
    }

    long offset() {
        return offset;
    }

    long byteCount() {
        return (long) count * DOORBELL_BYTES;
    }

    Descriptor descriptor() {
        return file;
    }

    /// Tells `device` of each doorbell that has a new value.
    ///
    /// @return whether there was one
    boolean ring(Device device) {
        MemorySegment memory = shared.memory();
        boolean isNew = false;
        for (int i = 0; i < count; i++) {
            long at = (long) i * DOORBELL_BYTES;
            int value = (int) VALUE.getVolatile(memory, at);
            if (value != NOTHING && VALUE.compareAndSet(memory, at, value, NOTHING)) {
                isNew = true;
                device.writeRegister(region, offset + at, DOORBELL_BYTES, value & 0xffff_ffffL);
            }
        }
        return isNew;
    }

    /// After a reset nothing has been written.
    void reset() {
        shared.memory().fill((byte) NOTHING);
    }

    @Override
    public void close() {
        shared.close();
        file.close();
    }
}
