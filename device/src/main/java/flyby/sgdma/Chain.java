package flyby.sgdma;

import static flyby.sgdma.layout.SgRegisters.ERROR_ALIGNMENT;
import static flyby.sgdma.layout.SgRegisters.ERROR_CHAIN_END;
import static flyby.sgdma.layout.SgRegisters.ERROR_FETCH;
import static flyby.sgdma.layout.SgRegisters.ERROR_NONE;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sgdma.layout.SgDescriptor;

/// Follows a channel's chain through memory: one read at a time, of one descriptor or of several that stand together.
final class Chain implements Transaction.Owner {
    /// As many as a read request of 512 bytes has.
    private static final int FETCH_MAX = 8;

    private final DeviceHost host;
    private final SgChannel channel;
    private final SgProfile profile;
    private final Transaction transaction;

    /// Register CHAIN.
    long begin;
    /// Register COUNT.
    int count;
    /// Register FETCHED.
    int fetched;

    private int taken;
    private long next;
    /// How many descriptors are said to stand behind that at `next`.
    private long adjacent;

    private long last;
    /// Whether only NEXT of the last descriptor is read again.
    private boolean isNextOnly;

    private boolean isStopped;
    /// It was under way at a reset.
    private boolean isStale;

    Chain(DeviceHost host, SgChannel channel, SgProfile profile) {
        this.host = host;
        this.channel = channel;
        this.profile = profile;
        transaction = new Transaction(this, SgDescriptor.BYTES * Math.min(FETCH_MAX, profile.prefetch()));
    }

    void reset() {
        isStale = !transaction.isFree();
        begin = 0;
        count = 0;
        fetched = 0;
        taken = 0;
        next = 0;
        adjacent = 0;
        last = 0;
        isStopped = true;
    }

    void start() {
        taken = 0;
        next = begin;
        adjacent = 0;
        last = 0;
        isStopped = false;
    }

    boolean isUnderWay() {
        return !transaction.isFree();
    }

    /// How many more descriptors may be fetched.
    private int allowed() {
        if (channel.isCounted()) {
            return Math.max(0, count - taken);
        }
        return next == 0 ? 0 : Integer.MAX_VALUE;
    }

    /// Fetches what there is room for.
    void fetch() {
        int most = Math.min(allowed(), channel.room());
        if (most == 0 || isStopped || !channel.isRunning() || isUnderWay()) {
            return;
        }
        if (next == 0) {
            again();
        } else if (next % SgDescriptor.BYTES != 0) {
            fail(next, ERROR_ALIGNMENT);
        } else {
            isNextOnly = false;
            int room = transaction.data().length / SgDescriptor.BYTES;
            int descriptors = (int) Math.min(1 + adjacent, Math.min(most, room));
            read(next, descriptors * SgDescriptor.BYTES);
        }
    }

    /// The chain has ended, and more is promised: the last descriptor may have been given a next one.
    private void again() {
        if (last == 0) {
            fail(begin, ERROR_CHAIN_END);
        } else {
            isNextOnly = true;
            read(last + SgDescriptor.NEXT, Long.BYTES);
        }
    }

    private void read(long address, int byteCount) {
        transaction.begin(Kind.READ, address, byteCount, Tenure.RELEASE, channel.transfer());
        host.submit(transaction);
    }

    private void fail(long address, int why) {
        isStopped = true;
        channel.fresh().fail(address, why);
        channel.arrived();
        channel.step();
    }

    @Override
    public void completed(Transaction done, Status status) {
        if (isStale) {
            isStale = false;
        } else if (!channel.isStopping()) {
            if (status != Status.SUCCESS) {
                fail(done.iova(), ERROR_FETCH);
            } else if (isNextOnly) {
                next = LittleEndian.get(done.data(), 0, Long.BYTES);
                adjacent = 0;
                if (next == 0) {
                    fail(last, ERROR_CHAIN_END);
                }
            } else {
                take(done);
            }
        }
        channel.step();
    }

    private void take(Transaction done) {
        int descriptors = done.byteCount() / SgDescriptor.BYTES;
        fetched += descriptors;
        for (int i = 0; i < descriptors; i++) {
            last = done.iova() + (long) i * SgDescriptor.BYTES;
            Slot slot = channel.fresh();
            slot.decode(done.data(), i * SgDescriptor.BYTES, last, profile.lengthBytesMax());
            taken++;
            next = slot.next;
            adjacent = slot.adjacent;
            channel.arrived();
            if (slot.error != ERROR_NONE) {
                isStopped = true;
                return;
            }
            if (next != last + SgDescriptor.BYTES) {
                // What was read ahead was a guess.
                return;
            }
        }
    }
}
