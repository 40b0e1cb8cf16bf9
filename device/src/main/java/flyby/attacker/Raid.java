package flyby.attacker;

import flyby.base.LittleEndian;
import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;

/// One access that nobody has asked the device for, or several to one page one behind the other.
public final class Raid implements Transaction.Owner {
    private final Malice malice;
    private final int index;
    private final Transaction transaction;
    private long end;
    private AddressType claim = AddressType.UNTRANSLATED;
    private long askedPicos;
    /// For what page it is, if for one that the device has been given.
    private GivenPage page = GivenPage.NONE;

    Raid(Malice malice, int index) {
        this.malice = malice;
        this.index = index;
        this.transaction = new Transaction(this, Malice.PAGE_BYTES);
    }

    /// Reads from `start` up to `end`, `readBytes` at a time, until it is refused.
    void read(long start, long end, int readBytes, AddressType claim, GivenPage page) {
        this.end = end;
        this.claim = claim;
        this.page = page;
        ask(Kind.READ, start, (int) Math.min(readBytes, end - start));
    }

    /// Writes `words` words of 8 bytes, all of them `stamp`, at `address`.
    void write(long address, int words, long stamp, AddressType claim) {
        end = address;
        this.claim = claim;
        page = GivenPage.NONE;
        for (int i = 0; i < words; i++) {
            LittleEndian.put(stamp, transaction.data(), i * Long.BYTES, Long.BYTES);
        }
        ask(Kind.WRITE, address, words * Long.BYTES);
    }

    private void ask(Kind kind, long iova, int byteCount) {
        transaction.begin(kind, iova, byteCount, Tenure.RELEASE, 0);
        transaction.attributes(false, false, claim);
        askedPicos = malice.nowPicos();
        malice.asked(this);
        malice.submit(transaction);
    }

    @Override
    public void completed(Transaction done, Status status) {
        long next = done.iova() + done.byteCount();
        boolean goesOn = done.kind() == Kind.READ && status == Status.SUCCESS && next < end;
        malice.answered(this, status);
        if (goesOn && !malice.isOver()) {
            ask(Kind.READ, next, (int) Math.min(done.byteCount(), end - next));
        } else {
            malice.free(this);
        }
    }

    GivenPage page() {
        return page;
    }

    /// Its number: one at a time has it.
    public int index() {
        return index;
    }

    public boolean isWrite() {
        return transaction.kind() == Kind.WRITE;
    }

    /// The address as the device sees it.
    public long iova() {
        return transaction.iova();
    }

    public int byteCount() {
        return transaction.byteCount();
    }

    /// What it says of its address.
    public AddressType claim() {
        return claim;
    }

    /// When the access that is over was made.
    public long askedPicos() {
        return askedPicos;
    }

    /// What was read or written, from index 0 on.
    public byte[] data() {
        return transaction.data();
    }
}
