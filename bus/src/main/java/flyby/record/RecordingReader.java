package flyby.record;

import static flyby.record.RecordingFormat.CHECK_BYTES;
import static flyby.record.RecordingFormat.LENGTH_BYTES;

import flyby.base.LabException;
import flyby.base.LittleEndian;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a recording, block by block, event by event.
///
/// A recording whose process was killed ends within a block: its whole events are read, and [#cutAt] says where it was
/// cut. Anything else that is not as it should be stops with a [LabException] that has the byte offset.
public final class RecordingReader {
    private final String where;
    private final RecordingSource source;
    private final CRC32C check = new CRC32C();
    private final RecordingHeader header;

    private byte[] block = new byte[1 << 16];
    /// Where in the recording the first byte of `block` is.
    private long blockAt;

    private int at;
    private int end;
    /// Whether the end of the recording is also that of the block, which has not been checked.
    private boolean isCut;

    private boolean isOver;
    private EventDecoder decoder;

    /// Reads the header.
    ///
    /// @param where how messages call the recording, such as the name of its file
    /// @throws LabException if it is none, or of another version
    public RecordingReader(String where, RecordingSource source) {
        this.where = where;
        this.source = source;
        byte[] start = new byte[RecordingFormat.MAGIC.length + 1];
        int count = fill(start, 0, start.length);
        if (count < start.length || !Arrays.equals(start, 0, count - 1, RecordingFormat.MAGIC, 0, count - 1)) {
            throw bad(0, "bytes that are no recording", "a file that --record has written, which begins with FLYBYREC");
        }
        if (start[count - 1] != RecordingFormat.VERSION) {
            throw bad(count - 1, "format version " + start[count - 1], "version " + RecordingFormat.VERSION);
        }
        blockAt = count;
        decoder = new EventDecoder(block, 0, 0);
        if (!nextBlock() || isCut) {
            throw bad(blockAt, "the end of the file", "the whole header");
        }
        try {
            header = new RecordingHeader(decoder.text(), decoder.text(), decoder.text());
        } catch (EventDecoder.Malformed problem) {
            throw bad(blockAt, problem.getMessage(), "the header of a recording");
        }
    }

    /// How messages call the recording.
    public String where() {
        return where;
    }

    public RecordingHeader header() {
        return header;
    }

    /// The next event, or null if there are no more.
    @Nullable
    RecordedEvent next() {
        while (!decoder.hasMore()) {
            if (isCut || !nextBlock()) {
                return null;
            }
        }
        long byteOffset = blockAt + decoder.at() - at;
        try {
            RecordedEvent event = decoder.next(byteOffset);
            if (event.event() instanceof SeamEvent.Ended) {
                isOver = true;
                if (decoder.hasMore() || nextBlock()) {
                    throw bad(blockAt + decoder.at() - at, "more bytes", "nothing after the end of the recording");
                }
            }
            return event;
        } catch (EventDecoder.RanOut _) {
            if (isCut) {
                decoder.stop();
                return null;
            }
            throw bad(byteOffset, "an event that goes on after its block", "whole events");
        } catch (EventDecoder.Malformed problem) {
            throw bad(byteOffset, problem.getMessage(), "an event of a recording");
        }
    }

    /// A line for each event that is left.
    ///
    /// @throws LabException if the recording is damaged; the message has the byte offset
    public void list(Consumer<String> lines) {
        for (RecordedEvent event = next(); event != null; event = next()) {
            lines.accept(event.line());
        }
        if (!isOver) {
            lines.accept("cut short at byte " + cutAt());
        }
    }

    /// Whether the recording was closed: all is there.
    boolean isOver() {
        return isOver;
    }

    /// Where the last whole event ended, when there are no more.
    long cutAt() {
        return blockAt + decoder.at() - at;
    }

    /// @return whether there is one, of which something is there
    private boolean nextBlock() {
        long begin = blockAt + (end == 0 ? 0 : end - at + CHECK_BYTES);
        byte[] length = new byte[LENGTH_BYTES];
        int count = fill(length, 0, LENGTH_BYTES);
        if (count < LENGTH_BYTES) {
            isCut = true;
            return false;
        }
        long field = LittleEndian.get(length, 0, LENGTH_BYTES);
        int byteCount = (int) field;
        if (byteCount <= 0
                || byteCount > RecordingFormat.BLOCK_BYTES_MAX
                || field != RecordingFormat.length(byteCount)) {
            throw bad(begin, "0x%016x".formatted(field), "the length of a block and its complement");
        }
        at = LENGTH_BYTES;
        blockAt = begin + LENGTH_BYTES;
        System.arraycopy(length, 0, block, 0, LENGTH_BYTES);
        count = fillGrowing(byteCount + CHECK_BYTES);
        isCut = count < byteCount + CHECK_BYTES;
        end = LENGTH_BYTES + Math.min(count, byteCount);
        if (!isCut) {
            checkBlock();
        }
        decoder = decoder.in(block, at, end);
        return end > at;
    }

    /// Reads as the bytes come: a length that is not true must not take memory.
    private int fillGrowing(int byteCount) {
        int done = 0;
        while (done < byteCount) {
            int wanted = Math.min(byteCount - done, 1 << 20);
            if (at + done + wanted > block.length) {
                block = Arrays.copyOf(block, at + Math.min(byteCount, 2 * (done + wanted)));
            }
            int count = fill(block, at + done, wanted);
            done += count;
            if (count < wanted) {
                break;
            }
        }
        return done;
    }

    private void checkBlock() {
        check.reset();
        check.update(block, 0, end);
        long found = LittleEndian.get(block, end, CHECK_BYTES);
        if (found != check.getValue()) {
            throw bad(
                    blockAt,
                    "a block of %d bytes whose check is %08x".formatted(end - at, found),
                    "%08x, so some of them are not what was recorded".formatted(check.getValue()));
        }
    }

    private int fill(byte[] into, int offset, int byteCount) {
        int done = 0;
        while (done < byteCount) {
            int count = source.read(into, offset + done, byteCount - done);
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    private LabException bad(long byteOffset, String found, String expected) {
        return new LabException(LabException.Kind.BAD_FILE, where + ", byte " + byteOffset, found, expected);
    }
}
