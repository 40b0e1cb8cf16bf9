package flyby.core;

import flyby.choice.Decisions;
import flyby.coherence.CoreCache;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A core's accesses to memory, in the order that its [MemoryOrder] keeps: through its cache, and around it.
///
/// Its methods are called by the coroutine that has the core; those that say so let time pass.
final class MemoryPath {
    private final Simulation simulation;
    private final CoreCache cache;
    private final Supplier<Coroutine> core;
    private final long stepPicos;
    /// Loads that are done before their turn; null if none are.
    private final @Nullable EarlyLoads early;
    /// Stores that others do not see yet; null if there never are any.
    private final @Nullable StoreBuffer stores;

    private final boolean isWeak;

    MemoryPath(
            Simulation simulation,
            String name,
            CoreCache cache,
            int lineBytes,
            CoreTiming timing,
            Supplier<Coroutine> core) {
        this.simulation = simulation;
        this.cache = cache;
        this.core = core;
        this.stepPicos = timing.wordPicos();
        MemoryOrder order = timing.order();
        isWeak = order.isWeak();
        early = order.loadReorderPicos() == 0
                ? null
                : new EarlyLoads(simulation, name, cache, order.loadReorderPicos());
        stores = order.bufferEntries() == 0
                ? null
                : new StoreBuffer(simulation, name, cache, lineBytes, order, timing.fillBuffers(), stepPicos, early);
    }

    void decide(Decisions decisions) {
        if (early != null) {
            early.decide(decisions);
        }
        if (stores != null) {
            stores.decide(decisions);
        }
    }

    /// Whether stores wait in a buffer.
    boolean buffersStores() {
        return stores != null;
    }

    /// Loads a part of a line.
    ///
    /// @param isUncached whether from memory itself
    /// @return picoseconds until the bytes are there
    long load(long address, byte[] into, int offset, int byteCount, boolean isUncached) {
        StoreBuffer buffer = stores;
        if (buffer == null) {
            return loadNow(address, into, offset, byteCount, isUncached);
        }
        if (byteCount <= Long.SIZE && buffer.covers(address, byteCount)) {
            buffer.forward(address, into, offset, byteCount);
            return 0;
        }
        if (early != null) {
            early.begin(address);
        }
        long picos = loadNow(address, into, offset, byteCount, isUncached);
        if (early != null) {
            early.restore(address, into, offset, byteCount, isUncached, picos);
        }
        buffer.forward(address, into, offset, byteCount);
        return picos;
    }

    private long loadNow(long address, byte[] into, int offset, int byteCount, boolean isUncached) {
        return isUncached
                ? cache.loadUncached(address, into, offset, byteCount)
                : cache.load(address, into, offset, byteCount);
    }

    /// Stores a part of a line, and waits for what the core waits for.
    void store(long address, byte[] from, int offset, int byteCount) {
        if (stores == null) {
            core.get().waitFor(cache.store(address, from, offset, byteCount));
        } else {
            buffer(stores, address, from, offset, byteCount, false);
        }
    }

    /// Stores to uncached memory, and waits for what the core waits for. On Arm it is Normal memory and buffered as
    /// other memory is; on x86 it is strongly ordered.
    void storeUncached(long address, byte[] from, int offset, int byteCount) {
        if (stores != null && isWeak) {
            buffer(stores, address, from, offset, byteCount, true);
        } else {
            storeAround(address, from, offset, byteCount);
        }
    }

    /// Stores to memory itself and waits until it has taken it.
    private void storeAround(long address, byte[] from, int offset, int byteCount) {
        core.get().waitUntil(storeCombined(address, from, offset, byteCount));
    }

    /// Stores what a combining buffer held to memory itself, and does not wait for it.
    ///
    /// @return when memory has taken it
    long storeCombined(long address, byte[] from, int offset, int byteCount) {
        letPass(false);
        long picos = cache.storeUncached(address, from, offset, byteCount);
        if (early != null) {
            early.stored(address, byteCount);
        }
        return simulation.nowPicos() + picos;
    }

    private void buffer(StoreBuffer buffer, long address, byte[] from, int offset, int byteCount, boolean isUncached) {
        while (buffer.isFull()) {
            drainOne(buffer);
        }
        buffer.add(address, from, offset, byteCount, isUncached);
    }

    /// Has those buffered stores seen by all that no access around the buffer may overtake. Waits.
    void letPass(boolean registerAccess) {
        StoreBuffer buffer = stores;
        while (buffer != null && buffer.holds(registerAccess)) {
            drainOne(buffer);
        }
    }

    /// Has all stores before seen by all, and waits for it. DSB; MFENCE.
    void drain() {
        StoreBuffer buffer = stores;
        if (buffer != null) {
            while (!buffer.isEmpty()) {
                drainOne(buffer);
            }
            waitUntil(buffer.latestPicos());
        }
    }

    /// [#drain] where an interrupt does that: on x86 (SDM volume 3, section 12.10), and not on Arm.
    void drainForInterrupt() {
        if (!isWeak) {
            drain();
        }
    }

    /// No store after it is seen before those before it. Does not wait. DMB ST; SFENCE.
    ///
    /// @param forRegisters whether that is so for register writes too
    void orderStores(boolean forRegisters) {
        if (stores != null) {
            stores.separate(forRegisters);
        }
    }

    /// No load after it is done before now. DMB LD; LFENCE.
    void orderLoads() {
        if (early != null) {
            early.order();
        }
    }

    private void drainOne(StoreBuffer buffer) {
        waitUntil(buffer.readyPicos());
        if (!buffer.isEmpty()) {
            buffer.drainOne();
            core.get().waitFor(stepPicos);
        }
    }

    private void waitUntil(long timePicos) {
        if (timePicos > simulation.nowPicos()) {
            core.get().waitUntil(timePicos);
        }
    }
}
