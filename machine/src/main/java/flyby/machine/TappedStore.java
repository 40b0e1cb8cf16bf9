package flyby.machine;

import flyby.nvme.BlockStore;
import flyby.record.Tap;

/// A store whose answers are written down by a host that records, and given by one that replays: that needs no store.
public final class TappedStore implements BlockStore {
    private static final byte[] NOTHING = {};

    private final BlockStore store;
    private final Tap tap;

    /// What `store` says, as `tap` has it.
    public TappedStore(BlockStore store, Tap tap) {
        this.store = store;
        this.tap = tap;
    }

    /// One for a replay: all that it says is in the recording.
    static TappedStore replayed(Tap tap) {
        return new TappedStore(new Nothing(), tap);
    }

    @Override
    public long byteCount() {
        return tap.input(store.byteCount(), NOTHING, 0, 0);
    }

    @Override
    public Outcome read(long offset, byte[] into, int at, int count) {
        Outcome outcome = store.read(offset, into, at, count);
        return outcome(tap.input(number(outcome), into, at, count));
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
        return outcome(tap.input(number(outcome), NOTHING, 0, 0));
    }

    /// How recordings number outcomes.
    private static long number(Outcome outcome) {
        return outcome == Outcome.DONE ? 0 : 1;
    }

    private static Outcome outcome(long number) {
        return number == 0 ? Outcome.DONE : Outcome.MEDIUM_ERROR;
    }

    /// Nobody hears what it says.
    private static final class Nothing implements BlockStore {
        @Override
        public long byteCount() {
            return 0;
        }

        @Override
        public Outcome read(long offset, byte[] into, int at, int count) {
            return Outcome.DONE;
        }

        @Override
        public Outcome write(long offset, byte[] from, int at, int count) {
            return Outcome.DONE;
        }

        @Override
        public Outcome zero(long offset, long count) {
            return Outcome.DONE;
        }

        @Override
        public Outcome flush() {
            return Outcome.DONE;
        }
    }
}
