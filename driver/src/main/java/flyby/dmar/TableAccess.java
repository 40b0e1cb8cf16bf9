package flyby.dmar;

import flyby.bus.Cpu;

/// How whoever keeps tables reaches the memory that they are in: by a CPU while the machine runs, or memory itself
/// while it is set up.
public interface TableAccess {
    long load64(long address);

    /// Stores `value` so that the remapping unit sees it.
    void store64(long address, long value);

    /// No interrupt handler of this CPU comes in between until [#unlock]: what is loaded and stored until then is
    /// done as one. `local_irq_save`; Linux's tables use `cmpxchg` instead.
    ///
    /// @return what to give to [#unlock]
    default boolean lock() {
        return false;
    }

    /// `local_irq_restore`.
    default void unlock(boolean before) {}

    /// Access by `cpu`.
    ///
    /// @param isCoherent whether walks snoop the caches: ECAP.C. If not, each store is cleaned to memory, as Linux
    /// does with `__iommu_flush_cache`
    static TableAccess by(Cpu cpu, boolean isCoherent) {
        return new TableAccess() {
            @Override
            public long load64(long address) {
                return cpu.load64(address);
            }

            @Override
            public void store64(long address, long value) {
                cpu.store64(address, value);
                if (!isCoherent) {
                    cpu.cleanCache(address, Long.BYTES);
                }
            }

            @Override
            public boolean lock() {
                return cpu.saveInterrupts();
            }

            @Override
            public void unlock(boolean before) {
                cpu.restoreInterrupts(before);
            }
        };
    }
}
