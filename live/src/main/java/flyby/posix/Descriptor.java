package flyby.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A file descriptor that somebody here must close.
public final class Descriptor implements AutoCloseable {
    private final int number;
    private boolean isClosed;

    Descriptor(int number) {
        this.number = number;
    }

    /// Its number, while it is open.
    int number() {
        return number;
    }

    /// The same object again, to be closed by itself: `length` bytes of memory that processes can share.
    public static Descriptor sharedMemory(String name, long byteCount) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            int number = (int) Calls.MEMFD.invokeExact(state, arena.allocateFrom(name), 1);
            if (number < 0) {
                throw new PosixException("memfd_create", Calls.errno(state));
            }
            Descriptor made = new Descriptor(number);
            if ((int) Calls.TRUNCATE.invokeExact(state, number, byteCount) < 0) {
                made.close();
                throw new PosixException("ftruncate", Calls.errno(state));
            }
            return made;
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// How many bytes the file behind it has; 0 for what has no size.
    public long byteCount() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            int end = 2;
            return Math.max(0, (long) Calls.SEEK.invokeExact(state, number, 0L, end));
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// Makes the file behind it `byteCount` bytes long.
    public void truncate(long byteCount) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            if ((int) Calls.TRUNCATE.invokeExact(state, number, byteCount) < 0) {
                throw new PosixException("ftruncate", Calls.errno(state));
            }
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Calls.CLOSE.invokeExact(arena.allocate(Calls.state()), number);
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }
}
