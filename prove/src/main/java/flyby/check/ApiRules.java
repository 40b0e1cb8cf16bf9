package flyby.check;

import flyby.dma.Attributes;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaObserver;
import flyby.dma.DmaPool;
import org.jspecify.annotations.Nullable;

/// Hears the calls of the DMA API, and judges those that the calls alone show to be wrong. What they mean for bytes
/// goes into the [Ledger] and the [Page]s.
final class ApiRules implements DmaObserver {
    /// What has to be the same at map and unmap: kernel/dma/debug.c of 2026.
    private static final long MATCHING = Attributes.NO_KERNEL_MAPPING
            | Attributes.FORCE_CONTIGUOUS
            | Attributes.MMIO
            | Attributes.REQUIRE_COHERENT
            | Attributes.PRIVILEGED;

    private final World world;
    private final Ledger ledger;
    private final Findings findings;
    private final NewMappings newMappings;
    private final Unmatched unmatched;
    /// Where the driver was told last that something failed.
    private CallSite failedSite = CallSite.NONE;

    private long failedPicos = -1;

    ApiRules(World world) {
        this.world = world;
        ledger = world.ledger;
        findings = world.findings;
        newMappings = new NewMappings(world);
        unmatched = new Unmatched(world);
    }

    /// When a map or an allocation failed last; -1 if none has.
    long failedPicos() {
        return failedPicos;
    }

    CallSite failedSite() {
        return failedSite;
    }

    private long call(String what, long address, CallSite site) {
        world.values.ordered();
        return world.records.add(Records.Kind.CALL, what, address, 0, 0, site, world.now());
    }

    // Given to the device.

    @Override
    public void mapped(Call call) {
        CallSite site = world.sites.here();
        long number = call("a map", call.dmaAddress(), site);
        Mapping mapping = add(call, call.reached(), site, number);
        mapping.isChecked = call.kind() != Kind.SINGLE && call.kind() != Kind.RESOURCE;
        newMappings.judge(mapping);
        world.lines.invalidatedFor(call.address(), call.byteCount(), site);
        if (mapping.direction == Direction.FROM_DEVICE && mapping.hasOwners()) {
            mark(mapping, 0, mapping.byteCount, Page.UNDEFINED);
        }
    }

    private Mapping add(Call call, long reached, CallSite site, long number) {
        Mapping mapping = new Mapping(call, reached, site, number);
        ledger.add(mapping);
        mapping.step(call.timePicos(), site, () -> "%s: %s".formatted(verb(call.kind()), mapping.describe()));
        if (mapping.address >= 0 && mapping.kind != Kind.RESOURCE) {
            for (long at = mapping.address & -Page.BYTES; at < mapping.address + mapping.byteCount; at += Page.BYTES) {
                Page page = world.pages.make(at);
                page.mappings.add(mapping);
                page.isShared = true;
                page.isBounced |= mapping.isBounced();
            }
        }
        return mapping;
    }

    private static String verb(Kind kind) {
        return switch (kind) {
            case SINGLE, SG, RESOURCE, IOVA -> "mapped";
            default -> "allocated";
        };
    }

    /// Sets `flag` of all bytes of a part of a mapping.
    private void mark(Mapping mapping, long offset, long byteCount, byte flag) {
        world.pages.change(mapping.address + offset, byteCount, 0, flag);
    }

    @Override
    public void allocated(Call call) {
        CallSite site = world.sites.here();
        long number = call("an allocation", call.dmaAddress(), site);
        Mapping mapping = add(call, call.address(), site, number);
        mapping.isChecked = true;
        for (int i = 0; i < mapping.states.length; i++) {
            mapping.states[i] = Mapping.OF_CPU;
        }
        if ((call.attributes() & Attributes.NO_KERNEL_MAPPING) == 0) {
            zero(mapping);
        }
    }

    /// The allocator has cleared it, whatever the caches had.
    private void zero(Mapping mapping) {
        for (long at = mapping.address; at < mapping.address + mapping.byteCount; at++) {
            Page page = world.pages.make(at);
            int in = (int) at & Page.MASK;
            page.values[in] = 0;
            page.writers[in] = mapping.number;
            page.flags[in] = (byte) ((page.flags[in] & ~(Page.UNDEFINED | Page.UNSYNCED | Page.POOLED)) | Page.KNOWN);
        }
    }

