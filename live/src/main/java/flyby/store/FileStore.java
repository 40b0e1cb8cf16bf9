package flyby.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import flyby.base.LabException;
import flyby.base.LabException.Kind;
import flyby.nvme.BlockStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A medium that is a user's file, of the file's size.
///
/// What is written is with the operating system when the call returns, so that it outlives this process; a flush
/// makes it outlive the machine (`fdatasync`). An error of the file is an error of the medium. Used by one thread
/// at a time.
public final class FileStore implements BlockStore, AutoCloseable {
    /// The smallest file: one block.
    private static final long BYTES_MIN = 4_096;

    private static final int ZEROS_BYTES = 1 << 20;

    private final FileChannel channel;
    /// The file as memory, to be read: one copy less than by calls, which fill a buffer first.
    private final MemorySegment view;
    private final Arena arena;
    private final HolePunch punch;
    private final long byteCount;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    private boolean isPunching = true;

    private FileStore(FileChannel channel, HolePunch punch, long byteCount) throws IOException {
        this.channel = channel;
        arena = Arena.ofShared();
        view = channel.map(FileChannel.MapMode.READ_ONLY, 0, byteCount, arena);
        this.punch = punch;
        this.byteCount = byteCount;
    }

    /// The medium in `file`, which must exist and is locked until it is closed, so that no two drives share it.
    ///
    /// @throws LabException if it cannot be read and written, is too small or locked
    public static FileStore open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw refused(file, Files.exists(file) ? "no plain file" : "no such file", "a file that exists");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.size() < BYTES_MIN) {
                throw refused(file, channel.size() + " bytes", "at least " + BYTES_MIN + " bytes");
            }
            if (!isLocked(channel)) {
                throw refused(file, "a file that is in use", "one that no other drive has");
            }
            FileStore store = new FileStore(channel, HolePunch.open(file), channel.size());
            channel = null;
            return store;
        } catch (IOException failure) {
            throw refused(file, String.valueOf(failure.getMessage()), "a file that can be read and written");
        } finally {
            closeQuietly(channel);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException _) {
            // It is given up anyway, and why is being told.
        }
    }

    private static LabException refused(Path file, String found, String expected) {
        return new LabException(Kind.BAD_FILE, file.toString(), found, expected);
    }

    @Override
    public long byteCount() {
        return byteCount;
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int count) {
        try {
            MemorySegment.copy(view, JAVA_BYTE, offset, into, at, count);
            return Outcome.DONE;
        } catch (InternalError _) {
            // What cannot be read, or somebody has cut off: the system's SIGBUS.
            return Outcome.MEDIUM_ERROR;
        }
    }

    @Override
    public Outcome write(long offset, byte[] from, int at, int count) {
        return writeAll(offset, ByteBuffer.wrap(from, at, count));
    }

    private Outcome writeAll(long offset, ByteBuffer buffer) {
        try {
            long position = offset;
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
            return Outcome.DONE;
        } catch (IOException _) {
            return Outcome.MEDIUM_ERROR;
        }
    }

    @Override
    public Outcome zero(long offset, long count) {
        if (isPunching) {
            if (punch.zero(offset, count)) {
                return Outcome.DONE;
            }
            // A file system without holes: it is asked but once.
            isPunching = false;
        }
        long done = 0;
        while (done < count) {
            int part = (int) Math.min(ZEROS_BYTES, count - done);
            if (writeAll(offset + done, zeros.clear().limit(part)) != Outcome.DONE) {
                return Outcome.MEDIUM_ERROR;
            }
            done += part;
        }
        return Outcome.DONE;
    }

    @Override
    public Outcome flush() {
        try {
            channel.force(false);
            return Outcome.DONE;
        } catch (IOException _) {
            return Outcome.MEDIUM_ERROR;
        }
    }

    @Override
    public void close() {
        arena.close();
        punch.close();
        closeQuietly(channel);
    }
}
