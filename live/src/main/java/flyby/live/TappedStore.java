package flyby.live;

import flyby.nvme.BlockStore;
import flyby.record.Tap;

/// A store whose answers are written down, so that a replay needs no store.
final class TappedStore implements BlockStore {
    private static final byte[] NOTHING = {};

    private final BlockStore store;
    private final Tap tap;

    TappedStore(BlockStore store, Tap tap) {
        this.store = store;
        this.tap = tap;
    }

    @Override
    public long byteCount() {
        return tap.input(store.byteCount(), NOTHING, 0, 0);
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int count) {
        Outcome outcome = store.read(offset, into, at, count);
        return outcome(tap.input(outcome.ordinal(), into, at, count));
    }

    @Override
    public Outcome write(long offset, byte[] from, int at, int count) {
        return told(store.write(offset, from, at, count));
    }

    @Override
    public Outcome zero(long offset, long count) {
        return told(store.zero(offset, count));
    }

    @Override
    public Outcome flush() {
        return told(store.flush());
    }

    private Outcome told(Outcome outcome) {
        return outcome(tap.input(outcome.ordinal(), NOTHING, 0, 0));
    }

    private static Outcome outcome(long ordinal) {
        return Outcome.values()[(int) ordinal];
    }
}