    @Override
    public void failed(Call call) {
        failedSite = world.sites.here();
        failedPicos = call.timePicos();
        if (call.direction() == Direction.NONE) {
            findings.add(
                    Rule.R36,
                    Evidence.MAP,
                    "DMA_NONE as a direction",
                    World.name(call.device()),
                    failedSite,
                    (Mapping) null,
                    "Give the direction in which the data go.");
        } else if (call.kind() == Kind.SINGLE) {
            newMappings.judgeRefused(call.device(), call.address(), failedSite);
        }
    }

    @Override
    public void errorChecked(Dma device, long dmaAddress, long timePicos) {
        for (Mapping mapping : ledger.alive()) {
            if (mapping.dma == device && mapping.dmaAddress == dmaAddress) {
                mapping.isChecked = true;
            }
        }
    }

    // Taken back.

    @Override
    public void unmapped(Call call) {
        take(call, "unmapped");
    }

    @Override
    public void freed(Call call) {
        CallSite site = world.sites.here();
        if (call.kind() == Kind.COHERENT && call.device().isInAtomicContext()) {
            findings.add(
                    Rule.R55,
                    Evidence.CONTEXT,
                    "dma_free_coherent() with interrupts off, or in an interrupt handler",
                    World.name(call.device()),
                    site,
                    (Mapping) null,
                    "Free it later, from a thread, with interrupts on.");
        }
        take(call, "freed");
    }

    private void take(Call call, String verb) {
        CallSite site = world.sites.here();
        Mapping mapping = ledger.exact(call.device(), call.dmaAddress(), call.kind(), call.byteCount(), call.entry());
        if (mapping == null) {
            unmatched.judge(call, site, verb);
            call("an unmap", call.dmaAddress(), site);
            return;
        }
        mapping.step(world.now(), site, () -> "%s: %d bytes, %s".formatted(verb, call.byteCount(), call.direction()));
        compare(mapping, call, site);
        lookForFlights(mapping, site);
        end(mapping, call, site);
    }

    private void compare(Mapping mapping, Call call, CallSite site) {
        if (mapping.kind != call.kind()) {
            mismatch(
                    Rule.R23,
                    mapping,
                    site,
                    "%s, taken back by the functions for %s".formatted(mapping.describe(), word(call.kind())),
                    "Take it back with the function that belongs to the one that made it.");
        } else if (mapping.entries != call.entries()) {
            mismatch(
                    Rule.R49,
                    mapping,
                    site,
                    "a list of %d entries, taken back as %d".formatted(mapping.entries, call.entries()),
                    "Give the count that was given to dma_map_sg(), not the one that it returned.");
            ofList(mapping);
        } else if (mapping.byteCount != call.byteCount()) {
            mismatch(
                    mapping.isCoherent() ? Rule.R55 : Rule.R23,
                    mapping,
                    site,
                    "%s, taken back as %d bytes".formatted(mapping.describe(), call.byteCount()),
                    "Take back as much as was mapped; sync a part if the rest is not needed.");
        } else if (mapping.direction != call.direction()) {
            mismatch(
                    mapping.kind == Kind.SINGLE || mapping.kind == Kind.SG ? Rule.R23 : Rule.R61,
                    mapping,
                    site,
                    "%s, taken back %s".formatted(mapping.describe(), call.direction()),
                    "Keep the direction with the request.");
        } else if (mapping.isCoherent() && mapping.address != call.address()) {
            mismatch(
                    Rule.R55,
                    mapping,
                    site,
                    "%s for the CPU at 0x%x, freed with 0x%x"
                            .formatted(mapping.describe(), mapping.address, call.address()),
                    "Keep both addresses as they were returned.");
        } else if (((mapping.attributes ^ call.attributes()) & MATCHING) != 0) {
            mismatch(
                    Rule.R24,
                    mapping,
                    site,
                    "%s with attributes 0x%x, taken back with 0x%x"
                            .formatted(mapping.describe(), mapping.attributes, call.attributes()),
                    "Give the same attributes.");
        } else if (!mapping.isChecked) {
            unchecked(mapping, site);
        }
    }

    /// What was found of one entry of a list is what was found of all of them.
    private void ofList(Mapping mapping) {
        for (Mapping other : ledger.alive()) {
            boolean isOfList = other.kind == mapping.kind
                    && other.dma.equals(mapping.dma)
                    && other.sincePicos == mapping.sincePicos
                    && other.entries == mapping.entries;
            if (isOfList && other.found == null) {
                other.found = mapping.found;
            }
        }
    }

