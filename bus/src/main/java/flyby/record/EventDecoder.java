package flyby.record;

import static flyby.record.RecordingFormat.unzigzag;

import flyby.bus.Transaction.Kind;
import flyby.record.SeamEvent.Submitted;
import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes events out of the bytes of a block, and keeps what events are told relative to.
final class EventDecoder {
    /// Bytes that mean nothing.
    static class Malformed extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        Malformed(String found) {
            super(found, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /// The block is over within an event.
    static final class RanOut extends Malformed {
        @Serial
        private static final long serialVersionUID = 1L;

        RanOut() {
            super("the end of a block");
        }
    }

    private static final int TEXT_MAX = 1 << 20;

    private final byte[] block;
    private int at;
    private int end;

    private long timePicos;
    private long events;
    private long nextIova;
    /// What was submitted last, by number of the transaction.
    private @Nullable Submitted[] submitted = {};

    EventDecoder(byte[] block, int at, int end) {
        this.block = block;
        this.at = at;
        this.end = end;
    }

    /// The decoder of the block that comes next.
    EventDecoder in(byte[] nextBlock, int from, int to) {
        EventDecoder next = new EventDecoder(nextBlock, from, to);
        next.timePicos = timePicos;
        next.events = events;
        next.nextIova = nextIova;
        next.submitted = submitted;
        return next;
    }

    boolean hasMore() {
        return at < end;
    }

    int at() {
        return at;
    }

    /// Nothing more is to be read.
    void stop() {
        end = at;
    }

    /// The next event, all of it or nothing: if it throws, nothing has been read.
    RecordedEvent next(long byteOffset) throws Malformed {
        int begin = at;
        try {
            return read(byteOffset);
        } catch (Malformed problem) {
            at = begin;
            throw problem;
        }
    }

    private RecordedEvent read(long byteOffset) throws Malformed {
        int first = octet();
        long passed = (first & RecordingFormat.HAS_TIME) == 0 ? 0 : number();
        int depth = (first & RecordingFormat.HAS_DEPTH) == 0 ? 0 : count();
        long time = timePicos + passed;
        SeamEvent event = event(first & RecordingFormat.KIND_MASK, time);
        timePicos = time;
        if (event instanceof Submitted begun) {
            nextIova = begun.iova() + begun.byteCount();
            if (begun.number() >= submitted.length) {
                submitted = Arrays.copyOf(submitted, begun.number() + 1);
            }
            submitted[begun.number()] = begun;
        }
        events++;
        return new RecordedEvent(byteOffset, events, time, depth, event);
    }

    private SeamEvent event(int kind, long time) throws Malformed {
        return switch (kind) {
            case RecordingFormat.REGISTER_READ -> new SeamEvent.RegisterRead(region(), unzigzag(number()), count());
            case RecordingFormat.REGISTER_WRITE ->
                new SeamEvent.RegisterWrite(region(), unzigzag(number()), count(), number());
            case RecordingFormat.RESET -> new SeamEvent.Reset();
            case RecordingFormat.ALARM_FIRED -> new SeamEvent.AlarmFired(count());
            case RecordingFormat.STARTED -> new SeamEvent.Started(flying().number());
            case RecordingFormat.COMPLETED -> completed(flying());
            case RecordingFormat.ENTERED -> new SeamEvent.Entered(count());
            case RecordingFormat.ANSWERED -> new SeamEvent.Answered(number());
            case RecordingFormat.SUBMITTED -> submitted();
            case RecordingFormat.CARRIED -> carried(flying());
            case RecordingFormat.INTERRUPTED -> interrupted(unzigzag(number()));
            case RecordingFormat.ALARM_MADE -> new SeamEvent.AlarmMade(text());
            case RecordingFormat.ALARM_AT -> new SeamEvent.AlarmAt(count(), time + unzigzag(number()));
            case RecordingFormat.ALARM_IN -> new SeamEvent.AlarmIn(count(), unzigzag(number()));
            case RecordingFormat.ALARM_CANCELLED -> new SeamEvent.AlarmCancelled(count());
            case RecordingFormat.ENTRANCE_MADE -> new SeamEvent.EntranceMade(text());
            case RecordingFormat.CLOCK_READ -> new SeamEvent.ClockRead(count());
            case RecordingFormat.FAULT_TOLD -> new SeamEvent.FaultTold(count(), number());
            case RecordingFormat.INPUT_TOLD -> new SeamEvent.InputTold(unzigzag(number()), bytes(count()));
            case RecordingFormat.ENDED -> ended(number());
            default -> throw new Malformed("kind of event " + kind);
        };
    }

    private SeamEvent ended(long count) throws Malformed {
        if (count != events) {
            throw new Malformed("an end after " + events + " events that says " + count);
        }
        return new SeamEvent.Ended(count);
    }

    private int region() throws Malformed {
        return (int) unzigzag(number());
    }

    private Submitted submitted() throws Malformed {
        int number = count();
        if (number > submitted.length) {
            throw new Malformed("transaction " + number + ", where " + submitted.length + " comes next");
        }
        int attributes = octet();
        long iova = nextIova + unzigzag(number());
        int tenure = attributes >> 1 & 3;
        int type = attributes >> 5 & 3;
        if (tenure >= RecordingFormat.TENURES.size() || type >= RecordingFormat.ADDRESS_TYPES.size()) {
            throw new Malformed("attributes 0x" + Integer.toHexString(attributes));
        }
        return RecordingFormat.submitted(attributes, number, iova, count());
    }

    private Submitted flying() throws Malformed {
        int number = count();
        Submitted begun = number < submitted.length ? submitted[number] : null;
        if (begun == null) {
            throw new Malformed("transaction " + number + ", which was not submitted");
        }
        return begun;
    }

    private SeamEvent completed(Submitted begun) throws Malformed {
        int status = count();
        if (status >= RecordingFormat.STATUSES.size()) {
            throw new Malformed("status " + status);
        }
        ByteRun bytes = begun.kind() == Kind.READ ? bytes(begun.byteCount()) : ByteRun.same((byte) 0, 0);
        return new SeamEvent.Completed(begun.number(), RecordingFormat.STATUSES.get(status), bytes);
    }

    private SeamEvent carried(Submitted begun) throws Malformed {
        return new SeamEvent.Carried(begun.number(), bytes(begun.byteCount()));
    }

    private static SeamEvent interrupted(long vectorAndLevel) {
        return new SeamEvent.Interrupted((int) (vectorAndLevel >> 1), (vectorAndLevel & 1) != 0);
    }

    private int octet() throws Malformed {
        if (at == end) {
            throw new RanOut();
        }
        return block[at++] & 0xff;
    }

    private long number() throws Malformed {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new Malformed("a number of more than 64 bits");
    }

    /// A number that an array may have as its length.
    private int count() throws Malformed {
        long value = number();
        if (value < 0 || value > RecordingFormat.BLOCK_BYTES_MAX) {
            throw new Malformed("number " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    private ByteRun bytes(int byteCount) throws Malformed {
        int form = octet();
        if (form == RecordingFormat.EQUAL) {
            return ByteRun.same((byte) octet(), byteCount);
        }
        if (form != RecordingFormat.PLAIN) {
            throw new Malformed("form of bytes " + form);
        }
        if (byteCount > end - at) {
            throw new RanOut();
        }
        at += byteCount;
        return ByteRun.copyOf(block, at - byteCount, byteCount);
    }

    String text() throws Malformed {
        int length = count();
        if (length > TEXT_MAX) {
            throw new Malformed("a text of " + length + " characters");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) number());
        }
        return text.toString();
    }
}
