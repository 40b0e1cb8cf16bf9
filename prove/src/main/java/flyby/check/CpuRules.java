package flyby.check;

import flyby.base.LittleEndian;
import flyby.check.Finding.Step;
import flyby.dma.Attributes;
import flyby.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges the loads and stores of the driver's program.
final class CpuRules {
    private static final int WORD_BYTES = 8;
    /// What is loaded at once of descriptors and completions; more is data, which says nothing of other memory.
    private static final int CONTROL_BYTES = 64;
    private static final byte ALLOCATION = Page.GIVEN | Page.FREED | Page.SLACK | Page.POOLED;
    private static final byte FORBIDDEN = Page.FREED | Page.SLACK | Page.POOLED;

    private final World world;
    /// Stores that the CPU has begun and may not have made yet: an interrupt handler may run within one.
    private final List<long[]> pending = new ArrayList<>();
    /// For each device, by its name: the latest of its writes that the program has seen.
    private final SeenWrites seen = new SeenWrites();

    CpuRules(World world) {
        this.world = world;
    }

    /// Whether a store to these bytes is being made: others may see it or not.
    boolean isPending(long address) {
        for (long[] each : pending) {
            if (address >= each[0] && address < each[1]) {
                return true;
            }
        }
        return false;
    }

    /// Whether a device has written something that the program has not looked at.
    boolean isBehind() {
        return seen.isBehind(world.written);
    }

    // Stores.

    /// A store begins. To be ended by [#stored].
    void storing(long address, byte[] bytes, int offset, int byteCount) {
        allowed(address, byteCount, true);
        world.values.used(address, byteCount);
        world.publications.stored(address, byteCount);
        Page first = world.pages.make(address);
        boolean isShared = first.isShared || world.pages.make(address + byteCount - 1).isShared;
        long number;
        if (isShared) {
            CallSite site = world.sites.here();
            long value = byteCount <= WORD_BYTES ? LittleEndian.get(bytes, offset, byteCount) : 0;
            number = world.records.add(Records.Kind.STORE, "cpu0", address, value, byteCount, site, world.now());
            for (int done = 0; done < byteCount; ) {
                Page page = world.pages.make(address + done);
                int count = (int) Math.min(byteCount - done, Page.BYTES - ((address + done) & Page.MASK));
                owned(page, address + done, count);
                done += count;
            }
        } else {
            number = world.records.next();
        }
        world.pages.write(address, bytes, offset, byteCount, number, 0, 0);
        pending.add(new long[] {address, address + byteCount});
    }

    void stored() {
        pending.removeLast();
    }

    /// The driver has thrown away what caches had of these bytes: what a device wrote there is seen.
    void invalidated(long address, long byteCount) {
        for (long at = address; at < address + byteCount; at++) {
            Page page = world.pages.find(at);
            if (page != null && !page.isBounced) {
                page.flags[(int) at & Page.MASK] &= (byte) ~Page.UNSYNCED;
            }
        }
    }

    /// `byteCount` bytes came from a register into memory: what they are is not known here.
    void filled(long address, int byteCount) {
        allowed(address, byteCount, true);
        world.pages.change(address, byteCount, Page.UNDEFINED | Page.UNSYNCED | Page.KNOWN, 0);
    }

    /// Notes stores to what is mapped, and judges those beside it.
    private void owned(Page page, long address, int count) {
        for (int m = 0; m < page.mappings.size(); m++) {
            Mapping mapping = page.mappings.get(m);
            if (!mapping.hasOwners()) {
                continue;
            }
            long first = Math.max(address, mapping.address);
            long end = Math.min(address + count, mapping.address + mapping.byteCount);
            if (first < end) {
                Bits.change(mapping.states, (int) (first - mapping.address), (int) (end - first), 0, Mapping.DIRTY);
            }
            if (world.lineBytes > 1 && !mapping.isBounced() && mapping.direction.isWritten()) {
                neighbour(mapping, address, count);
            }
        }
    }

