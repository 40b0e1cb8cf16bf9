package flyby.bus;

import flyby.base.Check;
import org.jspecify.annotations.Nullable;

/// One access of a device to memory on its way through the machine, and later its answer.
///
/// Made once by the device that issues it and used again and again: [#begin] fills it, [DeviceHost#submit] starts
/// it, the host calls [#start] and [#complete], which tell the [Owner]. Between submit and completion it belongs to
/// the host, and the device touches neither it nor its bytes.
public final class Transaction {
    /// Which way the bytes go, seen from the device.
    public enum Kind {
        /// From memory into [#data].
        READ,
        /// From [#data] into memory.
        WRITE
    }

    /// What the issuer asks of a bus that it has to acquire. Other hosts ignore it.
    public enum Tenure {
        /// Acquire the bus for this access and give it back.
        RELEASE,
        /// Keep the bus after this access: another one follows. An access that fails gives it back all the same.
        HOLD,
        /// Use only bus time that the CPU leaves unused; the CPU must not be delayed.
        HIDDEN
    }

    /// How it went.
    public enum Status {
        /// All bytes were moved.
        SUCCESS,
        /// Nothing answered at that address, or the access is not allowed; no byte was moved. On PCI Express:
        /// Unsupported Request.
        ADDRESS_ERROR,
        /// Who was asked could not do it. On PCI Express: Completer Abort.
        ABORTED,
        /// Nobody answered in time. On PCI Express: Completion Timeout.
        TIMEOUT,
        /// The bytes came, but are known to be bad. On PCI Express: a poisoned TLP.
        POISONED
    }

    private enum State {
        FREE,
        FILLED,
        IN_FLIGHT
    }

    /// Who is told that a transaction is over.
    public interface Owner {
        /// The access starts on the bus now. The bytes of a WRITE must be in [#data] when this returns, so that a
        /// controller which passes bytes on can fetch them at the very moment at which hardware does.
        default void started(Transaction transaction) {}

        /// What the access is for, in words: `data of Read, 8 blocks at 123, CID 5 of queue 1`. For reports; empty
        /// if there is nothing to say.
        default String purpose(Transaction transaction) {
            return "";
        }

        /// `owner`, which says of each of its accesses that it is for `purpose`.
        static Owner saying(String purpose, Owner owner) {
            return new Owner() {
                @Override
                public void started(Transaction transaction) {
                    owner.started(transaction);
                }

                @Override
                public String purpose(Transaction transaction) {
                    return purpose;
                }

                @Override
                public void completed(Transaction transaction, Status status) {
                    owner.completed(transaction, status);
                }
            };
        }

        /// `transaction` is over; it is free again and may be reused in this very call.
        void completed(Transaction transaction, Status status);
    }

    private static final byte[] NONE = {};

    private final Owner owner;
    private byte[] data;
    private State state = State.FREE;
    private Kind kind = Kind.READ;
    private Tenure tenure = Tenure.RELEASE;
    private long iova;
    private int byteCount;
    private long transfer;
    private boolean relaxedOrdering;
    private boolean noSnoop;
    private AddressType addressType = AddressType.UNTRANSLATED;
    private @Nullable Transaction standIn;

    /// A transaction of `owner` that can carry up to `byteCountMax` bytes.
    public Transaction(Owner owner, int byteCountMax) {
        Check.that(byteCountMax > 0, "a transaction of %d bytes", byteCountMax);
        this.owner = owner;
        this.data = new byte[byteCountMax];
    }

    private Transaction(Owner owner) {
        this.owner = owner;
        this.data = NONE;
    }

    /// For hosts that wrap another host: a transaction without bytes of its own, to be submitted to that other host
    /// in the place of one of the device's. Who made it hears of start and completion, and passes them on.
    public static Transaction standIn(Owner owner) {
        return new Transaction(owner);
    }

