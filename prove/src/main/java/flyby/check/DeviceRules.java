package flyby.check;

import flyby.bus.AddressType;
import flyby.bus.Transaction;
import flyby.check.Finding.Step;
import flyby.check.Flights.Flight;
import flyby.dma.Dma;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges what devices do: where an access goes when it is made, and what it does when it gets to memory.
final class DeviceRules {
    /// What is read word by word: descriptors, completions, indices.
    private static final int WORDS_BYTES = 256;

    private final World world;
    private final ApiRules api;
    private final CpuRules cpu;
    private final Strays strays;

    DeviceRules(World world, ApiRules api, CpuRules cpu) {
        this.world = world;
        this.api = api;
        this.cpu = cpu;
        strays = new Strays(world, api);
    }

    // At the device.

    /// `device` begins an access, for which software maps by `dma`.
    ///
    /// @param isMaster whether it gets anywhere
    Flight submitted(String device, @Nullable Dma dma, Transaction access, boolean isMaster) {
        boolean isWrite = access.kind() == Transaction.Kind.WRITE;
        if (isWrite) {
            world.publications.acts(device);
        } else {
            world.publications.reads(device, access.iova(), access.byteCount());
        }
        Flight flight = world.flights.begin(
                device,
                isWrite,
                access.iova(),
                access.byteCount(),
                world.now(),
                world.registers.heardBy(device),
                world.publications.seenBy(device));
        if (dma != null && isMaster && access.addressType() == AddressType.UNTRANSLATED) {
            judge(dma, device, access, isWrite);
        }
        return flight;
    }

    private void judge(Dma dma, String device, Transaction access, boolean isWrite) {
        long at = access.iova();
        long end = at + access.byteCount();
        while (at < end || (at < 0 && end >= 0)) {
            Mapping mapping = world.ledger.at(dma, at, isWrite);
            if (mapping == null) {
                strays.judge(dma, device, access, at);
                return;
            }
            mapping.isUsed = true;
            if (!mapping.isChecked) {
                api.unchecked(mapping, mapping.site);
            }
            if (mapping.hasOwners() && !(isWrite ? mapping.direction.isWritten() : mapping.direction.isRead())) {
                against(mapping, device, access, isWrite);
                return;
            }
            long next = Math.min(end, mapping.dmaAddress + mapping.byteCount);
            if (mapping.isCoherent() && pooled(mapping, device, at, next, isWrite)) {
                return;
            }
            at = next;
        }
    }

    private void against(Mapping mapping, String device, Transaction access, boolean isWrite) {
        Found found = world.findings.add(
                Rule.R33,
                Evidence.OWN,
                "the device %s %d bytes at 0x%x of %s%s"
                        .formatted(
                                isWrite ? "wrote" : "read",
                                access.byteCount(),
                                access.iova(),
                                mapping.describe(),
                                purpose(access)),
                device,
                mapping.site,
                mapping,
                "Map with the direction in which the data go over the bus.");
        addTo(found, world.told(access.iova()));
    }

    static String purpose(Transaction access) {
        return access.purpose().isEmpty() ? "" : ": " + access.purpose();
    }

    static void addTo(Found found, List<Step> steps) {
        for (Step step : steps) {
            if (!found.life.contains(step)) {
                found.life.add(step);
            }
        }
    }

    private boolean pooled(Mapping mapping, String device, long from, long end, boolean isWrite) {
        for (long at = from; at < end; at++) {
            long address = mapping.address + (at - mapping.dmaAddress);
            Page page = world.pages.find(address);
            if (page != null && (page.flags[(int) address & Page.MASK] & Page.POOLED) != 0) {
                List<Step> life = new ArrayList<>(world.allocated.life(address));
                CallSite site = life.isEmpty() ? mapping.site : life.getLast().site();
                life.addAll(world.told(from));
                world.findings.add(
                        Rule.R59,
                        Evidence.POISON,
                        "the device %s 0x%x, in a block that its pool has back"
                                .formatted(isWrite ? "wrote" : "read", at),
                        device,
                        site,
                        life,
                        "Free a descriptor when the device can no longer reach it.");
                return true;
            }
        }
        return false;
    }

    // At memory.

