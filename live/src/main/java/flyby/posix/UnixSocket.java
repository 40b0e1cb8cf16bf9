package flyby.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import flyby.base.Check;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A stream socket of the Unix domain, which passes descriptors along with bytes. Used by one thread at a time, but
/// for [#close].
public final class UnixSocket implements AutoCloseable {
    /// The most descriptors that come with one message: more are closed unseen.
    public static final int DESCRIPTORS_MAX = 64;

    /// What a path may have: `sun_path` has 108 bytes, of which the last is 0.
    private static final int PATH_BYTES_MAX = 107;

    private static final int UNIX = 1;
    private static final int STREAM = 1;
    private static final int CLOEXEC = 0x8_0000;
    private static final int NO_SIGNAL = 0x4000;
    private static final int DONT_WAIT = 0x40;
    private static final int CLOEXEC_ON_RECEIVE = 0x4000_0000;
    private static final int SOCKET_LEVEL = 1;
    private static final int RIGHTS = 1;

    private static final int CONTROL_HEADER = 16;
    private static final int CONTROL_BYTES = CONTROL_HEADER + 4 * DESCRIPTORS_MAX;

    private final Descriptor descriptor;
    private final MemorySegment state;
    private final MemorySegment message;
    private final MemorySegment vector;
    private final MemorySegment control;

    private UnixSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Calls.state());
        // struct msghdr: name, its length, vector, its length, control, its length, flags.
        message = arena.allocate(56, 8);
        vector = arena.allocate(16, 8);
        control = arena.allocate(CONTROL_BYTES, 8);
        message.set(ADDRESS, 16, vector);
        message.set(JAVA_LONG, 24, 1);
        message.set(ADDRESS, 32, control);
    }

    /// A socket that waits for clients at `path`, which must not exist.
    public static UnixSocket listen(Path path) throws PosixException {
        UnixSocket socket = create();
        try {
            socket.named(Calls.BIND, "bind", path);
            if ((int) Calls.LISTEN.invokeExact(socket.state, socket.number(), 1) < 0) {
                throw new PosixException("listen", Calls.errno(socket.state));
            }
            return socket;
        } catch (PosixException refused) {
            socket.close();
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// A socket that is connected to whoever listens at `path`.
    public static UnixSocket connect(Path path) throws PosixException {
        UnixSocket socket = create();
        try {
            socket.named(Calls.CONNECT, "connect", path);
            return socket;
        } catch (PosixException refused) {
            socket.close();
            throw refused;
        }
    }

    private static UnixSocket create() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Calls.state());
            int number = (int) Calls.SOCKET.invokeExact(state, UNIX, STREAM | CLOEXEC, 0);
            if (number < 0) {
                throw new PosixException("socket", Calls.errno(state));
            }
            return new UnixSocket(new Descriptor(number));
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// Whether a socket can have this path: at most 107 bytes.
    public static boolean canBe(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= PATH_BYTES_MAX;
    }

    private void named(java.lang.invoke.MethodHandle call, String name, Path path) throws PosixException {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        Check.that(bytes.length <= PATH_BYTES_MAX, "a path of %d bytes", bytes.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(110, 2);
            address.set(JAVA_SHORT, 0, (short) UNIX);
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
            if ((int) call.invokeExact(state, number(), address, 110) < 0) {
                throw new PosixException(name + " " + path, Calls.errno(state));
            }
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// The next client; waits for it.
    public UnixSocket accept() throws PosixException {
        try {
            int number =
                    (int) Calls.ACCEPT.invokeExact(state, number(), MemorySegment.NULL, MemorySegment.NULL, CLOEXEC);
            if (number < 0) {
                throw new PosixException("accept", Calls.errno(state));
            }
            return new UnixSocket(new Descriptor(number));
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// Lets [#send] fail if the other side takes nothing for so long.
    public void patience(long seconds) throws PosixException {
        int sendTimeout = 21;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            time.set(JAVA_LONG, 0, seconds);
            if ((int) Calls.OPTION.invokeExact(state, number(), SOCKET_LEVEL, sendTimeout, time, 16) < 0) {
                throw new PosixException("setsockopt", Calls.errno(state));
            }
        } catch (PosixException refused) {
            throw refused;
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    private int number() {
        return descriptor.number();
    }

    /// Receives up to `byteCount` bytes into `buffer` at `offset`, without waiting, and the descriptors that came
    /// with the last of them.
    ///
    /// @param descriptors those that came are added; the caller closes them
    /// @return how many bytes; 0 if the other side has closed; -1 if there are none now
    public int receive(MemorySegment buffer, long offset, long byteCount, List<Descriptor> descriptors)
            throws PosixException {
        vector.set(ADDRESS, 0, buffer.asSlice(offset, byteCount));
        vector.set(JAVA_LONG, 8, byteCount);
        message.set(JAVA_LONG, 40, CONTROL_BYTES);
        long count;
        try {
            count = (long) Calls.RECEIVE.invokeExact(state, number(), message, DONT_WAIT | CLOEXEC_ON_RECEIVE);
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
        if (count < 0) {
            int errno = Calls.errno(state);
            if (errno == Errors.AGAIN || errno == Errors.INTERRUPTED) {
                return -1;
            }
            throw new PosixException("recvmsg", errno);
        }
        takeDescriptors(descriptors);
        return (int) count;
    }

    private void takeDescriptors(List<Descriptor> descriptors) {
        long left = message.get(JAVA_LONG, 40);
        long at = 0;
        while (left - at >= CONTROL_HEADER) {
            long length = control.get(JAVA_LONG, at);
            if (length < CONTROL_HEADER) {
                return;
            }
            if (control.get(JAVA_INT, at + 8) == SOCKET_LEVEL && control.get(JAVA_INT, at + 12) == RIGHTS) {
                for (long i = at + CONTROL_HEADER; i + 4 <= at + length; i += 4) {
                    descriptors.add(new Descriptor(control.get(JAVA_INT, i)));
                }
            }
            at += (length + 7) & -8;
        }
    }

    /// Sends all of `byteCount` bytes of `buffer`, waiting as long as [#patience] allows, and `descriptors` with
    /// the first.
    public void send(MemorySegment buffer, long byteCount, List<Descriptor> descriptors) throws PosixException {
        long done = 0;
        while (done < byteCount) {
            vector.set(ADDRESS, 0, buffer.asSlice(done, byteCount - done));
            vector.set(JAVA_LONG, 8, byteCount - done);
            message.set(JAVA_LONG, 40, done == 0 ? rights(descriptors) : 0);
            long count;
            try {
                count = (long) Calls.SEND.invokeExact(state, number(), message, NO_SIGNAL);
            } catch (Throwable thrown) {
                throw Calls.fault(thrown);
            }
            if (count < 0 && Calls.errno(state) != Errors.INTERRUPTED) {
                throw new PosixException("sendmsg", Calls.errno(state));
            }
            done += Math.max(0, count);
        }
    }

    private long rights(List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            return 0;
        }
        int count = descriptors.size();
        control.set(JAVA_LONG, 0, CONTROL_HEADER + 4L * count);
        control.set(JAVA_INT, 8, SOCKET_LEVEL);
        control.set(JAVA_INT, 12, RIGHTS);
        for (int i = 0; i < count; i++) {
            control.set(JAVA_INT, CONTROL_HEADER + 4L * i, descriptors.get(i).number());
        }
        return (CONTROL_HEADER + 4L * count + 7) & -8;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
