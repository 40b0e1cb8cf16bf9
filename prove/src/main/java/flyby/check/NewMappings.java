package flyby.check;

import flyby.dma.Attributes;
import flyby.dma.Dma;
import flyby.dma.DmaObserver.Kind;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Allocation;
import flyby.kernel.KernelMemory.Region;
import java.util.List;

/// What is wrong with a mapping from its beginning: the memory, or its neighbours.
final class NewMappings {
    private final World world;

    NewMappings(World world) {
        this.world = world;
    }

    void judge(Mapping mapping) {
        Kernel kernel = world.kernel;
        if (kernel == null) {
            return;
        }
        if (mapping.kind == Kind.RESOURCE) {
            if (mapping.address < kernel.memory().end()) {
                add(
                        mapping,
                        Rule.R18,
                        Evidence.MAP,
                        "memory at 0x%x, mapped as registers".formatted(mapping.address),
                        "Map memory with dma_map_single() or dma_map_page().");
            }
            return;
        }
        judgeMemory(mapping, kernel.memory());
        judgeLength(mapping);
        judgeNeighbours(mapping);
        judgeExposure(mapping, kernel.memory());
    }

    private void add(Mapping mapping, Rule rule, Evidence evidence, String what, String advice) {
        world.findings.add(rule, evidence, what, World.name(mapping.dma), mapping.site, mapping, advice);
    }

    private void judgeMemory(Mapping mapping, KernelMemory memory) {
        Allocation allocation = memory.allocationAt(mapping.address);
        Region region = allocation == null ? Region.FREE : allocation.region();
        switch (region) {
            case VMALLOC ->
                add(
                        mapping,
                        Rule.R14,
                        Evidence.MAP,
                        "%s at 0x%x was mapped".formatted(region, mapping.address),
                        "Copy it into memory of kmalloc, or map it page by page.");
            case STACK, IMAGE ->
                add(
                        mapping,
                        Rule.R15,
                        Evidence.MAP,
                        "%s at 0x%x was mapped".formatted(region, mapping.address),
                        "Copy it into memory of kmalloc.");
            case FREE ->
                add(
                        mapping,
                        Rule.R13,
                        Evidence.POISON,
                        "memory at 0x%x that nobody has was mapped".formatted(mapping.address),
                        "Map memory before it is freed, and memory that was given.");
            default -> {
                for (Mapping other : List.copyOf(world.pages.make(mapping.address).mappings)) {
                    if (other != mapping && other.isCoherent() && other.holds(mapping.address)) {
                        add(
                                mapping,
                                Rule.R17,
                                Evidence.MAP,
                                "coherent memory at 0x%x was mapped once more".formatted(mapping.address),
                                "Give the device the address that came with it.");
                    }
                }
            }
        }
    }

    /// What should not be mapped should not be tried either: the kernel may refuse it.
    void judgeRefused(Dma dma, long address, CallSite site) {
        Kernel kernel = world.kernel;
        Allocation allocation = kernel == null ? null : kernel.memory().allocationAt(address);
        if (allocation == null || allocation.region() == Region.PAGES || allocation.region() == Region.KMALLOC) {
            return;
        }
        world.findings.add(
                allocation.region() == Region.VMALLOC ? Rule.R14 : Rule.R15,
                Evidence.MAP,
                "a map of %s at 0x%x, which the kernel refused".formatted(allocation.region(), address),
                World.name(dma),
                site,
                (Mapping) null,
                "Copy it into memory of kmalloc.");
    }

    /// Whether the mapping is longer than what was asked for.
    private void judgeLength(Mapping mapping) {
        if ((world.pages.any(mapping.address, mapping.byteCount) & (Page.SLACK | Page.FREED)) == 0) {
            return;
        }
        for (long at = mapping.address; at < mapping.address + mapping.byteCount; at++) {
            Page page = world.pages.find(at);
            if (page != null && (page.flags[(int) at & Page.MASK] & (Page.SLACK | Page.FREED)) != 0) {
                Found found = world.findings.add(
                        Rule.BOUNDS,
                        Evidence.POISON,
                        "%s reaches beyond the memory that was given: to 0x%x".formatted(mapping.describe(), at),
                        World.name(mapping.dma),
                        mapping.site,
                        mapping,
                        "Map as much as there is.");
                found.life.addAll(world.allocated.life(mapping.address));
                return;
            }
        }
    }

    /// Two buffers that devices write must not overlap, nor share a line where lines are thrown away.
    private void judgeNeighbours(Mapping mapping) {
        if (!mapping.direction.isWritten() || mapping.isBounced()) {
            return;
        }
        long line = world.lineBytes;
        long begin = mapping.address & -line;
        long end = mapping.address + mapping.byteCount + line - 1 & -line;
        for (long at = begin & -Page.BYTES; at < end; at += Page.BYTES) {
            Page page = world.pages.find(at);
            for (Mapping other : page == null ? List.<Mapping>of() : List.copyOf(page.mappings)) {
                boolean isRival =
                        other != mapping && other.hasOwners() && other.direction.isWritten() && !other.isBounced();
                if (isRival && isNear(mapping, other, begin, end)) {
                    return;
                }
            }
        }
    }

    private boolean isNear(Mapping mapping, Mapping other, long begin, long end) {
        long shared = mapping.attributes & other.attributes & Attributes.DEBUGGING_IGNORE_CACHELINES;
        boolean overlaps = other.address < mapping.address + mapping.byteCount
                && mapping.address < other.address + other.byteCount;
        boolean sharesLine = other.address < end && begin < other.address + other.byteCount;
        if (!overlaps && (!sharesLine || shared != 0 || world.lineBytes == 1)) {
            return false;
        }
        String what = overlaps
                ? "%s overlaps %s".formatted(mapping.describe(), other.describe())
                : "%s shares a cache line with %s".formatted(mapping.describe(), other.describe());
        Found found = world.findings.add(
                overlaps ? Rule.R51 : Rule.R19,
                Evidence.MAP,
                what,
                World.name(mapping.dma),
                mapping.site,
                mapping,
                overlaps
                        ? "Give a buffer to the device once: a refill that fails leaves an empty slot."
                        : "Align and pad buffers to dma_get_cache_alignment().");
        found.life.addAll(other.life());
        return true;
    }

    /// What an enemy sees beside the buffer, because translations are of whole pages.
    private void judgeExposure(Mapping mapping, KernelMemory memory) {
        if (!world.policy.isMalicious() || mapping.isBounced() || mapping.dmaAddress == mapping.address) {
            return;
        }
        long first = mapping.address & -Page.BYTES;
        long last = mapping.address + mapping.byteCount - 1 | Page.MASK;
        Allocation own = memory.allocationAt(mapping.address);
        for (long at = first; at <= last; at += 8) {
            boolean isOutside = at < mapping.address || at >= mapping.address + mapping.byteCount;
            Allocation other = isOutside ? memory.allocationAt(at) : null;
            if (other != null && own != null && other.begin() != own.begin()) {
                add(
                        mapping,
                        Rule.R82,
                        Evidence.EXPOSED,
                        "the device sees %s at 0x%x, which is in the same page as the buffer"
                                .formatted(other.purpose(), other.begin()),
                        "Give an untrusted device whole pages, or buffers of a bounce pool.");
                return;
            }
        }
    }
}
