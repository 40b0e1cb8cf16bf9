package flyby.report;

import flyby.base.Check;
import java.util.Arrays;
import java.util.BitSet;

/// Gives each open transfer a lane: a row of the timeline that no other transfer uses at the same time.
///
/// The lowest free lane is taken, so that there are as many lanes as transfers were ever open at once. Allocates
/// nothing once the largest number of open transfers has been seen.
final class Lanes {
    private final BitSet used = new BitSet();

    // An open-addressing table from transfer to lane; a lane of -1 marks a free place.
    private long[] keys = new long[16];
    private int[] lanes = new int[16];
    private int count;

    Lanes() {
        Arrays.fill(lanes, -1);
    }

    /// Opens `transfer` on a lane of its own, counted from 0.
    int open(long transfer) {
        if (find(transfer) >= 0) {
            throw Check.bug("transfer %d begins twice", transfer);
        }
        if (count * 2 >= keys.length) {
            grow();
        }
        int lane = used.nextClearBit(0);
        used.set(lane);
        put(transfer, lane);
        count++;
        return lane;
    }

    /// The lane of `transfer`, or -1 if it is not open.
    int find(long transfer) {
        return lanes[place(transfer)];
    }

    /// Closes `transfer` and returns the lane that it had.
    int close(long transfer) {
        int mask = keys.length - 1;
        int hole = place(transfer);
        int lane = lanes[hole];
        if (lane < 0) {
            throw Check.bug("transfer %d is not open", transfer);
        }
        used.clear(lane);
        count--;
        // Backward shift: whoever was pushed past the hole moves into it.
        int next = (hole + 1) & mask;
        while (lanes[next] >= 0) {
            if (((next - home(keys[next])) & mask) >= ((next - hole) & mask)) {
                keys[hole] = keys[next];
                lanes[hole] = lanes[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        lanes[hole] = -1;
        return lane;
    }

    private int place(long transfer) {
        int mask = keys.length - 1;
        int place = home(transfer);
        while (lanes[place] >= 0 && keys[place] != transfer) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private int home(long transfer) {
        return (int) ((transfer * 0x9E37_79B9_7F4A_7C15L) >>> 33) & (keys.length - 1);
    }

    private void put(long transfer, int lane) {
        int place = place(transfer);
        keys[place] = transfer;
        lanes[place] = lane;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldLanes = lanes;
        keys = new long[oldKeys.length * 2];
        lanes = new int[oldKeys.length * 2];
        Arrays.fill(lanes, -1);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldLanes[i] >= 0) {
                put(oldKeys[i], oldLanes[i]);
            }
        }
    }
}
