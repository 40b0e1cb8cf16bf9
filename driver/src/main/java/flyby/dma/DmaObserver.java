package flyby.dma;

import flyby.kernel.KernelLog;

/// Who is told what a driver asks of the DMA API. It costs no simulated time, and nothing at all while nobody listens.
///
/// Events come after the call has done its work, but before the driver goes on; events that take something away
/// (unmap, free) come before.
public interface DmaObserver {
    /// By which function family memory was handed over: it has to be taken back by the same.
    enum Kind {
        /// `dma_map_single` and `dma_map_page`.
        SINGLE,
        /// An entry of `dma_map_sg`: one event for each entry of the CPU's side.
        SG,
        /// `dma_map_resource`.
        RESOURCE,
        /// `dma_alloc_coherent`.
        COHERENT,
        /// `dma_alloc_pages`, `dma_alloc_noncoherent`.
        NONCOHERENT,
        /// `dma_alloc_noncontiguous`.
        NONCONTIGUOUS,
        /// `dma_iova_link`.
        IOVA
    }

    /// One call, or one entry of a list.
    ///
    /// @param address physical, as the driver knows the memory; -1 where the call does not say
    /// @param dmaAddress as the device knows it, or [Dma#MAPPING_ERROR]
    /// @param reached physical, where the device's accesses go: `address`, or a bounce buffer; -1 if not known
    /// @param entry index in a list, else 0
    /// @param entries of the list, as the driver has said, else 1
    record Call(
            Dma device,
            Kind kind,
            long address,
            long dmaAddress,
            long reached,
            long byteCount,
            Direction direction,
            long attributes,
            int entry,
            int entries,
            long timePicos) {
        /// The driver's line, as `NicDriver.receive:83`. To be asked while the call is going on.
        public String callSite() {
            return KernelLog.observedCallSite();
        }
    }

    /// One call for a whole list, beside those for its entries. The device's side of the list is what the map made.
    ///
    /// @param count of entries, as the driver has said
    record ListCall(Dma device, Scatterlist list, int count, Direction direction, long attributes, long timePicos) {
        /// The driver's line. To be asked while the call is going on.
        public String callSite() {
            return KernelLog.observedCallSite();
        }
    }

    /// The device may reach memory.
    default void mapped(Call call) {}

    /// The device is about to lose it.
    default void unmapped(Call call) {}

    /// The CPU may look, at `byteCount` bytes from `dmaAddress` on.
    default void syncedForCpu(Call call) {}

    /// They are the device's again.
    default void syncedForDevice(Call call) {}

    /// Memory was given out that the device may reach.
    default void allocated(Call call) {}

    /// It is about to be taken back.
    default void freed(Call call) {}

    /// The driver has asked whether `dmaAddress` is an error.
    default void errorChecked(Dma device, long dmaAddress, long timePicos) {}

    /// A block of `pool` was given out.
    default void poolGiven(Dma device, DmaPool pool, CoherentBuffer block) {}

    /// `block`, as the driver describes it, is about to go back to `pool`.
    default void poolTaken(Dma device, DmaPool pool, CoherentBuffer block) {}

    /// `pool` is about to be destroyed, while drivers have `active` of its blocks.
    default void poolDestroyed(Dma device, DmaPool pool, int active) {}

    /// A map or an allocation has failed.
    default void failed(Call call) {}

    /// A list was mapped, as [Scatterlist#mappedCount] entries for the device.
    default void listMapped(ListCall call) {}

    /// A list is about to be unmapped.
    default void listUnmapped(ListCall call) {}

    /// The CPU may look at what is in a list.
    default void listSyncedForCpu(ListCall call) {}

    /// It is the device's again.
    default void listSyncedForDevice(ListCall call) {}

    /// The device's driver has left it. `BUS_NOTIFY_UNBOUND_DRIVER`.
    default void unbound(Dma device, long timePicos) {}

    /// A driver has tried to take the device, and failed. `BUS_NOTIFY_DRIVER_NOT_BOUND`.
    default void notBound(Dma device, long timePicos) {}
}
