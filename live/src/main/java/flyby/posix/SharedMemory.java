package flyby.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory that is shared with another process by a descriptor. The descriptor may be closed meanwhile.
///
/// Should the other side make the file shorter, an access beyond its end throws an [InternalError].
public final class SharedMemory implements AutoCloseable {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int SHARED = 1;

    private final MemorySegment memory;
    private boolean isClosed;

    private SharedMemory(MemorySegment memory) {
        this.memory = memory;
    }

    /// `byteCount` bytes from `offset` on, both multiples of the page's size.
    @SuppressWarnings("restricted")
    public static SharedMemory map(Descriptor file, long offset, long byteCount, boolean canRead, boolean canWrite)
            throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            int protection = (canRead ? READ : 0) | (canWrite ? WRITE : 0);
            long address = (long) Calls.MMAP.invokeExact(
                    state, MemorySegment.NULL, byteCount, protection, SHARED, file.number(), offset);
            if (address == -1) {
                throw new PosixException("mmap", Calls.errno(state));
            }
            return new SharedMemory(MemorySegment.ofAddress(address).reinterpret(byteCount));
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// The memory, until it is closed; using it later crashes the process.
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Calls.MUNMAP.invokeExact(arena.allocate(Calls.state()), memory, memory.byteSize());
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }
}
