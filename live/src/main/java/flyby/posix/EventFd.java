package flyby.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An eventfd: a counter that one side adds to and the other waits for.
public final class EventFd implements AutoCloseable {
    private static final int NONBLOCKING_CLOEXEC = 0x800 | 0x8_0000;

    private final Descriptor descriptor;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(Calls.state());
    private final MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);

    /// @param descriptor taken over
    public EventFd(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /// A new one.
    public static EventFd create() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            int number = (int) Calls.EVENTFD.invokeExact(state, 0, NONBLOCKING_CLOEXEC);
            if (number < 0) {
                throw new PosixException("eventfd", Calls.errno(state));
            }
            return new EventFd(new Descriptor(number));
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /// Adds 1. A counter that is full, or a descriptor that is no eventfd, makes no difference here: who sent it
    /// has what it asked for.
    public void signal() {
        value.set(ValueLayout.JAVA_LONG, 0, 1);
        try {
            long _ = (long) Calls.WRITE.invokeExact(state, descriptor.number(), value, 8L);
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// What has been added since the last call, 0 if nothing.
    public long take() {
        try {
            long count = (long) Calls.READ.invokeExact(state, descriptor.number(), value, 8L);
            return count == 8 ? value.get(ValueLayout.JAVA_LONG, 0) : 0;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
