package flyby.trace;

import flyby.base.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the time went: adds up, for every transfer, how long each of its phases lasted.
///
/// A transfer is in exactly one phase at a time, from its begin to its end, so that the phases of a transfer add up
/// exactly to its latency.
public final class Ledger implements TraceSink {
    /// How many transfers are kept one by one for the report; those beyond are in the totals only.
    public static final int KEPT_MAX = 1_000;

    /// One finished transfer.
    ///
    /// @param phasesPicos name of the phase to picoseconds, in the order in which the phases were first entered
    public record Transfer(long id, long byteCount, long beginPicos, long endPicos, Map<String, Long> phasesPicos) {}

    private static final class Open {
        private long id;
        private long byteCount;
        private long beginPicos;
        private int phase;
        private long sincePicos;
        private long[] spentPicos = new long[16];
    }

    private final List<String> names = new ArrayList<>();
    private final List<Integer> phaseOrder = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    /// The open transfer that was found last: most records are of the same one as the record before.
    private @Nullable Open last;
    private final List<Open> spare = new ArrayList<>();
    private final List<Transfer> kept = new ArrayList<>();
    /// Which phases are in the order already.
    private boolean[] noted = new boolean[16];
    private long[] totalPicos = new long[16];
    private long transferCount;
    private long latencyPicos;

    /// How many transfers have ended.
    public long transferCount() {
        return transferCount;
    }

    /// The latencies of all ended transfers, added up.
    public long latencyPicos() {
        return latencyPicos;
    }

    /// The first [#KEPT_MAX] transfers that ended.
    public List<Transfer> kept() {
        return List.copyOf(kept);
    }

    /// Phase name to picoseconds over all ended transfers, in order of first use. Adds up to [#latencyPicos].
    public Map<String, Long> totalsPicos() {
        return named(totalPicos);
    }

    @Override
    public void defineName(int name, String text) {
        names.add(text);
        if (names.size() > totalPicos.length) {
            totalPicos = Arrays.copyOf(totalPicos, totalPicos.length * 2);
            noted = Arrays.copyOf(noted, totalPicos.length);
        }
    }

    @Override
    public void transferBegin(long timePicos, long transfer, int phase, long byteCount) {
        Open it = spare.isEmpty() ? new Open() : spare.removeLast();
        if (it.spentPicos.length < totalPicos.length) {
            it.spentPicos = new long[totalPicos.length];
        }
        it.id = transfer;
        it.byteCount = byteCount;
        it.beginPicos = timePicos;
        it.sincePicos = timePicos;
        it.phase = phase;
        note(phase);
        open.add(it);
    }

    @Override
    public void phase(long timePicos, long transfer, int phase) {
        Open it = find(transfer);
        // A device may still work for a transfer that its driver has given up.
        if (it != null && it.phase != phase) {
            close(it, timePicos);
            it.phase = phase;
            note(phase);
        }
    }

    @Override
    public void transferEnd(long timePicos, long transfer) {
        Open it = find(transfer);
        if (it == null) {
            throw Check.bug("transfer %d is not open", transfer);
        }
        close(it, timePicos);
        open.remove(it);
        last = null;
        transferCount++;
        latencyPicos += timePicos - it.beginPicos;
        for (int phase = 0; phase < it.spentPicos.length; phase++) {
            totalPicos[phase] += it.spentPicos[phase];
        }
        if (kept.size() < KEPT_MAX) {
            kept.add(new Transfer(it.id, it.byteCount, it.beginPicos, timePicos, named(it.spentPicos)));
        }
        Arrays.fill(it.spentPicos, 0);
        spare.add(it);
    }

    private static void close(Open it, long timePicos) {
        it.spentPicos[it.phase] += timePicos - it.sincePicos;
        it.sincePicos = timePicos;
    }

    private void note(int phase) {
        if (!noted[phase]) {
            noted[phase] = true;
            phaseOrder.add(phase);
        }
    }

    private @Nullable Open find(long transfer) {
        Open found = last;
        if (found == null || found.id != transfer) {
            found = search(transfer);
            last = found;
        }
        return found;
    }

    private @Nullable Open search(long transfer) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).id == transfer) {
                return open.get(i);
            }
        }
        return null;
    }

    private Map<String, Long> named(long[] picos) {
        Map<String, Long> result = new LinkedHashMap<>();
        for (int phase : phaseOrder) {
            if (picos[phase] != 0) {
                result.put(names.get(phase), picos[phase]);
            }
        }
        return result;
    }
}
