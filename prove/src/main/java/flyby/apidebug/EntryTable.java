package flyby.apidebug;

import flyby.apidebug.Entry.ErrorCheck;
import flyby.apidebug.Entry.Shape;
import flyby.dma.Dma;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The live mappings, found by device and DMA address, as the kernel finds them: with its buckets, its best fit and
/// its blind spots.
final class EntryTable {
    private static final int BUCKET_SHIFT = 13;
    private static final int BUCKETS = 16_384;
    private static final int PERFECT = 4;

    private final TreeMap<Integer, List<Entry>> buckets = new TreeMap<>();
    private int count;

    private static int index(long dmaAddress) {
        return (int) (dmaAddress >>> BUCKET_SHIFT) & (BUCKETS - 1);
    }

    private List<Entry> bucket(int index) {
        return buckets.getOrDefault(index, List.of());
    }

    void add(Entry entry) {
        buckets.computeIfAbsent(index(entry.shape.dmaAddress()), _ -> new ArrayList<>())
                .add(entry);
        count++;
    }

    void remove(Entry entry) {
        if (bucket(index(entry.shape.dmaAddress())).remove(entry)) {
            count--;
        }
    }

    /// How many there are, of all devices.
    int count() {
        return count;
    }

    /// The entry that begins where `wanted` does. Of several, one that fits perfectly; else none.
    @Nullable
    Entry at(Shape wanted) {
        return best(bucket(index(wanted.dmaAddress())), wanted, entry -> entry.isAt(wanted));
    }

    /// The entry that `wanted` lies within, looked for from its own bucket downwards.
    @Nullable
    Entry around(Shape wanted) {
        int steps = (int) Math.min(BUCKETS, (wanted.dmaAddress() >>> BUCKET_SHIFT) + 1);
        int from = index(wanted.dmaAddress());
        for (int i = 0; i < steps; i++) {
            Entry found = best(bucket(Math.floorMod(from - i, BUCKETS)), wanted, entry -> entry.contains(wanted));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Entry best(List<Entry> bucket, Shape wanted, Predicate<Entry> matches) {
        Entry best = null;
        int bestFit = 0;
        int matched = 0;
        for (Entry entry : bucket) {
            if (matches.test(entry)) {
                matched++;
                int fit = entry.fit(wanted);
                if (fit == PERFECT) {
                    return entry;
                }
                if (fit > bestFit) {
                    bestFit = fit;
                    best = entry;
                }
            }
        }
        return matched == 1 ? best : null;
    }

    /// The driver has asked about `dmaAddress`: that counts for the first entry there that was not asked about.
    void errorChecked(Dma device, long dmaAddress) {
        for (Entry entry : bucket(index(dmaAddress))) {
            if (entry.shape.device() == device
                    && entry.shape.dmaAddress() == dmaAddress
                    && entry.errorCheck == ErrorCheck.NOT_CHECKED) {
                entry.errorCheck = ErrorCheck.CHECKED;
                return;
            }
        }
    }

    /// What is mapped for `device`, bucket by bucket.
    List<Entry> of(Dma device) {
        return buckets.values().stream()
                .flatMap(List::stream)
                .filter(entry -> entry.shape.device() == device)
                .toList();
    }
}