    /// A store into a line of which the device owns another part.
    private void neighbour(Mapping mapping, long address, int count) {
        long line = world.lineBytes;
        long begin = mapping.address & -line;
        long end = mapping.address + mapping.byteCount + line - 1 & -line;
        if (address >= mapping.address && address + count <= mapping.address + mapping.byteCount) {
            return;
        }
        for (long at = Math.max(begin, address); at < Math.min(end, address + count); at++) {
            boolean isBeside = at >= begin && at < end && !mapping.holds(at);
            if (isBeside && isDevices(mapping, at & -line, line)) {
                boolean promised = (mapping.attributes & Attributes.DEBUGGING_IGNORE_CACHELINES) != 0;
                Found found = world.findings.add(
                        promised ? Rule.R70 : Rule.R19,
                        Evidence.OWN,
                        "the CPU stored to 0x%x, in a cache line of %s".formatted(at, mapping.describe()),
                        "cpu0",
                        world.sites.here(),
                        mapping,
                        "Give the buffer lines of its own: align and pad it to dma_get_cache_alignment().");
                world.lines.tell(found, at);
                return;
            }
        }
    }

    private static boolean isDevices(Mapping mapping, long line, long lineBytes) {
        long first = Math.max(line, mapping.address);
        long end = Math.min(line + lineBytes, mapping.address + mapping.byteCount);
        for (long at = first; at < end; at++) {
            if ((mapping.states[(int) (at - mapping.address)] & Mapping.OF_CPU) == 0) {
                return true;
            }
        }
        return false;
    }

    // Loads.

    /// A load has got `bytes`.
    ///
    /// @param before the number of the latest record when it began
    void loaded(long address, byte[] bytes, int offset, int byteCount, long before) {
        allowed(address, byteCount, false);
        world.values.used(address, byteCount);
        for (int done = 0; done < byteCount; ) {
            int count = (int) Math.min(byteCount - done, Page.BYTES - ((address + done) & Page.MASK));
            Page page = world.pages.find(address + done);
            if (page != null) {
                if (page.isShared) {
                    owned(page, address + done, count, byteCount);
                }
                compare(page, address + done, bytes, offset + done, count, before);
            }
            done += count;
        }
        world.values.loaded(address, bytes, offset, byteCount);
    }

    private void owned(Page page, long address, int count, int whole) {
        for (int m = 0; m < page.mappings.size(); m++) {
            Mapping mapping = page.mappings.get(m);
            if (mapping.hasOwners() && mapping.direction.isWritten()) {
                long first = Math.max(address, mapping.address);
                long end = Math.min(address + count, mapping.address + mapping.byteCount);
                boolean isAllOurs = first >= end || mapping.isAllOfCpu(first, (int) (end - first));
                for (long at = first; at < end && !isAllOurs; at++) {
                    byte state = mapping.states[(int) (at - mapping.address)];
                    boolean isDevices = (state & Mapping.OF_CPU) == 0;
                    boolean isFresh = (state & Mapping.FRESH) != 0;
                    // An enemy may write what it can reach at any time: that is not the driver's doing.
                    if (isDevices || (isFresh && !world.policy.isMalicious())) {
                        if (!isTooLong(at, at - address, whole)) {
                            notYours(mapping, at, isDevices, isFresh);
                        }
                        return;
                    }
                }
            }
        }
        undefined(page, address, count, whole);
    }

    /// Whether a load that goes well for `good` bytes is as long as a device has said.
    private boolean isTooLong(long at, long good, int whole) {
        @Nullable Step cause = good > 0 ? world.values.length(whole, good) : null;
        if (cause == null) {
            return false;
        }
        world.findings.add(
                Rule.R85,
                Evidence.TAINT,
                "the CPU loaded %d bytes, as the device had said, and from byte 0x%x on they are not the buffer's"
                        .formatted(whole, at),
                "cpu0",
                world.sites.here(),
                List.of(cause),
                "Check the length against what was given to the device.");
        return true;
    }

    private void notYours(Mapping mapping, long at, boolean isDevices, boolean isFresh) {
        String why = isFresh ? "which the device has written and nobody has synced" : "which belongs to the device";
        Found found = world.findings.add(
                isFresh || !isDevices ? Rule.R41 : Rule.R39,
                Evidence.OWN,
                "the CPU loaded byte 0x%x of %s, %s".formatted(at, mapping.describe(), why),
                "cpu0",
                world.sites.here(),
                mapping,
                "Unmap the buffer, or sync it for the CPU, before it is read.");
        world.lines.tell(found, at);
    }

