package flyby.check;

import flyby.dma.Dma;
import flyby.dma.DmaObserver.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All mappings: those that are alive, by what the device and by what memory knows of them, and the last that ended.
final class Ledger {
    /// So many that have ended are remembered.
    private static final int ENDED_MAX = 512;

    // By page of the address in question; mappings that overlap share pages.
    private final Map<Long, List<Mapping>> byDma = new TreeMap<>();
    private final Map<Long, List<Mapping>> byReached = new TreeMap<>();
    private final Deque<Mapping> ended = new ArrayDeque<>();
    private final List<Mapping> alive = new ArrayList<>();

    void add(Mapping mapping) {
        alive.add(mapping);
        index(byDma, mapping.dmaAddress, mapping.byteCount, mapping);
        if (mapping.reached >= 0 && mapping.kind != Kind.RESOURCE) {
            index(byReached, mapping.reached, mapping.byteCount, mapping);
        }
    }

    void end(Mapping mapping) {
        mapping.isAlive = false;
        alive.remove(mapping);
        unindex(byDma, mapping.dmaAddress, mapping.byteCount, mapping);
        if (mapping.reached >= 0 && mapping.kind != Kind.RESOURCE) {
            unindex(byReached, mapping.reached, mapping.byteCount, mapping);
        }
        ended.addFirst(mapping);
        if (ended.size() > ENDED_MAX) {
            ended.removeLast();
        }
    }

    private static void index(Map<Long, List<Mapping>> map, long from, long byteCount, Mapping mapping) {
        for (long page = from >>> Page.SHIFT; page <= (from + byteCount - 1) >>> Page.SHIFT; page++) {
            map.computeIfAbsent(page, _ -> new ArrayList<>(2)).add(mapping);
        }
    }

    private static void unindex(Map<Long, List<Mapping>> map, long from, long byteCount, Mapping mapping) {
        for (long page = from >>> Page.SHIFT; page <= (from + byteCount - 1) >>> Page.SHIFT; page++) {
            List<Mapping> list = map.get(page);
            if (list != null) {
                list.remove(mapping);
                if (list.isEmpty()) {
                    map.remove(page);
                }
            }
        }
    }

    /// All that are alive, the oldest first.
    List<Mapping> alive() {
        return List.copyOf(alive);
    }

    /// What of `dma` is alive and holds `at`; of several, one that `isWanted` by its direction first.
    @Nullable
    Mapping at(Dma dma, long at, boolean isWrite) {
        @Nullable Mapping other = null;
        for (Mapping mapping : byDma.getOrDefault(at >>> Page.SHIFT, List.of())) {
            if (mapping.dma == dma && mapping.holdsDma(at)) {
                boolean fits = isWrite ? mapping.direction.isWritten() : mapping.direction.isRead();
                if (fits || mapping.isCoherent()) {
                    return mapping;
                }
                other = mapping;
            }
        }
        return other;
    }

    /// What of any device but `dma` is alive and holds `at`.
    @Nullable
    Mapping ofOther(Dma dma, long at) {
        for (Mapping mapping : byDma.getOrDefault(at >>> Page.SHIFT, List.of())) {
            if (mapping.dma != dma && mapping.holdsDma(at)) {
                return mapping;
            }
        }
        return null;
    }

    /// What of `dma` is alive and begins at `dmaAddress`: the one that fits best.
    @Nullable
    Mapping exact(Dma dma, long dmaAddress, Kind kind, long byteCount, int entry) {
        @Nullable Mapping best = null;
        int bestFit = -1;
        for (Mapping mapping : byDma.getOrDefault(dmaAddress >>> Page.SHIFT, List.of())) {
            if (mapping.dma == dma && mapping.dmaAddress == dmaAddress) {
                int fit = (mapping.kind == kind ? 2 : 0)
                        + (mapping.byteCount == byteCount ? 1 : 0)
                        + (mapping.entry == entry ? 1 : 0);
                if (fit > bestFit) {
                    best = mapping;
                    bestFit = fit;
                }
            }
        }
        return best;
    }

    /// What ended last of what held `at` for `dma`; null if nothing did lately.
    @Nullable
    Mapping endedAt(Dma dma, long at) {
        for (Mapping mapping : ended) {
            if (mapping.dma == dma && mapping.holdsDma(at)) {
                return mapping;
            }
        }
        return null;
    }

    /// What is alive and has its device reach physical address `at`.
    @Nullable
    Mapping reaching(long at) {
        @Nullable Mapping found = null;
        for (Mapping mapping : byReached.getOrDefault(at >>> Page.SHIFT, List.of())) {
            if (mapping.holdsReached(at) && (found == null || mapping.direction.isWritten())) {
                found = mapping;
            }
        }
        return found;
    }

    /// What ended last of what reached physical address `at`.
    @Nullable
    Mapping endedReaching(long at) {
        for (Mapping mapping : ended) {
            if (mapping.holdsReached(at)) {
                return mapping;
            }
        }
        return null;
    }

    /// What is alive and whose address differs from `at` only in the bits above the lowest `bits`.
    @Nullable
    Mapping truncatedTo(Dma dma, long at, int bits) {
        long mask = (1L << bits) - 1;
        for (Mapping mapping : alive) {
            long begin = mapping.dmaAddress & mask;
            if (mapping.dma == dma
                    && (mapping.dmaAddress & ~mask) != 0
                    && at >= begin
                    && at - begin < mapping.byteCount) {
                return mapping;
            }
        }
        return null;
    }

    /// What is alive and that the driver addresses by `at`.
    @Nullable
    Mapping addressed(long at) {
        for (Mapping mapping : alive) {
            if (mapping.address >= 0 && mapping.holds(at)) {
                return mapping;
            }
        }
        return null;
    }

    /// What ended last of what the driver addressed by `at`.
    @Nullable
    Mapping endedAddressed(long at) {
        for (Mapping mapping : ended) {
            if (mapping.address >= 0 && mapping.holds(at)) {
                return mapping;
            }
        }
        return null;
    }

    /// What of `dma` is alive and ends at or shortly before `at`.
    @Nullable
    Mapping before(Dma dma, long at) {
        @Nullable Mapping best = null;
        for (Mapping mapping : alive) {
            long distance = at - mapping.dmaAddress - mapping.byteCount;
            boolean isNear = mapping.dma == dma && distance >= 0 && distance < Page.BYTES;
            if (isNear && (best == null || mapping.dmaAddress > best.dmaAddress)) {
                best = mapping;
            }
        }
        return best;
    }
}
