package flyby.record;

import static flyby.record.RecordingFormat.CHECK_BYTES;
import static flyby.record.RecordingFormat.LENGTH_BYTES;
import static flyby.record.RecordingFormat.zigzag;

import flyby.base.LittleEndian;
import flyby.bus.Transaction;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Puts events into blocks and hands these to the sink. Allocates nothing unless an event is larger than all before.
final class RecordWriter {
    private static final int BLOCK_BYTES = 1 << 16;
    /// No event needs more, its bytes and its text apart.
    private static final int EVENT_BYTES = 64;

    private final RecordingSink sink;
    private final CRC32C check = new CRC32C();
    /// Room for the length of the block, its bytes, its check.
    private byte[] block = new byte[LENGTH_BYTES + BLOCK_BYTES + CHECK_BYTES];
    private int end = LENGTH_BYTES;
    private long lastPicos;
    private long lastIova;
    private long events;
    private boolean isOver;

    RecordWriter(RecordingSink sink, RecordingHeader header) {
        this.sink = sink;
        byte[] start = Arrays.copyOf(RecordingFormat.MAGIC, RecordingFormat.MAGIC.length + 1);
        start[RecordingFormat.MAGIC.length] = RecordingFormat.VERSION;
        sink.write(start, 0, start.length);
        text(header.name());
        text(header.settings());
        text(header.remark());
        flush();
    }

    /// How many events there were.
    long events() {
        return events;
    }

    /// The time of the latest event.
    long lastPicos() {
        return lastPicos;
    }

    /// Hands over what there is.
    void flush() {
        if (end == LENGTH_BYTES) {
            return;
        }
        LittleEndian.put(RecordingFormat.length(end - LENGTH_BYTES), block, 0, LENGTH_BYTES);
        check.reset();
        check.update(block, 0, end);
        LittleEndian.put(check.getValue(), block, end, CHECK_BYTES);
        int byteCount = end + CHECK_BYTES;
        end = LENGTH_BYTES;
        if (!isOver) {
            sink.write(block, 0, byteCount);
        }
    }

    /// The last event: those that come later are dropped.
    void end(long timePicos) {
        if (!isOver) {
            begin(RecordingFormat.ENDED, timePicos, 0);
            number(events - 1);
            flush();
            isOver = true;
        }
    }

    private void room(int byteCount) {
        if (end + byteCount + CHECK_BYTES <= block.length) {
            return;
        }
        flush();
        if (end + byteCount + CHECK_BYTES > block.length) {
            block = Arrays.copyOf(block, end + byteCount + CHECK_BYTES);
        }
    }

    private void begin(int kind, long timePicos, int byteCount) {
        begin(kind, timePicos, 0, byteCount);
    }

    private void begin(int kind, long timePicos, int depth, int byteCount) {
        room(EVENT_BYTES + byteCount);
        long passed = timePicos - lastPicos;
        lastPicos = timePicos;
        events++;
        int flags = (passed == 0 ? 0 : RecordingFormat.HAS_TIME) | (depth == 0 ? 0 : RecordingFormat.HAS_DEPTH);
        block[end++] = (byte) (kind | flags);
        if (passed != 0) {
            number(passed);
        }
        if (depth != 0) {
            number(depth);
        }
    }

    private void number(long value) {
        long left = value;
        while ((left & -0x80) != 0) {
            block[end++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        block[end++] = (byte) left;
    }

    private void text(String text) {
        // A character takes up to three bytes.
        room(EVENT_BYTES + 3 * text.length());
        number(text.length());
        for (int i = 0; i < text.length(); i++) {
            number(text.charAt(i));
        }
    }

    private void bytes(byte[] data, int offset, int byteCount) {
        if (byteCount > 1 && areEqual(data, offset, byteCount)) {
            block[end++] = RecordingFormat.EQUAL;
            block[end++] = data[offset];
        } else {
            block[end++] = RecordingFormat.PLAIN;
            System.arraycopy(data, offset, block, end, byteCount);
            end += byteCount;
        }
    }

    private static boolean areEqual(byte[] data, int offset, int byteCount) {
        for (int i = 1; i < byteCount; i++) {
            if (data[offset + i] != data[offset]) {
                return false;
            }
        }
        return true;
    }

    // Stimuli.

    void read(long timePicos, int depth, int region, long offset, int byteCount) {
        begin(RecordingFormat.REGISTER_READ, timePicos, depth, 0);
        access(region, offset, byteCount);
    }

    void write(long timePicos, int depth, int region, long offset, int byteCount, long value) {
        begin(RecordingFormat.REGISTER_WRITE, timePicos, depth, 0);
        access(region, offset, byteCount);
        number(value);
    }

    private void access(int region, long offset, int byteCount) {
        number(zigzag(region));
        number(zigzag(offset));
        number(byteCount);
    }

    void reset(long timePicos, int depth) {
        begin(RecordingFormat.RESET, timePicos, depth, 0);
    }

    /// An alarm, an entrance, or the start of a transaction.
    void indexed(int kind, long timePicos, int depth, int index) {
        begin(kind, timePicos, depth, 0);
        number(index);
    }

    void completed(long timePicos, int depth, int number, Transaction over, Transaction.Status status) {
        boolean hasBytes = over.kind() == Transaction.Kind.READ;
        begin(RecordingFormat.COMPLETED, timePicos, depth, hasBytes ? over.byteCount() : 0);
        number(number);
        number(RecordingFormat.STATUSES.indexOf(status));
        if (hasBytes) {
            bytes(over.data(), 0, over.byteCount());
        }
    }

    // Actions.

    void answered(long timePicos, long value) {
        begin(RecordingFormat.ANSWERED, timePicos, 0);
        number(value);
    }

    void submitted(long timePicos, int number, Transaction transaction) {
        begin(RecordingFormat.SUBMITTED, timePicos, 0);
        number(number);
        number(RecordingFormat.attributes(transaction));
        number(zigzag(transaction.iova() - lastIova));
        number(transaction.byteCount());
        lastIova = transaction.iova() + transaction.byteCount();
    }

    void carried(long timePicos, int number, Transaction transaction) {
        begin(RecordingFormat.CARRIED, timePicos, transaction.byteCount());
        number(number);
        bytes(transaction.data(), 0, transaction.byteCount());
    }

    void interrupted(long timePicos, int vector, boolean asserted) {
        begin(RecordingFormat.INTERRUPTED, timePicos, 0);
        number(zigzag(((long) vector << 1) | (asserted ? 1 : 0)));
    }

    /// Something new with a name.
    void made(int kind, long timePicos, String name) {
        begin(kind, timePicos, 0);
        text(name);
    }

    /// Something without numbers but that of an alarm or a transaction.
    void plain(int kind, long timePicos, int index) {
        begin(kind, timePicos, 0);
        number(index);
    }

    /// @param value a time from now on
    void alarmSet(int kind, long timePicos, int alarm, long value) {
        begin(kind, timePicos, 0);
        number(alarm);
        number(zigzag(value));
    }

    // What the device was told.

    void clockRead(long timePicos, int questionsBefore) {
        begin(RecordingFormat.CLOCK_READ, timePicos, 0);
        number(questionsBefore);
    }

    void faultTold(long timePicos, int questionsBefore, long value) {
        begin(RecordingFormat.FAULT_TOLD, timePicos, 0);
        number(questionsBefore);
        number(value);
    }

    void inputTold(long timePicos, long value, byte[] data, int offset, int byteCount) {
        begin(RecordingFormat.INPUT_TOLD, timePicos, byteCount);
        number(zigzag(value));
        number(byteCount);
        bytes(data, offset, byteCount);
    }
}