    /// Whole words that no device and no program has written since they were given to a device.
    private void undefined(Page page, long address, int count, int whole) {
        byte any = Bits.any(page.flags, (int) address & Page.MASK, count);
        if ((any & (Page.UNSYNCED | Page.UNDEFINED)) == 0) {
            return;
        }
        int run = 0;
        for (int i = 0; i < count; i++) {
            byte flags = page.flags[(int) (address + i) & Page.MASK];
            if ((flags & Page.UNSYNCED) != 0) {
                Found found = world.findings.add(
                        Rule.R65,
                        Evidence.OWN,
                        "the CPU loaded byte 0x%x, which a device had written, and which was unmapped without a sync"
                                .formatted(address + i),
                        "cpu0",
                        world.sites.here(),
                        List.of(),
                        "Sync for the CPU before an unmap with DMA_ATTR_SKIP_CPU_SYNC, and unmap the whole length.");
                found.life.addAll(ended(address + i));
                return;
            }
            run = (flags & Page.UNDEFINED) != 0 ? run + 1 : 0;
            if (run == Math.min(WORD_BYTES, whole) && !isTooLong(address + i - run + 1, i - run + 1, whole)) {
                Found found = world.findings.add(
                        Rule.R81,
                        Evidence.EXPOSED,
                        "the CPU loaded byte 0x%x of a buffer of which the device has written less"
                                .formatted(address + i - run + 1),
                        "cpu0",
                        world.sites.here(),
                        List.of(),
                        "Read only as much as the device says that it has written.");
                found.life.addAll(ended(address + i));
                return;
            }
        }
    }

    private List<Step> ended(long address) {
        Mapping mapping = world.ledger.endedAddressed(address);
        return mapping == null ? List.of() : mapping.life();
    }

    /// Whether what was loaded is what was written last.
    private void compare(Page page, long address, byte[] bytes, int offset, int count, long before) {
        int from = (int) address & Page.MASK;
        if (!Bits.areSame(page.values, from, bytes, offset, count)) {
            for (int i = 0; i < count; i++) {
                int in = from + i;
                boolean isSettled =
                        (page.flags[in] & (Page.KNOWN | Page.UNDEFINED)) == Page.KNOWN && page.writers[in] <= before;
                if (isSettled && page.values[in] != bytes[offset + i]) {
                    if (!isPending(address + i)) {
                        differs(page, address + i, bytes, offset + i, count - i);
                    }
                    return;
                }
            }
        }
        if (!page.isShared || count > CONTROL_BYTES || (Bits.any(page.flags, from, count) & Page.CHANGED) == 0) {
            return;
        }
        long last = 0;
        for (int in = from; in < from + count; in++) {
            // A value that is as it was before proves nothing.
            long writer = page.writers[in];
            if (writer != last && writer <= before && (page.flags[in] & Page.CHANGED) != 0) {
                seen.saw(world.records.find(writer));
                last = writer;
            }
        }
    }

    private void differs(Page page, long at, byte[] bytes, int offset, int count) {
        int in = (int) at & Page.MASK;
        Records.Entry writer = world.records.find(page.writers[in]);
        int length = Math.min(count, 16);
        byte[] expected = java.util.Arrays.copyOfRange(page.values, in, Math.min(Page.BYTES, in + length));
        @Nullable Mapping mapping = world.ledger.addressed(at);
        Found found;
        if (mapping != null && mapping.isCoherent()) {
            if (writer.kind() != Records.Kind.DEVICE || !seen.sawLater(writer)) {
                // Early, and not too early: nothing that the program knows of says that it is there.
                return;
            }
            found = world.findings.add(
                    Rule.R73,
                    Evidence.ORDER,
                    "the CPU loaded 0x%x before the device's write of it, and had seen a later one before"
                            .formatted(at),
                    "cpu0",
                    world.sites.here(),
                    mapping,
                    "A dma_rmb() belongs between the load that says that the rest is valid, and the rest.");
        } else {
            boolean isLost = writer.kind() == Records.Kind.STORE;
            found = world.findings.add(
                    isLost ? Rule.R19 : Rule.R41,
                    isLost ? Evidence.LOST : Evidence.STALE,
                    isLost
                            ? "the CPU loaded an older byte at 0x%x than it had stored there".formatted(at)
                            : "the CPU loaded an older byte at 0x%x than the device had written there".formatted(at),
                    "cpu0",
                    world.sites.here(),
                    mapping,
                    "Sync the buffer for the CPU after the device has written it, over its whole length, and keep"
                            + " other data out of its cache lines.");
            if (found.life.isEmpty()) {
                found.life.addAll(ended(at));
            }
            world.lines.tell(found, at);
        }
        found.bytes(World.hex(expected, 0, expected.length), World.hex(bytes, offset, expected.length));
        for (int i = 0; i < expected.length; i++) {
            page.flags[in + i] &= (byte) ~Page.KNOWN;
        }
    }

