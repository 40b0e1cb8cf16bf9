package flyby.check;

import flyby.check.Finding.Step;
import flyby.coherence.LineWatch;
import java.util.ArrayList;
import java.util.List;

/// What happened to the cached lines of memory that devices share, and what was lost by it.
final class LineStories implements LineWatch {
    private static final int KEPT = 1 << 13;

    /// A report tells so much of a line.
    private static final int TOLD_MAX = 12;

    private final World world;
    private final Event[] events = new Event[KEPT];
    private final long[] addresses = new long[KEPT];
    private final long[] timesPicos = new long[KEPT];
    private long count;
    private int bytesOfLine = 64;
    /// Bytes that the CPU had stored and that an invalidation has thrown away, until it is known who asked for it.
    private final List<Long> discarded = new ArrayList<>();

    LineStories(World world) {
        this.world = world;
    }

    void lineBytes(int byteCount) {
        bytesOfLine = byteCount;
    }

    @Override
    public void line(Event event, long address, byte[] bytes, int offset) {
        Page page = world.pages.find(address);
        if (page == null || !page.isShared) {
            return;
        }
        int slot = (int) count & KEPT - 1;
        events[slot] = event;
        addresses[slot] = address;
        timesPicos[slot] = world.now();
        count++;
        if (world.lineBytes > 1 && event == Event.WRITTEN_BACK) {
            lookForLost(page, address, bytes, offset);
        } else if (world.lineBytes > 1 && event == Event.DISCARDED) {
            lookForDiscarded(page, address, bytes, offset);
        }
    }

    /// A line goes to memory: are there older bytes in it than a device has written there?
    private void lookForLost(Page page, long address, byte[] bytes, int offset) {
        if (page.isBounced) {
            return;
        }
        for (int i = 0; i < bytesOfLine; i++) {
            int in = (int) (address + i) & Page.MASK;
            Records.Entry writer = world.records.find(page.writers[in]);
            boolean isDevices = writer.kind() == Records.Kind.DEVICE && (page.flags[in] & Page.KNOWN) != 0;
            if (isDevices && bytes[offset + i] != page.values[in]) {
                lost(page, address + i, bytes[offset + i]);
                return;
            }
        }
    }

    private void lost(Page page, long address, byte old) {
        int in = (int) address & Page.MASK;
        Mapping mapping = world.ledger.reaching(address);
        CallSite site = mapping == null ? world.lastSite() : mapping.site;
        Found found = world.findings.add(
                Rule.R19,
                Evidence.LOST,
                "a cache wrote a line back over byte 0x%x, which a device had written".formatted(address),
                "a cache",
                site,
                mapping,
                "Sync for the device after the CPU has stored to the buffer, and keep what the CPU stores to out of the"
                        + " buffer's lines.");
        found.bytes(World.hex(page.values, in, 1), World.hex(new byte[] {old}, 0, 1));
        tell(found, address);
        page.flags[in] &= (byte) ~Page.KNOWN;
    }

    private void lookForDiscarded(Page page, long address, byte[] bytes, int offset) {
        for (int i = 0; i < bytesOfLine; i++) {
            int in = (int) (address + i) & Page.MASK;
            boolean isNewest = (page.flags[in] & Page.KNOWN) != 0 && bytes[offset + i] == page.values[in];
            Records.Entry writer = world.records.find(page.writers[in]);
            if (isNewest && writer.kind() == Records.Kind.STORE && (page.flags[in] & Page.UNDEFINED) == 0) {
                discarded.add(address + i);
            }
        }
    }

    /// It is known now for whose sake lines were invalidated: for these bytes, whose content is the device's to write.
    void invalidatedFor(long address, long byteCount, CallSite site) {
        for (long each : discarded) {
            boolean isMeant = each >= address && each - address < byteCount;
            Page page = world.pages.find(each);
            if (!isMeant && page != null) {
                thrownAway(page, each, site);
                break;
            }
        }
        discarded.clear();
    }

    private void thrownAway(Page page, long address, CallSite site) {
        int in = (int) address & Page.MASK;
        Mapping mapping = world.ledger.addressed(address);
        if (mapping != null && mapping.direction.isWritten() && !mapping.isCoherent()) {
            return;
        }
        Records.Entry writer = world.records.find(page.writers[in]);
        Found found = world.findings.add(
                Rule.R19,
                Evidence.LOST,
                "byte 0x%x, which the CPU had stored, was thrown away when a line was invalidated".formatted(address),
                "cpu0",
                site,
                List.of(writer.step()),
                "Let no buffer share its first or last line with something else: align and pad it to"
                        + " dma_get_cache_alignment().");
        found.bytes(World.hex(page.values, in, 1), "");
        tell(found, address);
        page.flags[in] &= (byte) ~Page.KNOWN;
    }

    /// Adds the story of the line of `address` to a finding.
    void tell(Found found, long address) {
        if (!found.story.isEmpty()) {
            return;
        }
        long line = address & -bytesOfLine;
        for (long at = count - 1; at >= 0 && count - at <= KEPT && found.story.size() < TOLD_MAX; at--) {
            int slot = (int) at & KEPT - 1;
            if (addresses[slot] == line) {
                found.story.addFirst(new Step(timesPicos[slot], words(events[slot], line), CallSite.NONE));
            }
        }
    }

    private static String words(Event event, long line) {
        String what = switch (event) {
            case FILLED -> "is brought in by an access";
            case PREFETCHED -> "is brought in by the cache itself";
            case MODIFIED -> "is changed by a store";
            case WRITTEN_BACK -> "is written back to memory";
            case DISCARDED -> "is invalidated, and what was changed in it is lost";
            case DROPPED -> "is invalidated";
        };
        return "line 0x%x %s".formatted(line, what);
    }
}