    /// What `device` wrote to physical address `at` becomes visible.
    ///
    /// @param isAll whether nothing was judged at the device
    void landed(String device, long at, byte[] bytes, int offset, int byteCount, boolean isAll) {
        int done = 0;
        while (done < byteCount) {
            Mapping mapping = world.ledger.reaching(at + done);
            int count = mapping == null
                    ? (int) Math.min(byteCount - done, Page.BYTES - ((at + done) & Page.MASK))
                    : (int) Math.min(byteCount - done, mapping.reached + mapping.byteCount - (at + done));
            land(
                    mapping,
                    mapping == null ? device : World.name(mapping.dma),
                    at + done,
                    bytes,
                    offset + done,
                    count,
                    isAll);
            done += count;
        }
    }

    private void land(
            @Nullable Mapping mapping, String device, long at, byte[] bytes, int offset, int count, boolean isAll) {
        long address = at;
        if (mapping != null && mapping.address >= 0) {
            address = mapping.address + (at - mapping.reached);
            world.flights.landed(device, mapping.dmaAddress + (at - mapping.reached), count);
        }
        if (mapping == null) {
            astray(device, at, count, isAll);
        } else if (mapping.hasOwners()) {
            freshen(mapping, device, address, count);
        }
        long number = world.records.add(Records.Kind.DEVICE, device, address, 0, count, CallSite.NONE, world.now());
        world.written.put(device, number);
        if (count > WORDS_BYTES || mapping == null || !mapping.isCoherent()) {
            // Data: nobody looks at a part of it to learn of the rest.
            world.pages.write(address, bytes, offset, count, number, 0, Page.CHANGED);
            return;
        }
        for (int i = 0; i < count; i++) {
            Page page = world.pages.make(address + i);
            int in = (int) (address + i) & Page.MASK;
            boolean isSame = (page.flags[in] & Page.KNOWN) != 0 && page.values[in] == bytes[offset + i];
            world.pages.write(address + i, bytes, offset + i, 1, number, Page.CHANGED, isSame ? 0 : Page.CHANGED);
        }
    }

    private void freshen(Mapping mapping, String device, long address, int count) {
        int from = (int) (address - mapping.address);
        boolean isDirty = (Bits.any(mapping.states, from, count) & Mapping.DIRTY) != 0;
        for (int i = from; i < from + count && isDirty; i++) {
            if ((mapping.states[i] & Mapping.DIRTY) != 0) {
                dirty(mapping, device, mapping.address + i, "wrote");
                isDirty = false;
            }
        }
        mapping.isUsed = true;
        mapping.wrote(world.now(), device, from, count);
        Bits.change(mapping.states, from, count, 0, Mapping.FRESH);
    }

    /// The CPU has stored to a byte, and the device has used it before it was given over.
    private void dirty(Mapping mapping, String device, long address, String verb) {
        boolean wasOfCpu = (mapping.states[(int) (address - mapping.address)] & Mapping.OF_CPU) != 0;
        if (world.policy.isMalicious()) {
            return;
        }
        if (!wasOfCpu) {
            world.stored(mapping, address, "and then the device %s it".formatted(verb));
            return;
        }
        Page page = world.pages.make(address);
        Records.Entry store = world.records.find(page.writers[(int) address & Page.MASK]);
        Found found = world.findings.add(
                Rule.R42,
                Evidence.OWN,
                "the device %s byte 0x%x of %s, which the CPU had stored to and not synced"
                        .formatted(verb, address, mapping.describe()),
                device,
                store.site(),
                mapping,
                "Sync for the device after the last store.");
        addTo(found, world.told(mapping.dmaAddress));
        world.lines.tell(found, address);
    }

    /// A write that got to memory that is mapped no longer, or never was.
    private void astray(String device, long at, int count, boolean isAll) {
        Mapping ended = world.ledger.endedReaching(at);
        if (ended != null) {
            strays.afterEnd(ended, device, "wrote %d bytes at physical address 0x%x".formatted(count, at));
        } else if (isAll && world.isKernels(at)) {
            world.findings.add(
                    Rule.R4,
                    Evidence.OWN,
                    "a device wrote %d bytes at physical address 0x%x, where nothing is mapped".formatted(count, at),
                    device,
                    world.lastSite(),
                    world.records.lately(8),
                    "Give the device the address and the length of what was mapped for it.");
        }
    }

