package flyby.core;

import flyby.base.Check;

/// What order of its accesses a core keeps without barriers.
///
/// With [#STRONG], each access is over, and seen by all, before the next begins. Else there is a store buffer: a store
/// waits in it until it is written to the cache, and only then others see it. In TSO (total store order, x86) stores
/// leave the buffer in their order; in a weak order (Arm) any that no barrier holds back may be next, and loads may be
/// done before older ones.
///
/// @param bufferEntries stores that wait at most, each to one line; 0: none wait
/// @param isWeak whether they may leave in any order
/// @param drainPicos how long a store waits before it may leave, if nothing needs it gone sooner
/// @param loadReorderPicos how much earlier than its turn a load may be done, beside the wait of the load before it
public record MemoryOrder(int bufferEntries, boolean isWeak, long drainPicos, long loadReorderPicos) {
    /// Program order.
    public static final MemoryOrder STRONG = new MemoryOrder(0, false, 0, 0);

    public MemoryOrder {
        Check.that(
                bufferEntries >= 0 && drainPicos >= 0 && loadReorderPicos >= 0,
                "%d entries, %d ps, %d ps",
                bufferEntries,
                drainPicos,
                loadReorderPicos);
        Check.that(isWeak || loadReorderPicos == 0, "loads out of order in TSO");
    }
}