    private void mismatch(Rule rule, Mapping mapping, CallSite site, String what, String advice) {
        findings.add(rule, Evidence.MAP, what, World.name(mapping.dma), site, mapping, advice);
    }

    /// A driver uses, or has used, an address of which it does not know whether it is one.
    void unchecked(Mapping mapping, CallSite site) {
        findings.add(
                Rule.R26,
                Evidence.MAP,
                "the address of %s was never checked with dma_mapping_error()".formatted(mapping.describe()),
                World.name(mapping.dma),
                mapping.site.isKnown() ? mapping.site : site,
                mapping,
                "Ask dma_mapping_error() right after the map, and drop the request if it failed.");
        mapping.isChecked = true;
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case SINGLE -> "single mappings";
            case SG -> "lists";
            case RESOURCE -> "registers";
            case COHERENT -> "coherent memory";
            case NONCOHERENT -> "noncoherent memory";
            case NONCONTIGUOUS -> "noncontiguous memory";
            case IOVA -> "IOVA space";
        };
    }

    /// Whether the device is not through with what is taken away.
    private void lookForFlights(Mapping mapping, CallSite site) {
        Flights.@Nullable Flight flight =
                world.flights.to(World.name(mapping.dma), mapping.dmaAddress, mapping.byteCount);
        if (flight == null) {
            return;
        }
        String what = flight.isWrite ? "write" : "read";
        if (flight.isAnnounced && flight.isWrite) {
            findings.add(
                    Rule.R77,
                    Evidence.ORDER,
                    "%s was taken back after an interrupt, while the device's %s of %d bytes at 0x%x was on its way"
                            .formatted(mapping.describe(), what, flight.byteCount, flight.iova),
                    flight.device,
                    site,
                    mapping,
                    "An interrupt by wire may overtake data: read a register of the device first.");
        } else {
            findings.add(
                    Rule.R25,
                    Evidence.OWN,
                    "%s was taken back while the device's %s of %d bytes at 0x%x was under way"
                            .formatted(mapping.describe(), what, flight.byteCount, flight.iova),
                    flight.device,
                    site,
                    mapping,
                    "Stop the device and wait until it says that it has stopped.");
        }
    }

    private void end(Mapping mapping, Call call, CallSite site) {
        mapping.endNumber = call("an unmap", mapping.dmaAddress, site);
        mapping.endPicos = world.now();
        mapping.endSite = site;
        lookForStores(mapping);
        boolean isSynced = (call.attributes() & Attributes.SKIP_CPU_SYNC) == 0
                && call.direction().isWritten();
        boolean isFresh = (Bits.any(mapping.states, 0, mapping.states.length) & Mapping.FRESH) != 0;
        for (int i = 0; i < mapping.states.length && isFresh; i++) {
            boolean isTold = isSynced && i < call.byteCount();
            if ((mapping.states[i] & Mapping.FRESH) != 0 && !isTold) {
                Page page = world.pages.make(mapping.address + i);
                page.flags[(int) (mapping.address + i) & Page.MASK] |= Page.UNSYNCED;
            }
        }
        ledger.end(mapping);
        if (mapping.address >= 0 && mapping.kind != Kind.RESOURCE) {
            for (long at = mapping.address & -Page.BYTES; at < mapping.address + mapping.byteCount; at += Page.BYTES) {
                world.pages.make(at).mappings.remove(mapping);
            }
        }
        world.lines.invalidatedFor(mapping.address, mapping.byteCount, site);
    }

    /// Whether the CPU stored to what was the device's, and never gave it over.
    private void lookForStores(Mapping mapping) {
        boolean isDirty = (Bits.any(mapping.states, 0, mapping.states.length) & Mapping.DIRTY) != 0;
        for (int i = 0; i < mapping.states.length && isDirty && mapping.isUsed; i++) {
            if ((mapping.states[i] & (Mapping.DIRTY | Mapping.OF_CPU)) == Mapping.DIRTY) {
                world.stored(mapping, mapping.address + i, "before it was taken back");
                return;
            }
        }
    }

    // Handed over.

    @Override
    public void syncedForCpu(Call call) {
        CallSite site = world.sites.here();
        Mapping mapping = synced(call, site, "for the CPU");
        if (mapping == null) {
            return;
        }
        if (call.direction().isWritten()) {
            lookForFlights(mapping, call, site);
            int from = (int) (call.dmaAddress() - mapping.dmaAddress);
            for (int i = from; i < from + call.byteCount(); i++) {
                mapping.states[i] = (byte) ((mapping.states[i] & ~Mapping.FRESH) | Mapping.OF_CPU);
            }
        } else {
            own(mapping, call, Mapping.OF_CPU);
        }
    }

    private void own(Mapping mapping, Call call, byte owner) {
        int from = (int) (call.dmaAddress() - mapping.dmaAddress);
        for (int i = from; i < from + call.byteCount(); i++) {
            mapping.states[i] |= owner;
        }
    }

    private void lookForFlights(Mapping mapping, Call call, CallSite site) {
        Flights.@Nullable Flight flight =
                world.flights.to(World.name(mapping.dma), call.dmaAddress(), call.byteCount());
        if (flight != null && flight.isWrite && flight.isAnnounced) {
            findings.add(
                    Rule.R77,
                    Evidence.ORDER,
                    "%s was synced after an interrupt, while the device's write of %d bytes at 0x%x was on its way"
                            .formatted(mapping.describe(), flight.byteCount, flight.iova),
                    flight.device,
                    site,
                    mapping,
                    "An interrupt by wire may overtake data: read a register of the device first.");
        }
    }

    @Override
    public void syncedForDevice(Call call) {
        CallSite site = world.sites.here();
        Mapping mapping = synced(call, site, "for the device");
        if (mapping != null) {
            int from = (int) (call.dmaAddress() - mapping.dmaAddress);
            for (int i = from; i < from + call.byteCount(); i++) {
                mapping.states[i] &= (byte) ~(Mapping.OF_CPU | Mapping.DIRTY);
            }
        }
    }

    /// The mapping that a sync is of; null if nothing is to be done to it.
    private @Nullable Mapping synced(Call call, CallSite site, String forWhom) {
        call("a sync " + forWhom, call.dmaAddress(), site);
        Mapping mapping = ledger.at(call.device(), call.dmaAddress(), call.direction() == Direction.FROM_DEVICE);
        if (mapping == null || !mapping.hasOwners()) {
            unmatched.judgeSync(call, mapping, site, forWhom);
            return null;
        }
        long offset = call.dmaAddress() - mapping.dmaAddress;
        mapping.step(
                world.now(),
                site,
                () -> "synced %s: %d bytes from byte %d on, %s"
                        .formatted(forWhom, call.byteCount(), offset, call.direction()));
        if (offset + call.byteCount() > mapping.byteCount) {
            findings.add(
                    Rule.R43,
                    Evidence.MAP,
                    "a sync of %d bytes from byte %d on, of %s".formatted(call.byteCount(), offset, mapping.describe()),
                    World.name(call.device()),
                    site,
                    mapping,
                    "Sync within the mapping.");
            return null;
        }
        boolean agrees = mapping.direction == call.direction() || mapping.direction == Direction.BIDIRECTIONAL;
        if (!agrees) {
            findings.add(
                    Rule.R44,
                    Evidence.MAP,
                    "a sync %s, of %s".formatted(call.direction(), mapping.describe()),
                    World.name(call.device()),
                    site,
                    mapping,
                    "Sync with the direction of the mapping.");
            return null;
        }
        return mapping;
    }

    // Pools.

    @Override
    public void poolGiven(Dma device, DmaPool pool, CoherentBuffer block) {
        pooled(block, false);
        world.allocated.given(
                block.cpuAddress(),
                block.byteCount(),
                "a block of pool " + pool.name(),
                world.sites.here(),
                world.now());
    }

    @Override
    public void poolTaken(Dma device, DmaPool pool, CoherentBuffer block) {
        unmatched.judgeBlock(device, pool, block, world.sites.here());
        pooled(block, true);
        world.allocated.taken(block.cpuAddress(), world.sites.here(), world.now());
    }

    private void pooled(CoherentBuffer block, boolean isFree) {
        for (long at = block.cpuAddress(); at < block.cpuAddress() + block.byteCount(); at++) {
            Page page = world.pages.make(at);
            int in = (int) at & Page.MASK;
            page.flags[in] = (byte) (isFree ? page.flags[in] | Page.POOLED : page.flags[in] & ~Page.POOLED);
        }
    }

    @Override
    public void poolDestroyed(Dma device, DmaPool pool, int active) {
        if (active > 0) {
            findings.add(
                    Rule.R59,
                    Evidence.LEAK,
                    "pool %s is destroyed while %d of its blocks are in use".formatted(pool.name(), active),
                    World.name(device),
                    world.sites.here(),
                    (Mapping) null,
                    "Free all blocks before the pool.");
        }
    }
}