    /// Fills a free stand-in: it is the access that `original` is, with the very same bytes. The device's own has
    /// been accepted, and is neither started nor completed before this one is.
    public void standFor(Transaction original) {
        assert state == State.FREE && original.state == State.IN_FLIGHT : original;
        kind = original.kind;
        iova = original.iova;
        byteCount = original.byteCount;
        tenure = original.tenure;
        transfer = original.transfer;
        relaxedOrdering = original.relaxedOrdering;
        noSnoop = original.noSnoop;
        addressType = original.addressType;
        data = original.data;
        state = State.FILLED;
        original.standIn = this;
    }

    /// Lets a stand-in go `byteCount` bytes beyond where its original would.
    public void misdirect(long byteCount) {
        assert state == State.FILLED : this;
        iova += byteCount;
    }

    /// Fills a free transaction: `byteCount` bytes (1 or more) at `iova`, for transfer `transfer` (0: none).
    public void begin(Kind kind, long iova, int byteCount, Tenure tenure, long transfer) {
        assert state == State.FREE : this;
        assert byteCount > 0 && byteCount <= data.length : byteCount;
        this.kind = kind;
        this.iova = iova;
        this.byteCount = byteCount;
        this.tenure = tenure;
        this.transfer = transfer;
        relaxedOrdering = false;
        noSnoop = false;
        addressType = AddressType.UNTRANSLATED;
        state = State.FILLED;
    }

    /// What the issuer allows or claims, for hosts that know of it: after [#begin], before it is submitted.
    ///
    /// @param relaxedOrdering whether it may overtake what was submitted before
    /// @param noSnoop whether the caches need not be asked, as the driver keeps them clean
    /// @param addressType whether [#iova] is one
    public void attributes(boolean relaxedOrdering, boolean noSnoop, AddressType addressType) {
        assert state == State.FILLED : this;
        this.relaxedOrdering = relaxedOrdering;
        this.noSnoop = noSnoop;
        this.addressType = addressType;
    }

    /// For hosts: takes the transaction over. Called once, by whoever receives it first.
    public void accept() {
        assert state == State.FILLED : this;
        state = State.IN_FLIGHT;
    }

    /// For hosts: the access starts. Called once, between [#accept] and [#complete].
    public void start() {
        assert state == State.IN_FLIGHT : this;
        owner.started(this);
    }

    /// For hosts: gives the transaction back to its owner and tells it.
    public void complete(Status status) {
        assert state == State.IN_FLIGHT : this;
        state = State.FREE;
        standIn = null;
        owner.completed(this, status);
    }

    /// What the access is for, as its owner says.
    public String purpose() {
        return owner.purpose(this);
    }

    /// For the owner, of a transaction in flight that asked for [Tenure#HOLD]: no other follows, give the bus back.
    public void giveBusBack() {
        assert state == State.IN_FLIGHT : this;
        if (tenure == Tenure.HOLD) {
            tenure = Tenure.RELEASE;
        }
        Transaction inItsPlace = standIn;
        if (inItsPlace != null && inItsPlace.state == State.IN_FLIGHT) {
            inItsPlace.giveBusBack();
        }
    }

    /// Whether it may be filled.
    public boolean isFree() {
        return state == State.FREE;
    }

    public Kind kind() {
        return kind;
    }

    /// The address as the device sees it.
    public long iova() {
        return iova;
    }

    public int byteCount() {
        return byteCount;
    }

    public Tenure tenure() {
        return tenure;
    }

    /// The transfer that it is part of, or 0.
    public long transfer() {
        return transfer;
    }

    public boolean relaxedOrdering() {
        return relaxedOrdering;
    }

    public boolean noSnoop() {
        return noSnoop;
    }

    public AddressType addressType() {
        return addressType;
    }

    /// The bytes, from index 0 up to [#byteCount].
    public byte[] data() {
        return data;
    }

    @Override
    public String toString() {
        return "%s 0x%x+%d %s".formatted(kind, iova, byteCount, state);
    }
}
