package flyby.nvme;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The controller's accesses to the host's memory.
///
/// There are three pools, so that data never wait for room that they themselves take: for queues and lists, for data
/// of up to a page, and for data of up to [#BULK_BYTES].
final class HostMemory {
    static final int PAGE_BYTES = 4_096;
    static final int BULK_BYTES = 1 << 17;

    private final DeviceHost host;
    private final Runnable pump;
    final AccessPool control = new AccessPool(this, PAGE_BYTES, 64);
    private final AccessPool pages = new AccessPool(this, PAGE_BYTES, 512);
    private final AccessPool bulk = new AccessPool(this, BULK_BYTES, 32);
    private final List<HostAccess> underWay = new ArrayList<>();

    /// @param pump what goes on when an access is over
    HostMemory(DeviceHost host, Runnable pump) {
        this.host = host;
        this.pump = pump;
    }

    /// A free access for so many bytes of data, [#BULK_BYTES] at most, or null.
    @Nullable
    HostAccess takeData(int byteCount) {
        return byteCount <= PAGE_BYTES ? pages.take() : bulk.take();
    }

    void submit(HostAccess access, HostAccess.Taker taker, Kind kind, long address, int byteCount, long transfer) {
        access.taker = taker;
        access.place = underWay.size();
        underWay.add(access);
        access.transaction.begin(kind, address, byteCount, Tenure.RELEASE, transfer);
        host.submit(access.transaction);
    }

    /// Whether the host still has an access.
    boolean isBusy() {
        return !underWay.isEmpty();
    }

    /// What is under way cannot be called back; its answers will be dropped.
    void forget() {
        for (HostAccess access : underWay) {
            access.isStale = true;
        }
    }

    void completed(HostAccess access, Status status) {
        HostAccess.Taker taker = access.taker;
        HostAccess last = underWay.removeLast();
        if (last != access) {
            last.place = access.place;
            underWay.set(access.place, last);
        }
        // Its command may give it back meanwhile.
        boolean goesBack = access.isStale || !access.isKept;
        if (!access.isStale && taker != null) {
            taker.done(access, status);
        }
        if (goesBack) {
            access.pool.give(access);
        }
        pump.run();
    }
}
