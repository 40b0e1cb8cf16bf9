package flyby.nvme;

import flyby.bus.DeviceHost;
import flyby.sim.Alarm;
import java.util.Arrays;

/// The interrupt vectors: section 7.5. A vector is asserted while a queue of it has entries that the host has not
/// taken, unless it is masked; each batch of entries makes a new edge, as messages are sent on edges.
final class Vectors {
    private static final int MASKED_MAX = 32;
    /// The unit of the Aggregation Time: section 5.21.1.8.
    private static final long TIME_UNIT_PICOS = 100_000_000L;

    private final DeviceHost host;
    private final Alarm alarm;
    /// Queues with entries that the host has not taken.
    private final int[] busy;
    /// Entries that no interrupt has told of.
    private final int[] untold;

    private final long[] duePicos;
    private final boolean[] fired;
    private final boolean[] levels;
    /// Coalescing Disable: section 5.21.1.9.
    private final boolean[] uncoalesced;

    /// Vectors that wait for their time, in the order in which it comes, round the end.
    private final int[] waiting;

    private final boolean[] isWaiting;
    private int firstWaiting;
    private int waitingCount;

    private int mask;
    private int threshold;
    private long timePicos;

    Vectors(DeviceHost host, String name, int count) {
        this.host = host;
        busy = new int[count];
        untold = new int[count];
        duePicos = new long[count];
        fired = new boolean[count];
        levels = new boolean[count];
        uncoalesced = new boolean[count];
        waiting = new int[count];
        isWaiting = new boolean[count];
        alarm = host.alarm(name + " aggregation time", this::due);
    }

    void reset() {
        alarm.cancel();
        waitingCount = 0;
        mask = 0;
        threshold = 0;
        timePicos = 0;
        Arrays.fill(busy, 0);
        Arrays.fill(untold, 0);
        Arrays.fill(isWaiting, false);
        Arrays.fill(uncoalesced, false);
        for (int vector = 0; vector < fired.length; vector++) {
            fired[vector] = false;
            drive(vector);
        }
    }

    int count() {
        return busy.length;
    }

    int mask() {
        return mask;
    }

    void mask(int value) {
        mask = value;
        for (int vector = 0; vector < Math.min(MASKED_MAX, fired.length); vector++) {
            drive(vector);
        }
    }

    /// When entries are told of: as soon as one of both is reached.
    ///
    /// @param threshold entries, less 1
    /// @param time in 100 us
    void coalesce(int threshold, int time) {
        this.threshold = threshold;
        timePicos = time * TIME_UNIT_PICOS;
        if (timePicos == 0) {
            alarm.cancel();
            tellAll();
        }
    }

    boolean isUncoalesced(int vector) {
        return uncoalesced[vector];
    }

    void uncoalesced(int vector, boolean isDisabled) {
        uncoalesced[vector] = isDisabled;
    }

    /// A queue has something that its host has not taken, or no longer.
    void busy(CompletionQueue queue, boolean isBusy) {
        if (!queue.raisesInterrupts) {
            return;
        }
        int vector = queue.vector;
        busy[vector] += isBusy ? 1 : -1;
        if (busy[vector] == 0) {
            fired[vector] = false;
            untold[vector] = 0;
            drive(vector);
        }
    }

    /// `queue` has so many new entries.
    void posted(CompletionQueue queue, int entries) {
        if (!queue.raisesInterrupts) {
            return;
        }
        int vector = queue.vector;
        untold[vector] += entries;
        boolean waits = queue.id != 0 && timePicos != 0 && !uncoalesced[vector] && untold[vector] <= threshold;
        if (!waits) {
            tell(vector);
        } else if (!isWaiting[vector]) {
            isWaiting[vector] = true;
            duePicos[vector] = host.nowPicos() + timePicos;
            waiting[(firstWaiting + waitingCount) % waiting.length] = vector;
            waitingCount++;
            if (waitingCount == 1) {
                alarm.in(timePicos);
            }
        }
    }

    private void due() {
        while (waitingCount > 0) {
            int vector = waiting[firstWaiting];
            if (isWaiting[vector] && duePicos[vector] > host.nowPicos()) {
                alarm.at(duePicos[vector]);
                return;
            }
            firstWaiting = (firstWaiting + 1) % waiting.length;
            waitingCount--;
            isWaiting[vector] = false;
            if (untold[vector] > 0) {
                tell(vector);
            }
        }
    }

    private void tellAll() {
        while (waitingCount > 0) {
            int vector = waiting[firstWaiting];
            firstWaiting = (firstWaiting + 1) % waiting.length;
            waitingCount--;
            isWaiting[vector] = false;
            if (untold[vector] > 0) {
                tell(vector);
            }
        }
    }

    private void tell(int vector) {
        untold[vector] = 0;
        if (levels[vector]) {
            levels[vector] = false;
            host.interrupt(vector, false);
        }
        fired[vector] = busy[vector] > 0;
        drive(vector);
    }

    private void drive(int vector) {
        boolean isMasked = vector < MASKED_MAX && (mask >>> vector & 1) != 0;
        boolean level = fired[vector] && !isMasked;
        if (levels[vector] != level) {
            levels[vector] = level;
            host.interrupt(vector, level);
        }
    }
}
