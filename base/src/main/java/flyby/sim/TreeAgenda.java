package flyby.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An agenda of at most [#EVENTS_MAX] events: a tournament in which each event has its own leaf.
///
/// An inner node holds the smallest of its four children, so the root holds the next event. Setting an event
/// replays the matches from its leaf to the root: five rounds for 1,024 leaves, without a single branch that
/// could be guessed wrong, where a heap's comparisons are coin tosses. Node 1 is the root, and the children of
/// node `i` are `4i` to
/// `4i + 3`; the leaves start at the number of leaves, which is a power of four.
///
/// A key is `(time - base) << rankBits | rank`. Times that do not fit are `FAR`; the base moves when one of them
/// becomes the next.
final class TreeAgenda extends Agenda {
    /// Beyond this the tree outgrows the nearest cache, and [RadixAgenda] is faster.
    static final int EVENTS_MAX = 4_096;

    private static final long NONE = Long.MAX_VALUE;
    private static final long FAR = Long.MAX_VALUE - 1;
    private static final int NO_HOLE = -1;

    private Event[] events = new Event[16];
    private int size;

    private long[] nodes = new long[0];
    private int leafCount;
    /// From 2 to 6.
    private int roundCount;

    private int rankBits;
    private int rankMask;
    /// Differences to the base from `-reachPicos` up to, not including, `reachPicos` fit into a key.
    private long reachPicos;
    private long basePicos;

    /// The rank of the event that was taken last, while its leaf still holds the old key: an event that sets
    /// itself again, as most do, then needs one replay instead of two.
    private int hole = NO_HOLE;

    /// The smallest key but that of the hole, among the leaves that meet in the round with that many rounds to go;
    /// the first is the horizon. Fields, because an array's bounds would be checked at each.
    private long rival1 = NONE;

    private long rival2 = NONE;
    private long rival3 = NONE;
    private long rival4 = NONE;
    private long rival5 = NONE;
    private long rival6 = NONE;

    private boolean rivalsAreKnown;

    /// The event with the key `rival1`, which is the next one unless something is set before it; and its rank.
    private @Nullable Event runnerUp;

    private int runnerUpRank;

    TreeAgenda() {
        resize(16);
    }

    @Override
    Agenda with(Event event) {
        if (size == EVENTS_MAX) {
            return new RadixAgenda(events).with(event);
        }
        if (size == leafCount) {
            events = Arrays.copyOf(events, 4 * leafCount);
            resize(4 * leafCount);
        }
        events[size++] = event;
        return this;
    }

    @Override
    int size() {
        return size;
    }

    @Override
    void set(Event event) {
        int rank = event.rank;
        long key = key(event);
        if (rank == hole) {
            fillHole(key);
            if (key != FAR) {
                return;
            }
        }
        rivalsAreKnown = false;
        if (key == FAR && event.timePicos < basePicos) {
            rebase();
        } else {
            replay(rank, key);
        }
    }

    @Override
    void cancel(Event event) {
        rivalsAreKnown = false;
        replay(event.rank, NONE);
    }

    @Override
    @Nullable
    Event take(long untilPicos) {
        if (hole != NO_HOLE) {
            // The event that was taken last has not set itself again.
            fillHole(NONE);
        }
        long key = nodes[1];
        if (key >= FAR) {
            if (key == NONE) {
                return null;
            }
            rebase();
            key = nodes[1];
        }
        if (basePicos + (key >> rankBits) > untilPicos) {
            return null;
        }
        // The runner-up is nearly always the winner. Asking instead of computing lets the processor guess so, and
        // begin with the next event while it still works out when the last one set itself to.
        Event event = key == rival1 ? runnerUp : null;
        if (event == null) {
            hole = (int) key & rankMask;
            event = events[hole];
        } else {
            hole = runnerUpRank;
        }
        meetRivals();
        return event;
    }

    @Override
    long horizonPicos() {
        if (hole != NO_HOLE && !rivalsAreKnown) {
            meetRivals();
        }
        long key = hole == NO_HOLE ? nodes[1] : rival1;
        if (key >= FAR) {
            if (key == NONE) {
                return Event.NEVER;
            }
            rebase();
            key = nodes[1];
        }
        return basePicos + (key >> rankBits);
    }

    /// Finds out whom the event in the hole will have to beat in each round.
    ///
    /// Most of the replay's work is done here, before the event fires, while the processor still waits to learn
    /// which method that is.
    @SuppressWarnings("fallthrough")
    private void meetRivals() {
        long[] nodes = this.nodes;
        int i = leafCount + hole;
        long best = NONE;
        switch (roundCount) {
            case 6:
                best = strongest(best, nodes, i);
                rival6 = best;
                i >>= 2;
            // fall through
            case 5:
                best = strongest(best, nodes, i);
                rival5 = best;
                i >>= 2;
            // fall through
            case 4:
                best = strongest(best, nodes, i);
                rival4 = best;
                i >>= 2;
            // fall through
            case 3:
                best = strongest(best, nodes, i);
                rival3 = best;
                i >>= 2;
            // fall through
            case 2:
                best = strongest(best, nodes, i);
                rival2 = best;
                i >>= 2;
            // fall through
            default:
                best = strongest(best, nodes, i);
                rival1 = best;
        }
        runnerUpRank = (int) best & rankMask;
        runnerUp = events[runnerUpRank];
        rivalsAreKnown = true;
    }

    /// Replays the hole's matches against the rivals, with `key` in the hole.
    @SuppressWarnings("fallthrough")
    private void fillHole(long key) {
        if (!rivalsAreKnown) {
            meetRivals();
        }
        long[] nodes = this.nodes;
        int i = leafCount + hole;
        hole = NO_HOLE;
        nodes[i] = key;
        switch (roundCount) {
            case 6:
                i >>= 2;
                nodes[i] = Math.min(key, rival6);
            // fall through
            case 5:
                i >>= 2;
                nodes[i] = Math.min(key, rival5);
            // fall through
            case 4:
                i >>= 2;
                nodes[i] = Math.min(key, rival4);
            // fall through
            case 3:
                i >>= 2;
                nodes[i] = Math.min(key, rival3);
            // fall through
            case 2:
                i >>= 2;
                nodes[i] = Math.min(key, rival2);
            // fall through
            default:
                nodes[1] = Math.min(key, rival1);
        }
    }

    /// Plays the matches from a leaf to the root.
    ///
    /// The rounds are written out because a loop, with its exit and its safepoint, costs a tenth of the whole
    /// hold model. The key joins only in the last step of each, so that it does not wait for the rounds before.
    @SuppressWarnings("fallthrough")
    private void replay(int rank, long key) {
        long[] nodes = this.nodes;
        int i = leafCount + rank;
        long best = NONE;
        nodes[i] = key;
        switch (roundCount) {
            case 6:
                best = strongest(best, nodes, i);
                i >>= 2;
                nodes[i] = Math.min(key, best);
            // fall through
            case 5:
                best = strongest(best, nodes, i);
                i >>= 2;
                nodes[i] = Math.min(key, best);
            // fall through
            case 4:
                best = strongest(best, nodes, i);
                i >>= 2;
                nodes[i] = Math.min(key, best);
            // fall through
            case 3:
                best = strongest(best, nodes, i);
                i >>= 2;
                nodes[i] = Math.min(key, best);
            // fall through
            case 2:
                best = strongest(best, nodes, i);
                i >>= 2;
                nodes[i] = Math.min(key, best);
            // fall through
            default:
                best = strongest(best, nodes, i);
                nodes[1] = Math.min(key, best);
        }
    }

    /// The smallest of `best` and the three siblings of node `i`.
    private static long strongest(long best, long[] nodes, int i) {
        return Math.min(best, Math.min(nodes[i ^ 1], Math.min(nodes[i ^ 2], nodes[i ^ 3])));
    }

    private long key(Event event) {
        long differencePicos = event.timePicos - basePicos;
        // One comparison for both ends of the range, which wraps around to a large unsigned number outside it.
        return Long.compareUnsigned(differencePicos + reachPicos, 2 * reachPicos) < 0
                ? differencePicos << rankBits | event.rank
                : FAR;
    }

    private void resize(int leafCount) {
        this.leafCount = leafCount;
        rankMask = leafCount - 1;
        rankBits = Integer.bitCount(rankMask);
        roundCount = rankBits / 2;
        reachPicos = FAR >> rankBits;
        nodes = new long[2 * leafCount];
        runnerUp = null;
        rebase();
    }

    /// Makes the earliest pending time the base, and every key anew.
    private void rebase() {
        hole = NO_HOLE;
        long earliestPicos = Event.NEVER;
        for (int rank = 0; rank < size; rank++) {
            earliestPicos = Math.min(earliestPicos, events[rank].timePicos);
        }
        basePicos = earliestPicos == Event.NEVER ? 0 : earliestPicos;
        Arrays.fill(nodes, NONE);
        for (int rank = 0; rank < size; rank++) {
            if (events[rank].isPending()) {
                nodes[leafCount + rank] = key(events[rank]);
            }
        }
        for (int width = leafCount; width > 1; width /= 4) {
            for (int i = width; i < 2 * width; i += 4) {
                nodes[i / 4] = Math.min(Math.min(nodes[i], nodes[i + 1]), Math.min(nodes[i + 2], nodes[i + 3]));
            }
        }
    }
}