    // Any access.

    private void allowed(long address, int byteCount, boolean isStore) {
        Kernel kernel = world.kernel;
        if (kernel == null) {
            return;
        }
        for (int done = 0; done < byteCount; ) {
            Page page = world.pages.make(address + done);
            int in = (int) (address + done) & Page.MASK;
            int count = Math.min(byteCount - done, Page.BYTES - in);
            boolean isGiven = (Bits.any(page.flags, in, count) & FORBIDDEN) == 0
                    && Bits.haveAll(page.flags, in, count, Page.GIVEN);
            if (!isGiven && !allowed(kernel, page, address, done, count, byteCount, isStore)) {
                return;
            }
            done += count;
        }
    }

    /// Byte by byte.
    private boolean allowed(
            Kernel kernel, Page page, long address, int done, int count, int byteCount, boolean isStore) {
        for (int i = done; i < done + count; i++) {
            int in = (int) (address + i) & Page.MASK;
            byte flags = page.flags[in];
            if ((flags & ALLOCATION) == 0) {
                if (kernel.memory().allocationAt(address + i) == null) {
                    nobodys(address + i, byteCount, isStore);
                    return false;
                }
                // It was given before anybody watched.
                page.flags[in] |= Page.GIVEN;
            } else if ((flags & FORBIDDEN) != 0) {
                forbidden(address, i, byteCount, flags, isStore);
                return false;
            }
        }
        return true;
    }

    private void nobodys(long at, int byteCount, boolean isStore) {
        world.findings.add(
                Rule.BOUNDS,
                Evidence.POISON,
                "the CPU %s %d bytes at 0x%x%s"
                        .formatted(
                                isStore ? "stored" : "loaded",
                                byteCount,
                                at,
                                at < Page.BYTES ? ": a null pointer" : ", which nobody was given"),
                "cpu0",
                world.sites.here(),
                world.records.lately(4),
                "Set up what a handler uses before it can be called, and check what may be null.");
    }

    private void forbidden(long address, int index, int byteCount, byte flags, boolean isStore) {
        long at = address + index;
        boolean isBounds = (flags & Page.SLACK) != 0;
        @Nullable Step cause = isBounds ? world.values.length(byteCount, index) : null;
        String access = isStore ? "stored" : "loaded";
        String what = isBounds
                ? "the CPU %s %d bytes at 0x%x, %d more than there are"
                        .formatted(access, byteCount, address, byteCount - index)
                : "the CPU %s %d bytes at 0x%x, which %s"
                        .formatted(
                                access, byteCount, at, (flags & Page.POOLED) != 0 ? "its pool has back" : "was freed");
        Rule rule = isBounds
                ? cause != null ? Rule.R85 : Rule.BOUNDS
                : (flags & Page.POOLED) != 0 ? Rule.R59 : Rule.FREED_MEMORY;
        List<Step> life = new ArrayList<>(world.allocated.life(at));
        if (cause != null) {
            life.add(cause);
        }
        world.findings.add(
                rule,
                cause != null ? Evidence.TAINT : Evidence.POISON,
                what,
                "cpu0",
                world.sites.here(),
                life,
                isBounds
                        ? "Check the length against what there is room for."
                        : "Free memory when nobody uses it any more: stop handlers and timers first.");
    }
}
