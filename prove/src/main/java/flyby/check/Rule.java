package flyby.check;

/// What drivers must keep to.
///
/// R1 to R86 are the rules of Linux's DMA API and of memory ordering, from its `Documentation/core-api/dma-api.rst`,
/// `dma-api-howto.rst`, `dma-attributes.rst`, `swiotlb.rst` and `memory-barriers.txt`; P1 to P8 are what any driver of
/// a device has to do beside.
public enum Rule {
    R1(
            "R1",
            "CPU addresses, physical addresses and DMA addresses are three spaces: only the DMA API"
                    + " converts into the third."),
    R2("R2", "DMA addresses are held in full width."),
    R3("R3", "The device that issues the bus cycles is the one to map for, and it must have a DMA mask."),
    R4("R4", "A DMA address is valid for its device alone, within its range, and until it is unmapped."),
    R5("R5", "0 is a DMA address; a failure is recognized by dma_mapping_error() alone."),
    R6(
            "R6",
            "What a device can address is 32 bits until its driver declares something else, and must"
                    + " be declared as it is."),
    R7("R7", "If setting the mask fails, the device must not do DMA."),
    R8("R8", "Coherent memory stays below 4 GiB until the coherent mask is raised."),
    R9("R9", "Of a device whose functions differ in what they can address, the last mask set must be the narrowest."),
    R10("R10", "Every address that a device is given must lie within its mask."),
    R11("R11", "dma_get_required_mask() informs, and sets nothing."),
    R12(
            "R12",
            "The longest segment and the segment boundary must be declared as the hardware has them,"
                    + " and lists respect them."),
    R13("R13", "Only memory of the page allocator and of kmalloc may be mapped."),
    R14("R14", "Memory of vmalloc, ioremap or kmap must not be given to dma_map_single()."),
    R15("R15", "A stack, and the text and data of the kernel, must not be mapped."),
    R16("R16", "What dma_map_single() maps must be contiguous."),
    R17("R17", "Coherent memory must not be mapped once more."),
    R18("R18", "dma_map_resource() is for registers, never for memory."),
    R19("R19", "A buffer that the device writes must not share a cache line with what the CPU writes meanwhile."),
    R20("R20", "Memory of kmalloc is safe for DMA only as far as the allocator aligns it."),
    R21("R21", "Pinned pages stay pinned until they are unmapped."),
    R22("R22", "Every map that succeeds needs exactly one unmap."),
    R23("R23", "Unmap with the device, address, size, direction and family of functions of the map."),
    R24("R24", "Attributes that matter must be the same at map and unmap."),
    R25("R25", "Unmap only when the device is through with the buffer."),
    R26("R26", "Each address that a map returns is to be checked with dma_mapping_error() before it is used."),
    R27("R27", "If one of several maps fails, those that succeeded are unmapped, and only those."),
    R28("R28", "A packet whose map failed is dropped and reported as taken; a SCSI command is reported as busy."),
    R29("R29", "A mapping must not be longer than dma_max_mapping_size()."),
    R30("R30", "Mapping, unmapping and syncing are allowed in interrupt context."),
    R31("R31", "Fields of DEFINE_DMA_UNMAP_ADDR may be empty: they are no state."),
    R32("R32", "Mapping hands a buffer over: what the device is to read must be there before."),
    R33("R33", "The direction of a mapping is that of the data on the bus."),
    R34("R34", "What is mapped TO_DEVICE the device only reads; what is mapped FROM_DEVICE the driver only reads."),
    R35("R35", "BIDIRECTIONAL: sync before handing over, and again before reading."),
    R36("R36", "DMA_NONE must never reach the API."),
    R37("R37", "The direction may be enforced as a permission: a wrong one faults."),
    R38("R38", "Coherent memory is BIDIRECTIONAL."),
    R39("R39", "While the device owns a buffer, the CPU must not write it, nor read what the device may write."),
    R40("R40", "While the CPU owns a buffer, the device must not be able to touch it."),
    R41("R41", "Before the CPU reads what the device has written: sync for the CPU, or unmap."),
    R42("R42", "After the CPU has written, before the device reads: sync for the device, or map."),
    R43("R43", "A sync covers what it says, whole cache lines of it; of a list it takes what the map took."),
    R44("R44", "The direction of a sync must agree with that of the mapping."),
    R45("R45", "A buffer mapped FROM_DEVICE that the CPU only read may be given back without a sync."),
    R46("R46", "Syncs may be left out only where dma_need_sync() says so."),
    R47("R47", "With bounce buffers, syncs are copies: without them neither side sees the other."),
    R48("R48", "dma_map_sg() may merge: program the device with the count, addresses and lengths that it returned."),
    R49("R49", "dma_unmap_sg() and dma_sync_sg take the count that was given to dma_map_sg()."),
    R50("R50", "dma_map_sg() returns 0 if it fails; dma_map_sgtable() an error."),
    R51("R51", "A list that is mapped must not be mapped again."),
    R52("R52", "Lists are walked with their iterators: the CPU's side by length, the device's side by DMA length."),
    R53("R53", "dma_get_merge_boundary() says what can be merged."),
    R54("R54", "dma_alloc_coherent() can fail."),
    R55("R55", "Coherent memory is freed with its own device, size and addresses, and where waiting is allowed."),
    R56("R56", "Coherent memory is aligned to the smallest order of pages that holds it."),
    R57("R57", "Coherent is not ordered: barriers are needed."),
    R58("R58", "Coherent memory must outlive its mappings into user space."),
    R59(
            "R59",
            "A block goes back to the pool that it is from, with its own address, and all of them"
                    + " before the pool goes."),
    R60("R60", "Managed memory must not be freed by hand."),
    R61("R61", "Noncoherent memory is synced as a mapping is, and freed with the direction that it was made with."),
    R62("R62", "dma_alloc_pages() returns a page, dma_alloc_noncoherent() an address."),
    R63("R63", "dma_alloc_noncontiguous() gives one segment to the device and several to the CPU."),
    R64("R64", "IOVA space is linked in whole granules, synced before use, and unlinked before it is freed."),
    R65("R65", "SKIP_CPU_SYNC only where the buffer is in the right domain already, or is synced by hand."),
    R66("R66", "WEAK_ORDERING and WRITE_COMBINE need barriers."),
    R67("R67", "NO_KERNEL_MAPPING returns a cookie, which must not be dereferenced."),
    R68("R68", "Allocation hints are hints."),
    R69("R69", "MMIO is never cached."),
    R70("R70", "DEBUGGING_IGNORE_CACHELINES promises that the CPU does not dirty the shared lines."),
    R71("R71", "REQUIRE_COHERENT fails where bouncing or maintenance would be needed."),
    R72("R72", "A write barrier belongs between filling a descriptor and giving it away."),
    R73("R73", "A read barrier belongs between seeing that a descriptor is valid and reading the rest of it."),
    R74(
            "R74",
            "Stores to descriptors are to be ordered before the doorbell: by a barrier, or by an"
                    + " ordered register write."),
    R75("R75", "Barriers for other CPUs do not order devices."),
    R76("R76", "Register writes are posted: read back before relying on their effect."),
    R77("R77", "An interrupt by wire is not ordered behind the device's data: read a register first."),
    R78("R78", "Each word that the device may write is to be read once."),
    R79("R79", "Stores to write-combining registers need a barrier before the register write that depends on them."),
    R80("R80", "Bounce buffers are limited, in length and in number, and a map does not wait for them."),
    R81("R81", "What the device did not write of a bounced buffer is not its data."),
    R82("R82", "An IOMMU protects whole granules: the rest of the page is exposed."),
    R83("R83", "With deferred invalidation the device keeps access for a while after the unmap."),
    R84("R84", "Memory of peers is mapped and unmapped by its rules, and not copied by the CPU."),
    R85("R85", "Values that come from a device are input: check each once, on a copy of one's own."),
    R86("R86", "Bus mastering is on only while every address that the device may hold is valid."),
    DEVICE_PROTOCOL(
            "P1",
            "The driver must keep the protocol that the device's specification gives: descriptors,"
                    + " indices, registers."),
    FREED_MEMORY("P2", "Memory that was freed must not be used."),
    BOUNDS("P3", "An access must stay within the memory that was given."),
    GETS_ON("P4", "The driver must get on: whatever it waits for must be able to happen."),
    THROWS("P5", "The driver must not fail with an exception."),
    RIGHT_DATA("P6", "The data that come out must be those that went in."),
    LOST_INTERRUPT("P7", "Work that is completed needs somebody who looks: an interrupt must not get lost."),
    CALLING_CONTEXT("P8", "Some calls are not allowed in some contexts.");

    private final String number;
    private final String sentence;

    Rule(String number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /// As reports call it: `R39`.
    public String number() {
        return number;
    }

    /// What it says.
    public String sentence() {
        return sentence;
    }
}
