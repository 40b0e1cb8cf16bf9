package flyby.record;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.List;

/// The numbers of the format, version [#VERSION]. `docs/recording.md` tells it in full.
final class RecordingFormat {
    /// What a recording begins with.
    static final byte[] MAGIC = {'F', 'L', 'Y', 'B', 'Y', 'R', 'E', 'C'};

    static final int VERSION = 1;

    /// No block has more bytes than these.
    static final int BLOCK_BYTES_MAX = 1 << 28;

    static final int LENGTH_BYTES = 8;
    static final int CHECK_BYTES = 4;

    // The first byte of an event: kind, and what follows.

    static final int KIND_MASK = 0x1f;
    /// A number follows: picoseconds since the event before.
    static final int HAS_TIME = 0x20;
    /// A number follows: stimuli that have begun and not ended.
    static final int HAS_DEPTH = 0x40;

    static final int REGISTER_READ = 1;
    static final int REGISTER_WRITE = 2;
    static final int RESET = 3;
    static final int ALARM_FIRED = 4;
    static final int STARTED = 5;
    static final int COMPLETED = 6;
    static final int ENTERED = 7;
    static final int ANSWERED = 8;
    static final int SUBMITTED = 9;
    static final int CARRIED = 10;
    static final int INTERRUPTED = 11;
    static final int ALARM_MADE = 12;
    static final int ALARM_AT = 13;
    static final int ALARM_IN = 14;
    static final int ALARM_CANCELLED = 15;
    static final int ENTRANCE_MADE = 16;
    static final int CLOCK_READ = 17;
    static final int FAULT_TOLD = 18;
    static final int INPUT_TOLD = 19;
    static final int ENDED = 20;

    // The words of transactions, as the format numbers them, from 0.

    static final List<Kind> KINDS = List.of(Kind.READ, Kind.WRITE);
    static final List<Tenure> TENURES = List.of(Tenure.RELEASE, Tenure.HOLD, Tenure.HIDDEN);
    static final List<AddressType> ADDRESS_TYPES =
            List.of(AddressType.UNTRANSLATED, AddressType.TRANSLATION_REQUEST, AddressType.TRANSLATED);
    static final List<Status> STATUSES =
            List.of(Status.SUCCESS, Status.ADDRESS_ERROR, Status.ABORTED, Status.TIMEOUT, Status.POISONED);

    // What a run of bytes begins with.

    /// The bytes follow.
    static final int PLAIN = 0;
    /// One byte follows: all are equal.
    static final int EQUAL = 1;

    private RecordingFormat() {}

    /// A length with its complement above it, so that a wrong one is known before its block is read.
    static long length(int byteCount) {
        return byteCount | (long) ~byteCount << Integer.SIZE;
    }

    /// The byte with the kind of `transaction` and its attributes.
    static int attributes(Transaction transaction) {
        return KINDS.indexOf(transaction.kind())
                | TENURES.indexOf(transaction.tenure()) << 1
                | (transaction.relaxedOrdering() ? 1 << 3 : 0)
                | (transaction.noSnoop() ? 1 << 4 : 0)
                | ADDRESS_TYPES.indexOf(transaction.addressType()) << 5;
    }

    /// What such a byte says, of a transaction with this number, address and size.
    static SeamEvent.Submitted submitted(int attributes, int number, long iova, int byteCount) {
        return new SeamEvent.Submitted(
                number,
                KINDS.get(attributes & 1),
                iova,
                byteCount,
                TENURES.get(attributes >> 1 & 3),
                (attributes & 1 << 3) != 0,
                (attributes & 1 << 4) != 0,
                ADDRESS_TYPES.get(attributes >> 5 & 3));
    }

    /// Small for numbers near 0, whatever their sign.
    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
