package flyby.dmar;

import flyby.bus.Cpu;

/// How whoever keeps tables reaches the memory that they are in: by a CPU while the machine runs, or memory itself
/// while it is set up.
public interface TableAccess {
    long load64(long address);

    /// Stores `value` so that the remapping unit sees it.
    void store64(long address, long value);

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
        };
    }
}
