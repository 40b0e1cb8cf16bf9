package flyby.vfio;

import flyby.base.Check;
import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import flyby.posix.EventFd;
import flyby.posix.Poll;
import flyby.posix.PosixException;
import flyby.posix.UnixSocket;
import flyby.vfio.layout.DeviceMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Serves one device model as a PCI function over vfio-user: to one client at a time, and to the next one when that
/// has gone. All of the device's life is on one thread; servers share nothing, so that a process has as many as it
/// likes.
///
/// ```java
/// try (DeviceServer server = DeviceServer.serve(Path.of("/tmp/edu.sock"), description, host -> new Edu(host,
/// "edu"))) { server.join(); }
/// ```
public final class DeviceServer implements AutoCloseable {
    /// How often it looks for doorbells that nobody tells of, at most and at least.
    private static final long DOORBELL_NANOS = 20_000;

    private static final long DOORBELL_IDLE_NANOS = 1_000_000;

    /// So many looks in vain, and the guest is taken to rest.
    private static final int PATIENT_LOOKS = 100;

    /// A client that takes no reply for so long is hung up on: it would keep the server from everything else.
    private static final long PATIENCE_SECONDS = 10;

    /// Doorbells that are memory, as most devices have them: a page is enough for what guests use.
    private static final int DOORBELL_PAGE_BYTES = 4_096;

    private final Path path;
    private final UnixSocket listener;
    private final EventFd closing;
    private final LiveHost host;
    private final ClientMemory memory;
    private final Protocol protocol;
    private final FunctionRegions regions;
    private final @Nullable DoorbellPages doorbells;
    private final @Nullable LiveCheck check;
    private final Consumer<String> log;
    private final Thread thread;
    private volatile @Nullable Throwable fault;

    /// How to serve.
    ///
    /// @param doorbellOffset where in region 0 doorbells that the guest maps begin, a multiple of 4,096; -1 for
    /// none
    /// @param check holds accesses against windows; null for none
    /// @param log hears of clients that come, go and misbehave, a line each
    public record Options(long doorbellOffset, @Nullable LiveCheck check, Consumer<String> log) {
        /// Every access is told, nothing is checked, and nobody hears of clients.
        public static final Options PLAIN = new Options(-1, null, _ -> {});
    }

    private DeviceServer(
            Path path,
            UnixSocket listener,
            FunctionDescription description,
            Function<DeviceHost, Device> maker,
            Options options)
            throws PosixException {
        this.path = path;
        this.listener = listener;
        this.log = options.log();
        closing = EventFd.create();
        int[] counts = new int[DeviceMessages.INDEX_COUNT];
        FunctionDescription.Msix msix = description.msix();
        counts[DeviceMessages.INTX] = description.interruptPin() == 0 ? 0 : 1;
        counts[DeviceMessages.MSI] = description.msiVectors();
        counts[DeviceMessages.MSIX] = msix == null ? 0 : msix.vectors();
        Interrupts interrupts = new Interrupts(description.vectors(), counts);
        check = options.check();
        memory = new ClientMemory(check == null ? Witness.NOBODY : check.witness());
        host = new LiveHost(description, interrupts, memory);
        doorbells = options.doorbellOffset() < 0
                ? null
                : DoorbellPages.create(0, options.doorbellOffset(), DOORBELL_PAGE_BYTES);
        regions = new FunctionRegions(description, host, maker.apply(host), doorbells);
        protocol = new Protocol(regions, memory, interrupts);
        thread = new Thread(this::serve, "serves " + path.getFileName());
    }

    /// Serves a device at `path`, where no file may be.
    ///
    /// @param description what the guest finds
    /// @param maker makes the device with its host
    public static DeviceServer serve(
            Path path, FunctionDescription description, Function<DeviceHost, Device> maker, Options options) {
        for (BaseAddress base : description.baseAddresses()) {
            Check.that(base.bytes() <= 1L << 40, "region %d of 0x%x bytes", base.index(), base.bytes());
        }
        if (!UnixSocket.canBe(path)) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "--socket",
                    path + ", which is too long",
                    "a path of at most 107 bytes");
        }
        removeStale(path);
        try {
            UnixSocket listener = UnixSocket.listen(path);
            DeviceServer server = new DeviceServer(path, listener, description, maker, options);
            server.thread.setDaemon(true);
            server.thread.start();
            return server;
        } catch (PosixException refused) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "--socket",
                    path + ": " + refused.getMessage(),
                    "a path at which a socket can be made");
        }
    }

    /// A socket that nobody listens to any more is in the way of nobody.
    private static void removeStale(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            UnixSocket.connect(path).close();
        } catch (PosixException refused) {
            if (refused.errno() == flyby.posix.Errors.CONNECTION_REFUSED) {
                delete(path);
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // Whoever binds to it will be told.
        }
    }

    public Path path() {
        return path;
    }

    /// Waits until the server has ended, by [#close] or a fault of ours, which is thrown.
    public void join() throws InterruptedException {
        thread.join();
        Throwable thrown = fault;
        if (thrown != null) {
            throw new AssertionError("the server of " + path + " has ended", thrown);
        }
    }

    private void serve() {
        try {
            Poll.precisely();
            Poll waiting = new Poll(closing.descriptor(), listener.descriptor());
            while (closing.take() == 0) {
                long idle = host.idleNanos();
                waiting.await(idle == Long.MAX_VALUE ? Poll.FOREVER : idle);
                host.catchUp();
                if (waiting.isReadable(1)) {
                    try (UnixSocket socket = listener.accept();
                            Session session = new Session(socket, protocol)) {
                        socket.patience(PATIENCE_SECONDS);
                        attend(session);
                    }
                }
            }
        } catch (PosixException | RuntimeException | Error thrown) {
            fault = thrown;
            log.accept("internal fault, a bug in Flyby: " + thrown);
        }
    }

    /// Everything between the coming and the going of a client.
    private void attend(Session session) {
        log.accept("a client has come");
        String why = "it closed the connection";
        try {
            if (!exchange(session)) {
                why = "the server is closing";
            }
        } catch (PosixException gone) {
            why = gone.getMessage();
        }
        log.accept("the client has gone: %s, after %d messages and %d interrupts"
                .formatted(why, session.messageCount(), host.interrupts().told()));
        if (check != null) {
            log.accept(check.summary());
        }
        regions.reset();
        protocol.disconnected();
    }

    /// @return false if the server is to end
    private boolean exchange(Session session) throws PosixException {
        Poll poll = new Poll(session.descriptor(), closing.descriptor());
        int quietLooks = 0;
        long wait = 0;
        while (true) {
            poll.await(wait);
            host.catchUp();
            if (poll.isReadable(1)) {
                return false;
            }
            boolean isActive = poll.isReadable(0);
            if (isActive && !session.receive()) {
                session.send(List.of());
                return true;
            }
            isActive |= regions.ring();
            session.send(List.of());
            long idle = host.idleNanos();
            session.send(List.of());
            if (doorbells != null) {
                quietLooks = isActive ? 0 : quietLooks + 1;
                idle = Math.min(idle, quietLooks < PATIENT_LOOKS ? DOORBELL_NANOS : DOORBELL_IDLE_NANOS);
            }
            wait = idle == Long.MAX_VALUE ? Poll.FOREVER : idle;
        }
    }

    /// Ends it, as if the device were pulled: a client that is there is cut off.
    @Override
    public void close() {
        closing.signal();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        listener.close();
        closing.close();
        if (doorbells != null) {
            doorbells.close();
        }
        delete(path);
    }
}