    /// `device` has read these bytes at physical address `at`.
    void read(String device, long at, byte[] bytes, int offset, int byteCount) {
        int done = 0;
        while (done < byteCount) {
            Mapping mapping = world.ledger.reaching(at + done);
            int count = mapping == null
                    ? (int) Math.min(byteCount - done, Page.BYTES - ((at + done) & Page.MASK))
                    : (int) Math.min(byteCount - done, mapping.reached + mapping.byteCount - (at + done));
            if (mapping != null && mapping.address >= 0) {
                long from = at + done - mapping.reached;
                String reader = World.name(mapping.dma);
                Flight flight = world.flights.reading(reader, mapping.dmaAddress + from, count);
                compare(mapping, reader, flight, mapping.address + from, bytes, offset + done, count);
            }
            done += count;
        }
    }

    private void compare(
            Mapping mapping,
            String device,
            @Nullable Flight flight,
            long address,
            byte[] bytes,
            int offset,
            int count) {
        mapping.isUsed = true;
        if (mapping.isCoherent()) {
            world.publications.read(mapping, device, flight, address, bytes, offset, count, cpu);
            return;
        }
        int from = (int) (address - mapping.address);
        boolean isDirty = mapping.hasOwners() && (Bits.any(mapping.states, from, count) & Mapping.DIRTY) != 0;
        for (int i = 0; i < count && isDirty; i++) {
            byte state = mapping.states[(int) (address + i - mapping.address)];
            if ((state & Mapping.DIRTY) != 0) {
                dirty(mapping, device, address + i, "read");
                return;
            }
        }
        if (isAsStored(address, bytes, offset, count)) {
            return;
        }
        for (int i = 0; i < count; i++) {
            Page page = world.pages.make(address + i);
            int in = (int) (address + i) & Page.MASK;
            boolean isKnown = (page.flags[in] & (Page.KNOWN | Page.UNDEFINED)) == Page.KNOWN;
            boolean isCpus = world.records.find(page.writers[in]).kind() == Records.Kind.STORE;
            if (isKnown && isCpus && page.values[in] != bytes[offset + i] && !cpu.isPending(address + i)) {
                stale(mapping, device, page, address + i, bytes, offset + i, count - i);
                return;
            }
        }
    }

    private boolean isAsStored(long address, byte[] bytes, int offset, int count) {
        boolean isSame = true;
        for (int done = 0; done < count && isSame; ) {
            Page page = world.pages.make(address + done);
            int in = (int) (address + done) & Page.MASK;
            int part = Math.min(count - done, Page.BYTES - in);
            isSame = Bits.areSame(page.values, in, bytes, offset + done, part);
            done += part;
        }
        return isSame;
    }

    private void stale(Mapping mapping, String device, Page page, long address, byte[] bytes, int offset, int count) {
        int in = (int) address & Page.MASK;
        int length = Math.min(Math.min(count, 16), Page.BYTES - in);
        Records.Entry store = world.records.find(page.writers[in]);
        Found found = world.findings.add(
                Rule.R42,
                Evidence.STALE,
                "the device read an older byte at 0x%x of %s than the CPU had stored"
                        .formatted(address, mapping.describe()),
                device,
                store.site().isKnown() ? store.site() : mapping.site,
                mapping,
                "Sync for the device after the last store, over the whole length.");
        found.bytes(World.hex(page.values, in, length), World.hex(bytes, offset, length));
        world.lines.tell(found, address);
        for (int i = 0; i < length; i++) {
            page.flags[in + i] &= (byte) ~Page.KNOWN;
        }
    }

    /// The device says that its driver breaks its protocol.
    ///
    /// @param cause the register write that it objects to; null if it is none
    void objection(String device, String what, RegisterWrites.@Nullable Write cause) {
        if (world.publications.acts(device)) {
            // It saw a descriptor that was not complete, and says so.
            return;
        }
        world.findings.add(
                Rule.DEVICE_PROTOCOL,
                Evidence.PROTOCOL,
                what,
                device,
                cause == null ? world.lastSite() : cause.site,
                world.records.lately(8),
                "Look at what the device's specification says of it.");
    }
}
