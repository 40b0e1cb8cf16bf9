package flyby.vfio;

import static flyby.vfio.Wire.INT;

import flyby.bus.Device;
import flyby.posix.Descriptor;
import flyby.posix.PosixException;
import flyby.posix.SharedMemory;
import java.lang.foreign.MemorySegment;

/// Doorbells that the guest writes to as to memory, with nobody told: whoever wants to know has to look. Registers
/// of which only the value that was written last matters, four bytes each.
final class DoorbellPages implements AutoCloseable {
    private static final int DOORBELL_BYTES = 4;

    private final int region;
    private final long offset;
    private final Descriptor file;
    private final SharedMemory shared;
    private final int[] seen;

    private DoorbellPages(int region, long offset, Descriptor file, SharedMemory shared, int count) {
        this.region = region;
        this.offset = offset;
        this.file = file;
        this.shared = shared;
        seen = new int[count];
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
        return (long) seen.length * DOORBELL_BYTES;
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
        for (int i = 0; i < seen.length; i++) {
            int value = memory.get(INT, (long) i * DOORBELL_BYTES);
            if (value != seen[i]) {
                seen[i] = value;
                isNew = true;
                device.writeRegister(region, offset + (long) i * DOORBELL_BYTES, DOORBELL_BYTES, value & 0xffff_ffffL);
            }
        }
        return isNew;
    }

    /// After a reset all are 0.
    void reset() {
        shared.memory().fill((byte) 0);
        java.util.Arrays.fill(seen, 0);
    }

    @Override
    public void close() {
        shared.close();
        file.close();
    }
}
