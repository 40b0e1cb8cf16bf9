package flyby.store;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import flyby.base.Check;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Makes parts of a file holes, which read as zeros and take no room: `fallocate` of Linux, whose like Java's
/// library does not have. So a drive of many gigabytes is discarded at once.
final class HolePunch implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = bind("open", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ALLOCATE = bind("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CLOSE = bind("close", JAVA_INT, JAVA_INT);

    /// O_RDWR and O_CLOEXEC.
    private static final int READ_WRITE = 0x8_0002;
    /// FALLOC_FL_KEEP_SIZE and FALLOC_FL_PUNCH_HOLE.
    private static final int PUNCH = 3;

    private final int descriptor;

    private HolePunch(int descriptor) {
        this.descriptor = descriptor;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment function =
                LINKER.defaultLookup().find(name).orElseThrow(() -> Check.bug("no function %s here", name));
        return LINKER.downcallHandle(function, FunctionDescriptor.of(result, arguments));
    }

    /// For `file`. If that cannot be opened, it makes no holes.
    static HolePunch open(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            return new HolePunch((int) OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_WRITE));
        } catch (Throwable thrown) {
            throw fault(thrown);
        }
    }

    /// Makes a hole.
    ///
    /// @return whether the file system can
    boolean zero(long offset, long byteCount) {
        try {
            return descriptor >= 0 && (int) ALLOCATE.invokeExact(descriptor, PUNCH, offset, byteCount) == 0;
        } catch (Throwable thrown) {
            throw fault(thrown);
        }
    }

    @Override
    public void close() {
        if (descriptor < 0) {
            return;
        }
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable thrown) {
            throw fault(thrown);
        }
    }

    private static AssertionError fault(Throwable thrown) {
        return new AssertionError("a call of the C library threw", thrown);
    }
}
